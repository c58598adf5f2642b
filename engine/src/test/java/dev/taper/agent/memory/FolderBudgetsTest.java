package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBudgetsTest extends SharedBudgetsContract {
  private static final Budgets.Charge CHARGE = new Budgets.Charge("a".repeat(64), 1, 1, null);

  @TempDir private Path parent;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(Budgets.inFolder(Path.of(address)));
    }
  }

  private Path folder() {
    return parent.resolve("used");
  }

  @Override
  protected Budgets open(int capacity) {
    return new FolderBudgets(folder(), capacity);
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), folder().toString());
  }

  @Override
  protected int callsOfThread() {
    return 100;
  }

  @Test
  void charge_newFolder_onlyItsOwnerCanEnter() throws IOException {
    open(10).charge(List.of(CHARGE), SHARE, NOON);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "something else",
        "taper/1 budget a b 0",
        "taper/1 budget a b 0 0",
        "taper/1 budget a b 0 0 0 x",
        "taper/1 budget a b 0 0 0",
        "taper/1 budget a b 0 0 1 1",
        "taper/1 budget a b 0 0 0 -1",
        "taper/1 budget a b 0 61 1 1",
        "taper/1 budget a b 60000 -1 1 1",
        "taper/1 budget a b 0 0 0 9223372036854775807 0 1",
      })
  void charge_damagedCounter_isRefused(String contents) throws IOException {
    Budgets budgets = open(10);
    budgets.charge(List.of(CHARGE), SHARE, NOON);
    Files.writeString(folder().resolve("budgets").resolve(CHARGE.counter()), contents);

    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        "is damaged",
        () -> budgets.charge(List.of(CHARGE), SHARE, NOON));
  }

  @Test
  void charge_counterOfAnotherVersion_isRefusedAndSaysSo() throws IOException {
    Budgets budgets = open(10);
    budgets.charge(List.of(CHARGE), SHARE, NOON);
    Path counter = folder().resolve("budgets").resolve(CHARGE.counter());
    Files.writeString(counter, "taper/2 budget a b 0 0 0 1");

    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        "was written by another version",
        () -> budgets.charge(List.of(CHARGE), SHARE, NOON));
  }

  @Test
  void charge_folderThatCannotBeMade_isUnavailable() throws IOException {
    Files.writeString(folder(), "a file");

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> open(10).charge(List.of(CHARGE), SHARE, NOON));
  }

  /** Or each call with a new counter, also one that is refused, costs as much as all counters. */
  @Test
  void charge_overHalfFull_readsNoOtherCounterTwiceBeforeItCanHaveEnded() throws IOException {
    Budgets budgets = open(12);
    Budgets.Charge daily = new Budgets.Charge("b".repeat(64), 1, 1, Duration.ofDays(1));
    budgets.charge(List.of(CHARGE, daily), SHARE, NOON);
    for (int number = 0; number < 5; number++) {
      charge(budgets, number, NOON);
    }
    Path counters = folder().resolve("budgets");
    for (Budgets.Charge unread : List.of(CHARGE, daily)) {
      Files.writeString(counters.resolve(unread.counter()), "damaged");
    }

    charge(budgets, 5, NOON);
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE, () -> charge(budgets, 6, NOON.plus(Duration.ofDays(2))));
  }

  /** Or each call of who has used up its share costs as much as to look at all counters. */
  @Test
  void charge_shareUsedUpAMomentAgo_isRefusedWithoutLooking() throws IOException {
    for (int number = 0; number < 10; number++) {
      Budgets.Charge charge = new Budgets.Charge(String.format("%064x", number), 1, 1, null);
      assertThat(open(12).charge(List.of(charge), SHARE, NOON)).isInstanceOf(Budgets.Charged.class);
    }
    Budgets budgets = open(12);
    Refused.with(ErrorCode.BUDGETS_FULL, () -> budgets.charge(List.of(CHARGE), SHARE, NOON));
    for (int number = 0; number < 10; number++) {
      Files.delete(folder().resolve("budgets").resolve(String.format("%064x", number)));
    }

    Instant next = NOON.plus(Duration.ofSeconds(9));
    Refused.with(ErrorCode.BUDGETS_FULL, () -> budgets.charge(List.of(CHARGE), SHARE, next));
    charge(budgets, 17, next);
    assertThat(budgets.charge(List.of(CHARGE), SHARE, NOON.plus(Duration.ofSeconds(10))))
        .isInstanceOf(Budgets.Charged.class);
  }

  /** Or each call with a new counter costs as much as to look at all of them. */
  @Test
  void charge_newCounters_looksAtTheOthersOnlyNowAndThen() throws IOException {
    Budgets budgets = open(100);
    charge(budgets, 0, NOON);
    for (int number = 1; number < 60; number++) {
      charge(open(100), number, NOON);
    }
    Path damaged = folder().resolve("budgets").resolve(String.format("%064x", 1));
    byte[] before = Files.readAllBytes(damaged);
    Files.writeString(damaged, "damaged");

    charge(budgets, 60, NOON.plus(Duration.ofSeconds(9)));
    Instant next = NOON.plus(Duration.ofSeconds(10));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(budgets, 61, next));
    Files.write(damaged, before);
    charge(budgets, 61, next); // looks at all, of which more than half of the room is full
    Files.writeString(folder().resolve("budgets").resolve("f".repeat(64)), "damaged");
    charge(budgets, 62, next.plus(Duration.ofSeconds(9)));
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE, () -> charge(budgets, 63, next.plus(Duration.ofSeconds(10))));
  }

  @Test
  void charge_countersDeleted_isRefusedUntilAllIsBegunAnew() throws IOException {
    Budgets budgets = open(10);
    Budgets.Charge other = new Budgets.Charge("b".repeat(64), 1, 1, null);
    budgets.charge(List.of(CHARGE, other), SHARE, NOON);
    Path counters = folder().resolve("budgets");
    Files.delete(counters.resolve(CHARGE.counter()));

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(CHARGE), SHARE, NOON));
    Files.delete(counters.resolve(other.counter()));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> open(10).charge(List.of(other), SHARE, NOON));
    Files.delete(counters);
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(other), SHARE, NOON));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> open(10).charge(List.of(other), SHARE, NOON));
    Files.delete(folder().resolve("budgets.begun"));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(other), SHARE, NOON));
    assertThat(open(10).charge(List.of(other), SHARE, NOON)).isInstanceOf(Budgets.Charged.class);
  }

  /** What was dropped because nothing of it counts was not deleted by somebody. */
  @Test
  void charge_counterDroppedByAnotherProcess_isNew() throws IOException {
    Budgets budgets = open(4);
    Budgets.Charge daily = new Budgets.Charge("b".repeat(64), 1, 1, Duration.ofDays(1));
    budgets.charge(List.of(daily), SHARE, NOON);
    Instant later = NOON.plus(Duration.ofDays(2));
    Budgets another = open(4);
    for (int number = 0; number < 2; number++) {
      charge(another, number, later);
    }
    assertThat(folder().resolve("budgets").resolve(daily.counter())).doesNotExist();

    assertThat(budgets.charge(List.of(daily), SHARE, later)).isInstanceOf(Budgets.Charged.class);
  }

  /** Who was dropped says nothing of the others. */
  @Test
  void charge_counterDeletedAfterAnotherWasDropped_isRefused() throws IOException {
    Budgets budgets = open(6);
    Budgets.Charge hourly = new Budgets.Charge("b".repeat(64), 1, 1, Duration.ofHours(1));
    Budgets.Charge daily = new Budgets.Charge("c".repeat(64), 1, 1, Duration.ofDays(1));
    budgets.charge(List.of(CHARGE, hourly, daily), SHARE, NOON);
    Instant later = NOON.plus(Duration.ofHours(2));
    charge(budgets, 0, later);
    Path counters = folder().resolve("budgets");
    assertThat(counters.resolve(hourly.counter())).doesNotExist();

    for (Budgets.Charge deleted : List.of(CHARGE, daily)) {
      Files.delete(counters.resolve(deleted.counter()));
      Refused.with(
          ErrorCode.BUDGET_UNAVAILABLE,
          "was deleted",
          () -> budgets.charge(List.of(deleted), SHARE, later));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwxr-xrwx"})
  void charge_folderThatOthersCanChange_isUnavailable(String rights) throws IOException {
    Files.createDirectory(folder());
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString(rights));

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> open(10).charge(List.of(CHARGE), SHARE, NOON));
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(open(10).charge(List.of(CHARGE), SHARE, NOON)).isInstanceOf(Budgets.Charged.class);
  }

  /** Charges a new counter of another delegator. */
  private static void charge(Budgets budgets, int number, Instant now) {
    Budgets.Charge charge = new Budgets.Charge(String.format("%064x", number), 1, 1, null);
    MemoryShare share = MemoryShare.of("user:" + number, new byte[] {2});
    assertThat(budgets.charge(List.of(charge), share, now)).isInstanceOf(Budgets.Charged.class);
  }

  @Test
  void fill_afterACharge_isKnown() {
    Budgets budgets = open(10);
    assertThat(budgets.fill()).isNull();
    budgets.charge(List.of(CHARGE), SHARE, NOON);

    assertThat(budgets.fill()).isEqualTo(new Fill(1, 10));
  }
}
