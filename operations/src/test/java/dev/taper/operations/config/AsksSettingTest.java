package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.approval.Asks.Kept;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Workplace;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a configured service keeps asks. */
class AsksSettingTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Ask ASK =
      new Ask(
          "a".repeat(64),
          MemoryShare.of("user:alice@acme.com", new byte[1]),
          NOW.plusSeconds(60),
          "{}",
          0);

  @TempDir Path folder;

  private TaperConfig config(String... lines) throws IOException {
    Files.writeString(folder.resolve("catalog.json"), ToolCatalog.of("svc:jira").build().toJson());
    String text =
        "audience: svc:jira\nroot-keys: "
            + PrivateKey.generate(Algorithm.ED25519).publicKey()
            + "\nrevocations: none\n"
            + String.join("\n", lines);
    return TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()));
  }

  @Test
  void asks_notSet_areNotKept() throws IOException {
    try (ConfiguredVerifier service = config("catalog: catalog.json").open()) {
      assertThat(service.asks()).isNull();
    }
  }

  @Test
  void asks_inMemory_areLostAtTheEnd() throws IOException {
    TaperConfig config = config("catalog: catalog.json", "asks: memory");
    assertThat(config.explain().toString()).contains("lost at a restart");
    try (ConfiguredVerifier service = config.open()) {
      assertThat(asks(service).add(ASK, NOW)).isEqualTo(Kept.YES);
      assertThat(asks(service).find(ASK.name(), NOW)).isEqualTo(ASK);
    }
    try (ConfiguredVerifier service = config.open()) {
      assertThat(asks(service).find(ASK.name(), NOW)).isNull();
    }
  }

  @Test
  void asks_inADatabase_areSharedUntilItIsClosed() throws IOException {
    TaperConfig config = config("catalog: catalog.json", "asks: sqlite:asks.db");
    Asks first;
    try (ConfiguredVerifier one = config.open();
        ConfiguredVerifier other = config.open()) {
      first = asks(one);
      assertThat(first.add(ASK, NOW)).isEqualTo(Kept.YES);
      assertThat(asks(other).replace(ASK.changed("[]"), NOW)).isEqualTo(Kept.YES);
      assertThat(first.find(ASK.name(), NOW)).isEqualTo(ASK.changed("[]"));
    }
    Refused.with(ErrorCode.DATABASE_FAILED, () -> first.find(ASK.name(), NOW));
  }

  private static Asks asks(ConfiguredVerifier service) {
    return Objects.requireNonNull(service.asks());
  }

  @Test
  void asks_elsewhere_areRefused() {
    assertThatThrownBy(() -> config("catalog: catalog.json", "asks: folder"))
        .hasMessageContaining("asks are kept in memory or in a database");
    assertThatThrownBy(() -> config("catalog: catalog.json", "asks: valkey://localhost"))
        .hasMessageContaining("asks are kept in memory or in a database");
    assertThatThrownBy(() -> config("catalog: catalog.json", "asks: https://x/y"))
        .hasMessageContaining("not a URL");
    assertThatThrownBy(() -> config("catalog: none", "asks: memory"))
        .hasMessageContaining("asks are made by a catalog");
  }
}
