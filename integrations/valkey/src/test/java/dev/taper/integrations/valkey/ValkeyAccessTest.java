package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.Refused;
import dev.taper.testing.ValkeyServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user that docs/valkey.md says can do all that a service needs, and nothing else. */
class ValkeyAccessTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Path PAGE = Path.of("..", "..", "docs", "valkey.md");
  private static final String PASSWORD = "correct-horse";

  @TempDir Path folder;

  private static String setUser() throws Exception {
    Matcher matcher = Pattern.compile("ACL SETUSER taper [^`]*").matcher(Files.readString(PAGE));
    assertThat(matcher.find()).as("the page says how to make the user").isTrue();
    return matcher.group().strip().replace("PASSWORD", PASSWORD).replaceAll("\\s+", " ");
  }

  private String address(ValkeyServer server) {
    return "valkey://taper@127.0.0.1:" + server.port() + "?name=jira&password-file=password";
  }

  private void password(String text) throws Exception {
    Path file = folder.resolve("password");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void user_ofThePage_canDoAllThatIsNeeded() throws Exception {
    try (ValkeyServer server = ValkeyServer.start(folder, ValkeyServer.DURABLE)) {
      assertThat(server.tell(setUser())).isEqualTo("+OK");
      password(PASSWORD + "\n");
      try (ValkeyStore store =
          ValkeyStore.at(address(server), folder).capacity(ValkeyStore.Memory.PROOFS, 4).open()) {
        store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
        useAll(store);
      }
      assertThat(server.tell("DEL {taper:jira}:proof:ends")).isEqualTo(":1");
      try (ValkeyStore store = ValkeyStore.at(address(server), folder).open()) {
        Instant now = NOW.plusSeconds(3700);
        ReplayMemory.Use use = proof(9, now);
        Refused.with(
            ErrorCode.REPLAY_CACHE_UNAVAILABLE,
            () -> store.replayMemory().claim(use, ALICE, now)); // some of it is missing
        while (store.problem() != null) {
          Thread.onSpinWait();
        }
        Refused.with(
            ErrorCode.REPLAY_CACHE_UNAVAILABLE,
            "may have lost what was kept of used proofs",
            () -> store.replayMemory().claim(use, ALICE, now));
      }
    }
  }

  private static void useAll(ValkeyStore store) {
    ReplayMemory memory = store.replayMemory();
    for (int i = 0; i < 3; i++) { // of four, as nobody else is there
      assertThat(memory.claim(proof(i, NOW), ALICE, NOW)).isTrue();
    }
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> memory.claim(proof(3, NOW), ALICE, NOW));
    Instant later = NOW.plusSeconds(3600);
    assertThat(memory.claim(proof(4, later), ALICE, later)).isTrue(); // forgets
    ApprovalUses.Use approval = ApprovalUses.Use.once("b".repeat(64), NOW.plusSeconds(60));
    assertThat(store.approvalUses().claim(List.of(approval), ALICE, NOW)).isEmpty();
    store.approvalUses().release(List.of(approval));
    Budgets.Charge charge = new Budgets.Charge("c".repeat(64), 1, 1, null);
    Budgets budgets = store.budgets();
    budgets.giveBack((Budgets.Charged) budgets.charge(List.of(charge), ALICE, NOW));
    assertThat(budgets.look(List.of(charge), NOW)).isNull();
  }

  private static ReplayMemory.Use proof(int number, Instant issuedAt) {
    return new ReplayMemory.Use(String.format("%064x", number), issuedAt, issuedAt.plusSeconds(60));
  }

  @Test
  void password_thatIsWrong_isUnavailableAndNotShown() throws Exception {
    try (ValkeyServer server = ValkeyServer.start(folder, ValkeyServer.DURABLE)) {
      assertThat(server.tell(setUser())).isEqualTo("+OK");
      password("wrong-horse");
      try (ValkeyStore store = ValkeyStore.at(address(server), folder).open()) {
        String message =
            Refused.with(
                ErrorCode.REPLAY_CACHE_UNAVAILABLE,
                "cannot be reached",
                () -> store.replayMemory().claim(proof(1, NOW), ALICE, NOW));
        assertThat(message).doesNotContain("horse");

        password(PASSWORD); // it is read anew
        while (store.problem() != null) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
