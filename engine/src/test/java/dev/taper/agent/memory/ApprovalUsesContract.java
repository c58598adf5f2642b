package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
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

  /** Room for everything that a race is about. */
  protected static final int MUCH = 1 << 20;

  private static final int CALLS = 3;

  private Instant now = NOW;

  /** The memory of a test, which is empty. */
  protected abstract ApprovalUses open(int capacity);

  /** The class that opens the memory in another process, and its address; none if none can. */
  List<String> elsewhere() {
    return List.of();
  }

  /** How many approvals are raced for. */
  protected abstract int raced();

  /** Claims from a memory, each number as many times as {@link #numbered} says. */
  protected static ContractClaims.Claimer claimer(ApprovalUses uses) {
    return number -> uses.claim(List.of(numbered(number)), ALICE, NOW).isEmpty();
  }

  final Set<ApprovalUses.Use> claim(
      ApprovalUses uses, MemoryShare share, ApprovalUses.Use... wanted) {
    return uses.claim(List.of(wanted), share, now);
  }

  @Test
  void claim_again_isRefusedUntilItEnds() {
    ApprovalUses uses = open(100);

    assertThat(claim(uses, ALICE, use("a", 60))).isEmpty();
    assertThat(claim(uses, ALICE, use("a", 60))).containsExactly(use("a", 60));
    now = NOW.plusSeconds(59);
    assertThat(claim(uses, BOB, use("a", 60))).containsExactly(use("a", 60));
    now = NOW.plusSeconds(60);
    assertThat(claim(uses, ALICE, use("a", 60))).containsExactly(use("a", 60));
    assertThat(claim(uses, ALICE, use("b", 60))).containsExactly(use("b", 60));
    assertThat(claim(uses, ALICE, use("c", 90))).isEmpty();
  }

  @Test
  void claim_goodForSeveralCalls_isRefusedAfterThem() {
    ApprovalUses uses = open(4);
    ApprovalUses.Use thrice = new ApprovalUses.Use(use("a", 60).id(), NOW.plusSeconds(60), CALLS);

    for (int i = 0; i < CALLS; i++) {
      assertThat(claim(uses, ALICE, thrice)).isEmpty();
    }
    assertThat(claim(uses, ALICE, thrice)).containsExactly(thrice);
    assertThat(claim(uses, ALICE, use("b", 60))).as("they take one place").isEmpty();
    uses.release(List.of(thrice));
    assertThat(claim(uses, ALICE, thrice)).isEmpty();
    assertThat(claim(uses, ALICE, thrice)).containsExactly(thrice);
  }

  /** An approver that signs one name twice gives no more calls by that. */
  @Test
  void claim_sameNameWithALaterEnd_isCountedUntilThen() {
    ApprovalUses uses = open(100);
    Instant later = NOW.plus(LONG_AFTER.multipliedBy(2));
    ApprovalUses.Use twice = new ApprovalUses.Use(use("a", 60).id(), NOW.plusSeconds(60), 2);
    ApprovalUses.Use longer = new ApprovalUses.Use(twice.id(), later, 2);
    assertThat(claim(uses, ALICE, twice)).isEmpty();
    assertThat(claim(uses, ALICE, longer)).isEmpty();

    now = NOW.plus(LONG_AFTER);
    assertThat(claim(uses, ALICE, use("b", LONG_AFTER.toSeconds() + 60))).isEmpty();
    assertThat(claim(uses, ALICE, longer)).containsExactly(longer);
  }

  @Test
  void claim_usedAgainWhenFull_needsNoMoreRoom() {
    ApprovalUses uses = open(4);
    ApprovalUses.Use often = new ApprovalUses.Use(use("a", 60).id(), NOW.plusSeconds(60), 10);
    for (int i = 0; i < 9; i++) {
      assertThat(claim(uses, ALICE, often)).isEmpty();
    }
    fill(uses, ALICE, "b", 2);
    assertFull(uses, ALICE, "c");

    assertThat(claim(uses, ALICE, often)).as("it needs no more room").isEmpty();
  }

  @Test
  void claim_oneOfSeveralUsedBefore_usesNone() {
    ApprovalUses uses = open(100);
    claim(uses, ALICE, use("b", 60));

    assertThat(claim(uses, ALICE, use("a", 60), use("b", 60))).containsExactly(use("b", 60));
    assertThat(claim(uses, ALICE, use("a", 60))).isEmpty();
  }

  @Test
  void known_neverNamesWhatWasNotUsed() {
    ApprovalUses uses = open(100);
    claim(uses, ALICE, use("a", 60));

    assertThat(uses.known(List.of(use("b", 60)))).isEmpty();
    assertThat(claim(uses, ALICE, use("b", 60))).isEmpty();
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    ApprovalUses uses = open(4);
    fill(uses, ALICE, "a", 2);
    fill(uses, BOB, "b", 1);
    fill(uses, share("user:carol", 4), "c", 1);

    assertFull(uses, share("user:dave", 5), "d");
    assertThat(claim(uses, ALICE, use("a0", 60))).isNotEmpty();

    now = NOW.plus(LONG_AFTER);
    assertThat(claim(uses, ALICE, use("d", LONG_AFTER.toSeconds() + 60))).isEmpty();
  }

  @Test
  void claim_oneDelegatorAlone_leavesAnEighthForTheNext() {
    ApprovalUses uses = open(16);
    fill(uses, ALICE, "a", 14);

    assertFull(uses, ALICE, "a14");
    fill(uses, ALICE_AGAIN, "again", 1); // one of the last eighth, and one for others
    assertFull(uses, ALICE_AGAIN, "again1");
    fill(uses, BOB, "b", 1);
    assertFull(uses, BOB, "b1");
    assertFull(uses, ALICE, "a14");
  }

  @Test
  void claim_oneAuthorityBlockOfADelegator_leavesPartOfItsShareForTheOthers() {
    ApprovalUses uses = open(24);
    fill(uses, BOB, "b", 5);
    fill(uses, ALICE, "a", 8); // all that Alice may have

    assertFull(uses, ALICE, "a8");
    fill(uses, ALICE_AGAIN, "c", 2); // a third of that
    assertFull(uses, ALICE_AGAIN, "c2");
  }

  @Test
  void claim_severalAtOnce_areAllOrNoneOfTheShare() {
    ApprovalUses uses = open(8);
    fill(uses, ALICE, "a", 6);

    Refused.with(
        ErrorCode.APPROVAL_USES_FULL, () -> claim(uses, ALICE, use("b", 60), use("c", 60)));
    fill(uses, ALICE, "b", 1);
  }

  @Test
  void release_givesBackWhatWasClaimedAndItsRoom() {
    ApprovalUses uses = open(4);
    fill(uses, ALICE, "a", 2);
    assertThat(claim(uses, ALICE, use("b", 60))).isEmpty();
    assertFull(uses, ALICE, "c");

    uses.release(List.of(use("b", 60)));

    assertThat(claim(uses, ALICE, use("b", 60))).isEmpty();
    assertThat(claim(uses, ALICE, use("a0", 60))).isNotEmpty();
  }

  @Test
  void durable_isWhatOtherProcessesSee() {
    assertThat(open(10).durable()).isEqualTo(!elsewhere().isEmpty());
  }

  @Test
  void claim_clockSetBackSinceItWasForgotten_isRefused() {
    ApprovalUses uses = open(10);
    claim(uses, ALICE, use("a", 60));
    now = NOW.plus(LONG_AFTER);
    claim(uses, ALICE, use("b", LONG_AFTER.toSeconds() + 60)); // makes room: "a" is forgotten
    now = NOW;

    assertThat(claim(uses, ALICE, use("a", 60))).containsExactly(use("a", 60));
    assertThat(claim(uses, ALICE, use("c", 61))).isEmpty();
  }

  @Test
  void claim_byManyThreadsAndProcesses_succeedsAsOftenAsItMay() {
    ContractClaims.Race race = ContractClaims.Race.once(elsewhere().isEmpty() ? 1 : 2, raced(), 1);
    List<Integer> expected = new ArrayList<>();
    for (int number = 0; number < race.distinct(); number++) {
      for (int i = 0; i < numbered(number).calls(); i++) {
        expected.add(number);
      }
    }

    assertThat(ContractClaims.race(claimer(open(MUCH)), elsewhere(), race)).isEqualTo(expected);
  }

  @Test
  void claim_severalInBothOrdersAtOnce_succeedsOnce() throws Exception {
    ApprovalUses uses = open(1000);
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 10; round++) {
        CyclicBarrier start = new CyclicBarrier(threads);
        ApprovalUses.Use a = use("a" + round, 60);
        ApprovalUses.Use b = use("b" + round, 60);
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          // Whoever waits for one must not hold the other.
          List<ApprovalUses.Use> both = i % 2 == 0 ? List.of(a, b) : List.of(b, a);
          claims.add(
              () -> {
                start.await();
                return uses.claim(both, ALICE, NOW).isEmpty();
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

  private void fill(ApprovalUses uses, MemoryShare share, String name, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(claim(uses, share, use(name + i, 60))).isEmpty();
    }
  }

  private void assertFull(ApprovalUses uses, MemoryShare share, String name) {
    Refused.with(ErrorCode.APPROVAL_USES_FULL, () -> claim(uses, share, use(name, 60)));
  }

  protected static MemoryShare share(String delegator, int authority) {
    return MemoryShare.of(delegator, new byte[] {(byte) authority});
  }

  protected static ApprovalUses.Use use(String name, long seconds) {
    return ApprovalUses.Use.once(id(name), NOW.plusSeconds(seconds));
  }

  /** Every second approval is good for several calls. */
  static ApprovalUses.Use numbered(int number) {
    return new ApprovalUses.Use(
        id("number " + number), NOW.plusSeconds(60), number % 2 == 0 ? 1 : CALLS);
  }

  private static String id(String name) {
    return HexFormat.of().formatHex(Digests.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }
}
