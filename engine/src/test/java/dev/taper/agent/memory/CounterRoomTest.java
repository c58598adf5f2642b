package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The room for counters in a folder, as several processes use it up. */
class CounterRoomTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  private static String counter(int number) {
    return String.format("%064x", number);
  }

  private Path file(int number) {
    return folder.resolve("budgets").resolve(counter(number));
  }

  private static void charge(
      Budgets budgets, int number, String delegator, @Nullable Duration window, Instant now) {
    Budgets.Charge charge = new Budgets.Charge(counter(number), 1, 1, window);
    assertThat(budgets.charge(List.of(charge), MemoryShare.of(delegator, new byte[] {1}), now))
        .isInstanceOf(Budgets.Charged.class);
  }

  private static void charge(Budgets budgets, int number, String delegator) {
    charge(budgets, number, delegator, null, NOON);
  }

  private static void assertFull(Budgets budgets, int number, String delegator, Instant now) {
    Refused.with(ErrorCode.BUDGETS_FULL, () -> charge(budgets, number, delegator, null, now));
  }

  /** Charges new counters, each of another delegator. */
  private static void chargeAll(Budgets budgets, int from, int end) {
    for (int number = from; number < end; number++) {
      charge(budgets, number, "user:" + number);
    }
  }

  /** Or processes that do not see each other's counters make more than there is room for. */
  @Test
  void take_sixteenthOfWhatWasFree_countsWhatOthersMade() {
    Budgets mine = new FolderBudgets(folder, 64);
    Budgets others = new FolderBudgets(folder, 64);

    chargeAll(others, 0, 16);
    chargeAll(mine, 16, 17); // one of sixteen that are left up to half
    assertThat(mine.fill()).isEqualTo(new Fill(17, 64));
    chargeAll(others, 17, 18);
    chargeAll(mine, 18, 19);
    assertThat(mine.fill()).isEqualTo(new Fill(19, 64));

    chargeAll(others, 19, 40);
    chargeAll(mine, 40, 41); // one of 24 that are left
    assertThat(mine.fill()).isEqualTo(new Fill(41, 64));
    chargeAll(others, 41, 42);
    chargeAll(mine, 42, 43);
    assertThat(mine.fill()).isEqualTo(new Fill(43, 64));
  }

  @Test
  void take_upToHalf_readsNoOtherCounter() throws IOException {
    Budgets mine = new FolderBudgets(folder, 10);
    chargeAll(new FolderBudgets(folder, 10), 0, 4);
    Files.writeString(file(0), "damaged");

    chargeAll(mine, 4, 5);
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> chargeAll(mine, 5, 6));
  }

  @Test
  void take_someHaveEnded_countsTheOthers() {
    Budgets others = new FolderBudgets(folder, 10);
    for (int number = 0; number < 4; number++) {
      charge(others, number, "user:" + number, Duration.ofHours(1), NOON);
    }
    charge(others, 4, "user:4");

    Budgets mine = new FolderBudgets(folder, 10);
    charge(mine, 5, "user:5", null, NOON.plus(Duration.ofHours(2)));

    assertThat(mine.fill()).isEqualTo(new Fill(2, 10));
  }

  /** What a process takes until it looks again counts in its shares. */
  @Test
  void take_severalWithoutLooking_keepsToTheShare() {
    Budgets others = new FolderBudgets(folder, 96);
    for (int number = 0; number < 48; number++) {
      charge(others, number, number < 18 ? "user:bob" : "user:alice");
    }

    Budgets mine = new FolderBudgets(folder, 96);
    charge(mine, 48, "user:alice"); // her 31st of 32: a third
    charge(mine, 49, "user:alice");
    assertFull(mine, 50, "user:alice", NOON);
  }

  /** Or two who ask in turn make each call look at all files. */
  @Test
  void take_twoSharesUsedUpAMomentAgo_areBothRefusedWithoutLooking() throws IOException {
    Budgets others = new FolderBudgets(folder, 12);
    for (int number = 0; number < 8; number++) {
      charge(others, number, number < 4 ? "user:alice" : "user:bob");
    }
    Budgets mine = new FolderBudgets(folder, 12);
    assertFull(mine, 8, "user:alice", NOON);
    assertFull(mine, 8, "user:bob", NOON);
    for (int number = 0; number < 8; number++) {
      Files.delete(file(number));
    }

    Instant next = NOON.plus(Duration.ofSeconds(9));
    assertFull(mine, 8, "user:alice", next);
    assertFull(mine, 8, "user:bob", next);
    charge(mine, 8, "user:alice", null, NOON.plus(Duration.ofSeconds(10)));
  }
}
