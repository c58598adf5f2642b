package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.ReplayMemory.Joined.Answer;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must do that takes all that one call needs in one step. */
public abstract class JoinedMemoryContract {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int THREADS = 8;

  /** A capacity that no test uses up. */
  private static final int MUCH = 1 << 16;

  /** The store of a test, which is empty, with the same room for proofs, counters and approvals. */
  protected abstract ReplayMemory.Joined open(int capacity);

  /** How many calls the random tests make. */
  protected abstract int calls();

  /** The three steps, in memories of this process: what a joined store is compared with. */
  public static class Stepped implements ReplayMemory.Joined {
    private final ReplayMemory proofs;
    private final Budgets budgets;
    private final ApprovalUses approvals;

    /** A store with the same room for proofs, counters and approvals. */
    public Stepped(int capacity) {
      proofs = InMemoryReplayMemory.holding(capacity);
      budgets = Budgets.forThisProcessOnly(capacity);
      approvals = ApprovalUses.inMemory(capacity);
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      return proofs.claim(use, share, now);
    }

    @Override
    public Budgets budgets() {
      return budgets;
    }

    @Override
    public ApprovalUses approvalUses() {
      return approvals;
    }

    @Override
    public synchronized Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> uses,
        MemoryShare share,
        Instant now) {
      if (proof != null && !proofs.claim(proof, share, now)) {
        return Answer.ofReplay();
      }
      Budgets.Answer charged = charges.isEmpty() ? null : budgets.charge(charges, share, now);
      if (charged instanceof Budgets.Exhausted exhausted) {
        return Answer.exhausted(exhausted);
      }
      Budgets.Charged taken = (Budgets.Charged) charged;
      boolean done = false;
      try {
        Set<ApprovalUses.Use> before =
            uses.isEmpty() ? Set.of() : approvals.claim(uses, share, now);
        done = before.isEmpty();
        return done ? Answer.taken(taken) : Answer.usedUp(before);
      } finally {
        if (!done && taken != null) {
          budgets.giveBack(taken);
        }
      }
    }
  }

  private static String id(String name) {
    return HexFormat.of().formatHex(Digests.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static ReplayMemory.Use proof(String name) {
    return proof(name, NOON);
  }

  private static ReplayMemory.Use proof(String name, Instant issuedAt) {
    return new ReplayMemory.Use(id(name), issuedAt, issuedAt.plus(WINDOW).plusMillis(1));
  }

  private static Budgets.Charge charge(String name, long amount, long limit) {
    return new Budgets.Charge(id(name), amount, limit, null);
  }

  private static ApprovalUses.Use approval(String name, int calls) {
    return new ApprovalUses.Use(id(name), NOON.plus(Duration.ofHours(2)), calls);
  }

  private static Answer take(
      ReplayMemory.Joined store,
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      List<ApprovalUses.Use> approvals) {
    return store.take(proof, charges, approvals, ALICE, NOON);
  }

  private static void assertTaken(Answer answer) {
    assertThat(isTaken(answer)).as("%s", answer).isTrue();
  }

  private static Budgets.Charged charged(Answer answer) {
    return (Budgets.Charged) Objects.requireNonNull(answer.budgets());
  }

  /** Says how much is left of a budget; -1 if none of it is taken. */
  private static long left(ReplayMemory.Joined store, Budgets.Charge budget) {
    Budgets.Exhausted left =
        store
            .budgets()
            .look(
                List.of(
                    new Budgets.Charge(
                        budget.counter(), budget.limit() + 1, budget.limit(), budget.window())),
                NOON);
    return left == null ? -1 : left.left();
  }

  @Test
  public void parts_areTheSameEachTime() {
    ReplayMemory.Joined store = open(MUCH);

    assertThat(store.budgets()).isSameAs(store.budgets());
    assertThat(store.approvalUses()).isSameAs(store.approvalUses());
  }

  @Test
  public void take_everything_isTakenWhereEachMemorySeesIt() {
    ReplayMemory.Joined store = open(MUCH);
    Budgets.Charge ten = charge("ten", 4, 10);

    Answer answer = take(store, proof("p"), List.of(ten), List.of(approval("a", 1)));

    assertTaken(answer);
    assertThat(answer.budgets()).isInstanceOf(Budgets.Charged.class);
    assertThat(store.claim(proof("p"), ALICE, NOON)).isFalse();
    assertThat(left(store, ten)).isEqualTo(6);
    assertThat(store.approvalUses().claim(List.of(approval("a", 1)), ALICE, NOON))
        .containsExactly(approval("a", 1));
  }

  @Test
  public void take_proofUsedBefore_takesNothingElse() {
    ReplayMemory.Joined store = open(MUCH);
    assertThat(store.claim(proof("p"), ALICE, NOON)).isTrue();
    Budgets.Charge ten = charge("ten", 4, 10);

    assertThat(take(store, proof("p"), List.of(ten), List.of(approval("a", 1))))
        .isEqualTo(Answer.ofReplay());

    assertTaken(take(store, proof("q"), List.of(charge("ten", 10, 10)), List.of(approval("a", 1))));
  }

  @Test
  public void take_budgetHasTooLittle_takesTheProofAlone() {
    ReplayMemory.Joined store = open(MUCH);
    List<Budgets.Charge> charges = List.of(charge("ample", 1, 10), charge("scarce", 3, 2));

    assertThat(take(store, proof("p"), charges, List.of(approval("a", 1))))
        .isEqualTo(Answer.exhausted(new Budgets.Exhausted(1, 2)));

    assertThat(store.claim(proof("p"), ALICE, NOON)).isFalse();
    assertTaken(take(store, null, List.of(charge("ample", 10, 10)), List.of(approval("a", 1))));
  }

  @Test
  public void take_approvalUsedUp_takesTheProofAlone() {
    ReplayMemory.Joined store = open(MUCH);
    List<ApprovalUses.Use> both = List.of(approval("a", 1), approval("b", 1));
    assertThat(store.approvalUses().claim(List.of(both.get(1)), ALICE, NOON)).isEmpty();

    assertThat(take(store, proof("p"), List.of(charge("ten", 4, 10)), both))
        .isEqualTo(Answer.usedUp(Set.of(both.get(1))));

    assertThat(store.claim(proof("p"), ALICE, NOON)).isFalse();
    assertTaken(take(store, null, List.of(charge("ten", 10, 10)), List.of(both.get(0))));
  }

  /** Also where a single memory would do. */
  @Test
  public void take_withoutOneOrTheOther_takesTheRest() {
    ReplayMemory.Joined store = open(MUCH);

    Answer proofAlone = take(store, proof("p"), List.of(), List.of());
    assertThat(proofAlone).isEqualTo(Answer.taken(null));
    assertThat(take(store, proof("p"), List.of(), List.of())).isEqualTo(Answer.ofReplay());
    assertTaken(take(store, null, List.of(charge("ten", 4, 10)), List.of()));
    assertTaken(take(store, null, List.of(), List.of(approval("a", 1))));
    assertThat(take(store, null, List.of(charge("ten", 6, 10)), List.of(approval("a", 1))))
        .isEqualTo(Answer.usedUp(Set.of(approval("a", 1))));
    assertThat(left(store, charge("ten", 0, 10))).isEqualTo(6);
  }

  @Test
  public void take_givenBack_isThereAgain() {
    ReplayMemory.Joined store = open(MUCH);
    Budgets.Charge ten = charge("ten", 10, 10);
    Budgets.Charge hourly = new Budgets.Charge(id("h"), 2, 2, Duration.ofHours(1));

    Answer answer = take(store, proof("p"), List.of(ten, hourly), List.of(approval("a", 1)));
    store.budgets().giveBack(charged(answer));
    store.approvalUses().release(List.of(approval("a", 1)));

    assertTaken(take(store, proof("q"), List.of(ten, hourly), List.of(approval("a", 1))));
  }

  @Test
  public void take_noRoomForTheProof_takesNothing() {
    ReplayMemory.Joined store = open(4);
    fillProofs(store);
    Budgets.Charge ten = charge("ten", 4, 10);

    Refused.with(
        ErrorCode.REPLAY_CACHE_FULL,
        () -> take(store, proof("p"), List.of(ten), List.of(approval("a", 1))));

    assertTaken(take(store, null, List.of(charge("ten", 10, 10)), List.of(approval("a", 1))));
  }

  private static void fillProofs(ReplayMemory.Joined store) {
    for (int i = 0; i < 3; i++) {
      assertThat(store.claim(proof("full" + i), ALICE, NOON)).isTrue();
    }
  }

  @Test
  public void take_noRoomForACounter_takesTheProofAlone() {
    ReplayMemory.Joined store = open(4);
    for (int i = 0; i < 3; i++) {
      store.budgets().charge(List.of(charge("full" + i, 1, 10)), ALICE, NOON);
    }

    Refused.with(
        ErrorCode.BUDGETS_FULL,
        () -> take(store, proof("p"), List.of(charge("c", 1, 1)), List.of(approval("a", 1))));

    assertThat(store.claim(proof("p"), ALICE, NOON)).isFalse();
    assertThat(store.approvalUses().claim(List.of(approval("a", 1)), ALICE, NOON)).isEmpty();
  }

  @Test
  public void take_noRoomForAnApproval_takesTheProofAlone() {
    ReplayMemory.Joined store = open(4);
    for (int i = 0; i < 3; i++) {
      assertThat(store.approvalUses().claim(List.of(approval("full" + i, 1)), ALICE, NOON))
          .isEmpty();
    }
    Budgets.Charge ten = charge("ten", 4, 10);

    Refused.with(
        ErrorCode.APPROVAL_USES_FULL,
        () -> take(store, proof("p"), List.of(ten), List.of(approval("a", 1))));

    assertThat(store.claim(proof("p"), ALICE, NOON)).isFalse();
    store.budgets().charge(List.of(charge("ten", 10, 10)), ALICE, NOON);
    assertThat(left(store, ten)).isZero();
  }

  @Test
  public void take_anything_isAnsweredAsByTheThreeSteps() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ReplayMemory.Joined store = open(MUCH);
    Stepped steps = new Stepped(MUCH);
    List<ReplayMemory.Use> made = new ArrayList<>();
    Instant now = NOON;
    for (int i = 0; i < calls(); i++) {
      now = now.plusMillis(random.nextInt(4_000));
      ReplayMemory.Use proof = proof(random, made, i, now);
      List<Budgets.Charge> charges = charges(random);
      List<ApprovalUses.Use> approvals = approvals(random);

      Answer expected = steps.take(proof, charges, approvals, ALICE, now);
      Answer answer = store.take(proof, charges, approvals, ALICE, now);

      assertThat(answer).as("call %s of seed %s", i, seed).isEqualTo(expected);
      if (answer.budgets() instanceof Budgets.Charged charged && random.nextInt(4) == 0) {
        store.budgets().giveBack(charged);
        steps.budgets().giveBack(charged(expected));
      }
      if (isTaken(answer) && !approvals.isEmpty() && random.nextInt(4) == 0) {
        store.approvalUses().release(approvals);
        steps.approvalUses().release(approvals);
      }
    }
  }

  private static boolean isTaken(Answer answer) {
    return !answer.replayed()
        && answer.usedUp().isEmpty()
        && !(answer.budgets() instanceof Budgets.Exhausted);
  }

  /** None, a new one, or one that was used and is still good in time. */
  private static ReplayMemory.@Nullable Use proof(
      Random random, List<ReplayMemory.Use> made, int number, Instant now) {
    made.removeIf(use -> !use.until().isAfter(now));
    int kind = random.nextInt(8);
    if (kind == 0) {
      return null;
    }
    if (kind < 3 && !made.isEmpty()) {
      return made.get(random.nextInt(made.size()));
    }
    ReplayMemory.Use fresh = proof("p" + number, now);
    made.add(fresh);
    return fresh;
  }

  private static List<Budgets.Charge> charges(Random random) {
    Set<Integer> numbers = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      numbers.add(random.nextInt(6));
    }
    return numbers.stream()
        .map(
            number ->
                new Budgets.Charge(
                    id("counter" + number),
                    random.nextInt(4),
                    10 + number * 10L,
                    number % 2 == 0 ? null : Duration.ofSeconds(30L * number)))
        .toList();
  }

  private static List<ApprovalUses.Use> approvals(Random random) {
    Set<Integer> numbers = new LinkedHashSet<>();
    for (int i = Math.max(0, random.nextInt(5) - 2); i > 0; i--) {
      numbers.add(random.nextInt(12));
    }
    return numbers.stream().map(number -> approval("a" + number, 1 + number * 3)).toList();
  }

  /** No more than each allows, and what is refused leaves nothing behind. */
  @Test
  public void take_byManyThreads_countsEachExactly() throws Exception {
    ReplayMemory.Joined store = open(MUCH);
    int each = calls() / THREADS;
    Budgets.Charge all = charge("all", 1, each * 3L);
    ApprovalUses.Use good = approval("good", each);
    List<Callable<int[]>> work = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      work.add(
          () -> {
            int[] taken = new int[2];
            for (int i = 0; i < each; i++) {
              boolean asks = (i + thread) % 2 == 0;
              // Two threads use each proof.
              ReplayMemory.Use proof = proof("of" + thread / 2 + "-" + i);
              Answer answer =
                  take(
                      store,
                      proof,
                      List.of(all),
                      asks ? List.of(good) : List.<ApprovalUses.Use>of());
              if (isTaken(answer)) {
                taken[0]++;
                taken[1] += asks ? 1 : 0;
              }
            }
            return taken;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    int taken = 0;
    int approved = 0;
    try {
      for (Future<int[]> done : pool.invokeAll(work)) {
        taken += done.get()[0];
        approved += done.get()[1];
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(taken).isLessThanOrEqualTo(each * THREADS / 2).isPositive();
    assertThat(left(store, all)).isEqualTo(all.limit() - taken);
    assertThat(approved).isLessThanOrEqualTo(each);
    for (int i = approved; i < each; i++) {
      assertThat(store.approvalUses().claim(List.of(good), ALICE, NOON)).isEmpty();
    }
    assertThat(store.approvalUses().claim(List.of(good), ALICE, NOON)).isNotEmpty();
  }
}
