package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.KeptFiles;
import dev.taper.testing.ValkeyServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stores that earlier versions wrote remember all, and go on. */
@Timeout(120)
class KeptFilesTest {
  /** Where the server keeps what it was told, as a text of commands. */
  private static final String FOLDER = "appendonlydir";

  private static final List<String> SETTINGS = new ArrayList<>(ValkeyServer.DURABLE);

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});
  private static final ReplayMemory.Use PROOF = proof("ab");
  private static final ApprovalUses.Use APPROVAL =
      new ApprovalUses.Use("cd".repeat(32), NOON.plusSeconds(3600), 2);
  private static final byte[] SNAPSHOT = "a snapshot".getBytes(StandardCharsets.UTF_8);
  private static final byte[] DELTA = "a delta".getBytes(StandardCharsets.UTF_8);

  static {
    SETTINGS.addAll(List.of("--aof-use-rdb-preamble", "no"));
  }

  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptFilesTest::write);
  }

  private static void write(Path kept) throws Exception {
    Path folder = Files.createTempDirectory("kept");
    try (ValkeyServer server = ValkeyServer.start(folder, SETTINGS);
        ValkeyStore store = open(server)) {
      store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
      assertThat(store.replayMemory().claim(PROOF, SHARE, NOON)).isTrue();
      assertThat(store.approvalUses().claim(List.of(APPROVAL), SHARE, NOON)).isEmpty();
      assertThat(store.budgets().charge(List.of(charge(3)), SHARE, NOON))
          .isInstanceOf(Budgets.Charged.class);
      try (ValkeyLists lists = ValkeyLists.at(server.address("kept"))) {
        lists.publishSnapshot(SNAPSHOT, 7);
        lists.publishDelta(DELTA, 7, 8);
      }
    }
    KeptFiles.copy(folder.resolve(FOLDER), Files.createDirectories(kept.resolve(FOLDER)));
  }

  private static ValkeyStore open(ValkeyServer server) {
    return ValkeyStore.at(server.address("kept")).clock(Clock.fixed(NOON, ZoneOffset.UTC)).open();
  }

  private static ReplayMemory.Use proof(String digits) {
    return new ReplayMemory.Use(digits.repeat(32), NOON, NOON.plusSeconds(60));
  }

  private static Budgets.Charge charge(long amount) {
    return new Budgets.Charge("ef".repeat(32), amount, 5, null);
  }

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void open_keptStore_remembersAllAndGoesOn(Path kept) throws Exception {
    KeptFiles.copy(kept, folder);
    try (ValkeyServer server = ValkeyServer.start(folder, SETTINGS);
        ValkeyStore store = open(server)) {
      assertThat(store.problem()).isNull();
      ReplayMemory proofs = store.replayMemory();
      assertThat(proofs.claim(PROOF, SHARE, NOON)).as("a used proof").isFalse();
      assertThat(proofs.claim(proof("ac"), SHARE, NOON)).isTrue();
      assertThat(proofs.claim(proof("ac"), SHARE, NOON)).isFalse();

      ApprovalUses uses = store.approvalUses();
      assertThat(uses.claim(List.of(APPROVAL), SHARE, NOON)).as("one use is left").isEmpty();
      assertThat(uses.claim(List.of(APPROVAL), SHARE, NOON)).containsExactly(APPROVAL);

      Budgets budgets = store.budgets();
      assertThat(budgets.charge(List.of(charge(3)), SHARE, NOON))
          .isEqualTo(new Budgets.Exhausted(0, 2));
      assertThat(budgets.charge(List.of(charge(2)), SHARE, NOON))
          .isInstanceOf(Budgets.Charged.class);
      lists(server);
    }
  }

  private static void lists(ValkeyServer server) throws IOException {
    try (ValkeyLists lists = ValkeyLists.at(server.address("kept"))) {
      assertThat(lists.has(8)).isTrue();
      assertThat(Objects.requireNonNull(lists.fetch(null, 7)).lists()).hasBinaryContent(DELTA);
      lists.publishDelta(DELTA, 8, 9);
      assertThat(lists.has(9)).isTrue();
    }
  }
}
