package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every memory of used approvals must do. */
public abstract class ApprovalUsesContract {
  protected static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  protected static final MemoryShare ALICE = share("user:alice", 1);
  private static final MemoryShare ALICE_AGAIN = share("user:alice", 2);
  private static final MemoryShare BOB = share("user:bob", 3);

  /** Longer than any memory keeps what has ended. */
  private static final Duration LONG_AFTER = Duration.ofDays(2);

  private volatile Instant time = NOW;
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return time;
        }
      };

  /** The memory of a test, empty at the first call; later calls only change how much it holds. */
  protected abstract ApprovalUses open(int capacity, Clock clock);

  protected final ApprovalUses uses(int capacity) {
    return open(capacity, clock);
  }

  protected final void at(Instant now) {
    time = now;
  }

  @Test
  void claim_again_isRefusedUntilItEnds() {
    ApprovalUses uses = uses(100);

    assertThat(uses.claim(List.of(use("a", 60)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("a", 60)), ALICE)).containsExactly(use("a", 60));
    at(NOW.plusSeconds(59));
    assertThat(uses.claim(List.of(use("a", 60)), BOB)).containsExactly(use("a", 60));
    at(NOW.plusSeconds(60));
    assertThat(uses.claim(List.of(use("a", 60)), ALICE)).containsExactly(use("a", 60));
    assertThat(uses.claim(List.of(use("b", 90)), ALICE)).isEmpty();
  }

  @Test
  void claim_oneOfSeveralUsedBefore_usesNone() {
    ApprovalUses uses = uses(100);
    uses.claim(List.of(use("b", 60)), ALICE);

    assertThat(uses.claim(List.of(use("a", 60), use("b", 60)), ALICE))
        .containsExactly(use("b", 60));
    assertThat(uses.claim(List.of(use("a", 60)), ALICE)).isEmpty();
  }

  @Test
  void claim_severalUses_isRefusedWhenAllAreClaimed() {
    ApprovalUses uses = uses(100);
    for (int i = 0; i < 3; i++) {
      assertThat(uses.claim(List.of(use("a", 60, 3)), i == 0 ? ALICE : BOB)).isEmpty();
    }

    assertThat(uses.claim(List.of(use("a", 60, 3)), ALICE)).containsExactly(use("a", 60, 3));
    assertThat(uses.claim(List.of(use("b", 60, 2), use("a", 60, 3)), ALICE))
        .containsExactly(use("a", 60, 3));
    // What was not claimed with it is as it was.
    assertThat(uses.claim(List.of(use("b", 60, 2)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("b", 60, 2)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("b", 60, 2)), ALICE)).isNotEmpty();
  }

  @Test
  void claim_severalUses_takeTheRoomOfOne() {
    ApprovalUses uses = uses(4);
    for (int i = 0; i < 9; i++) {
      assertThat(uses.claim(List.of(use("a", 60, 10)), ALICE)).isEmpty();
    }
    fill(uses, ALICE, "b", 1);
    assertFull(uses, ALICE, "c");

    assertThat(uses.claim(List.of(use("a", 60, 10)), ALICE)).isEmpty(); // needs no more room
  }

  /** Whoever signs one name twice gets no more by that, and it is kept until the later end. */
  @Test
  void claim_sameNameWithALaterEnd_isKeptUntilThen() {
    ApprovalUses uses = uses(100);
    assertThat(uses.claim(List.of(use("a", 60, 2)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("a", LONG_AFTER.toSeconds() * 2, 2)), ALICE)).isEmpty();
    at(NOW.plus(LONG_AFTER));
    long later = LONG_AFTER.toSeconds() + 60;
    assertThat(uses.claim(List.of(use("b", later)), ALICE)).isEmpty(); // forgets what has ended

    assertThat(uses.claim(List.of(use("a", LONG_AFTER.toSeconds() * 2, 2)), ALICE)).isNotEmpty();
  }

  @Test
  void release_oneOfSeveralUses_givesBackOne() {
    ApprovalUses uses = uses(100);
    for (int i = 0; i < 2; i++) {
      assertThat(uses.claim(List.of(use("a", 60, 2)), ALICE)).isEmpty();
    }

    uses.release(List.of(use("a", 60, 2)));

    assertThat(uses.claim(List.of(use("a", 60, 2)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("a", 60, 2)), ALICE)).isNotEmpty();
  }

  @Test
  void claim_severalUsesByManyThreads_succeedsAsOftenAsThereAre() throws Exception {
    ApprovalUses uses = uses(1000);
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 5; round++) {
        CyclicBarrier start = new CyclicBarrier(threads);
        ApprovalUse wanted = use("a" + round, 60, 3);
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          claims.add(
              () -> {
                start.await();
                return uses.claim(List.of(wanted), ALICE).isEmpty();
              });
        }
        int succeeded = 0;
        for (Future<Boolean> claim : pool.invokeAll(claims)) {
          succeeded += claim.get() ? 1 : 0;
        }
        assertThat(succeeded).isEqualTo(3);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void known_neverNamesWhatWasNotUsed() {
    ApprovalUses uses = uses(100);
    uses.claim(List.of(use("a", 60)), ALICE);

    assertThat(uses.known(List.of(use("b", 60)))).isEmpty();
    assertThat(uses.claim(List.of(use("b", 60)), ALICE)).isEmpty();
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    ApprovalUses uses = uses(4);
    fill(uses, ALICE, "a", 2);
    fill(uses, BOB, "b", 1);
    fill(uses, share("user:carol", 4), "c", 1);

    assertFull(uses, share("user:dave", 5), "d");
    assertThat(uses.claim(List.of(use("a0", 60)), ALICE)).isNotEmpty();

    at(NOW.plus(LONG_AFTER));
    assertThat(uses.claim(List.of(use("d", LONG_AFTER.toSeconds() + 60)), ALICE)).isEmpty();
  }

  @Test
  void claim_oneDelegatorAlone_leavesHalfForWhoeverComesNext() {
    ApprovalUses uses = uses(16);
    fill(uses, ALICE, "a", 8);

    assertFull(uses, ALICE, "a8");
    fill(uses, ALICE_AGAIN, "again", 1); // it has none yet
    assertFull(uses, ALICE_AGAIN, "a8");
    fill(uses, BOB, "b", 2); // of the 5 that Bob may have, half for each of his first two blocks
    assertFull(uses, BOB, "b2");
    fill(uses, share("user:bob", 4), "c", 1);
    assertFull(uses, ALICE, "a8");
  }

  @Test
  void claim_oneAuthorityBlockOfADelegator_leavesPartOfItsShareForTheOthers() {
    ApprovalUses uses = uses(24);
    fill(uses, BOB, "b", 10);
    fill(uses, ALICE, "a", 4); // half of the 8 that Alice may have

    assertFull(uses, ALICE, "a4");
    fill(uses, ALICE_AGAIN, "c", 2);
  }

  @Test
  void claim_severalAtOnce_areAllOrNoneOfTheShare() {
    ApprovalUses uses = uses(8);
    fill(uses, ALICE, "a", 3);

    assertThatThrownBy(() -> uses.claim(List.of(use("b", 60), use("c", 60)), ALICE))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_FULL));
    fill(uses, ALICE, "b", 1);
  }

  @Test
  void release_givesBackWhatWasClaimedAndItsRoom() {
    ApprovalUses uses = uses(4);
    fill(uses, ALICE, "a", 1);
    assertThat(uses.claim(List.of(use("b", 60)), ALICE)).isEmpty();
    assertFull(uses, ALICE, "c");

    uses.release(List.of(use("b", 60)));

    assertThat(uses.claim(List.of(use("b", 60)), ALICE)).isEmpty();
    assertThat(uses.claim(List.of(use("a0", 60)), ALICE)).isNotEmpty();
  }

  @Test
  void claim_byManyThreads_succeedsOnce() throws Exception {
    ApprovalUses uses = uses(1000);
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 10; round++) {
        CyclicBarrier start = new CyclicBarrier(threads);
        ApprovalUse a = use("a" + round, 60);
        ApprovalUse b = use("b" + round, 60);
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          // In both orders: whoever waits for one must not hold the other.
          List<ApprovalUse> both = i % 2 == 0 ? List.of(a, b) : List.of(b, a);
          claims.add(
              () -> {
                start.await();
                return uses.claim(both, ALICE).isEmpty();
              });
        }
        int succeeded = 0;
        for (Future<Boolean> claim : pool.invokeAll(claims)) {
          succeeded += claim.get() ? 1 : 0;
        }
        assertThat(succeeded).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  protected static void fill(ApprovalUses uses, MemoryShare share, String name, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(uses.claim(List.of(use(name + i, 60)), share)).isEmpty();
    }
  }

  protected static void assertFull(ApprovalUses uses, MemoryShare share, String name) {
    assertThatThrownBy(() -> uses.claim(List.of(use(name, 60)), share))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_FULL));
  }

  protected static MemoryShare share(String delegator, int authority) {
    return MemoryShare.of(delegator, new byte[] {(byte) authority});
  }

  protected static ApprovalUse use(String id, long seconds) {
    return use(id, seconds, 1);
  }

  protected static ApprovalUse use(String id, long seconds, int most) {
    return new ApprovalUse(id, NOW.plusSeconds(seconds), most);
  }
}
