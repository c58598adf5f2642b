package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memories in a server, where no jar is beside this one that can use it. */
class SharedSettingTest {
  private static final String ADDRESS = "valkey://taper@localhost:7000?name=jira";

  @TempDir Path folder;

  private TaperConfig config(String... lines) {
    String text =
        "audience: svc:jira\nroot-keys: "
            + PrivateKey.generate(Algorithm.ED25519).publicKey()
            + "\nrevocations: none\ncatalog: none\n"
            + String.join("\n", lines);
    return TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay-memory: ", "approval-uses: ", "budgets.acme: "})
  void open_nothingToUseItWith_isRefusedAndMakesNoFolder(String setting) {
    String line =
        setting.startsWith("budgets")
            ? "budgets: {acme: \"" + ADDRESS + "\"}"
            : setting + '"' + ADDRESS + '"';

    assertThatThrownBy(() -> config(line).open())
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "only services can use valkey://...@localhost:7000, with taper-valkey on their class"
                + " path");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void check_nothingToUseItWith_saysThatItWasNotLookedAt() {
    Checkup checkup = new Checkup();

    config("replay-memory: \"" + ADDRESS + '"').check(checkup);

    assertThat(checkup.observations().toString())
        .contains("not_looked_at", "only services can use it");
  }

  @Test
  void revocations_inAServer_needItsJarAndAreSaidToComeAtOnce() {
    String text =
        "audience: svc:jira\nroot-keys: KEY\ncatalog: none\nrevocations: {list: \"ADDRESS\", keys: KEY, memory: none}"
            .replace("KEY", PrivateKey.generate(Algorithm.ED25519).publicKey().toString())
            .replace("ADDRESS", ADDRESS);
    TaperConfig listed =
        TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()));
    assertThat(listed.explain().toString())
        .contains("valkey://...@localhost:7000", "fetched as soon as a new one is published");
    Checkup checkup = new Checkup();
    listed.check(checkup);
    assertThat(checkup.observations().toString()).contains("not_looked_at");
    assertThatThrownBy(listed::open).hasMessageContaining("with taper-valkey on their class path");
    String revoking =
        text + "\nfindings: {revoke: [replays], revoke-key: a.key, held-back: held.keys}";
    assertThatThrownBy(
            () ->
                TaperConfig.parse(
                    "service.yaml", revoking, new Workplace(folder, Clock.systemUTC())))
        .hasMessageContaining("revoking needs a list in a file or a database");
  }

  @Test
  void explain_store_saysForWhomWithoutWhoSignsIn() {
    assertThat(config("replay-memory: \"" + ADDRESS + '"').explain().toString())
        .contains("for all that share valkey://...@localhost:7000")
        .doesNotContain("taper@");
  }

  @Test
  void read_whatAStoreCannotHave_isRefused() {
    assertThatThrownBy(() -> config("replay-memory: rediss://a", "replay-bytes: 100000"))
        .hasMessageContaining("a database has no replay-bytes");
  }

  @Test
  void budgetPlaces_store_isNoFolder() {
    assertThat(Stores.budgetPlaces(List.of("acme=" + ADDRESS)).get("acme"))
        .isEqualTo(new Place.Shared(ADDRESS));
  }
}
