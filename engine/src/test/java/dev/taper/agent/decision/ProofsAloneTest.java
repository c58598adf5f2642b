package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.JoinedMemoryContract.Stepped;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditEvent;
import dev.taper.testing.Refused;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a verifier does while the memory of proofs that it shares does not answer. */
class ProofsAloneTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int CALLS = 20;

  private final Story story = new Story();
  private final AgentToken token = story.atPlanner();
  private final Shared shared = new Shared();
  private final AtomicLong nanos = new AtomicLong();
  private final List<DecisionEvent> events = new ArrayList<>();
  private final Verifier one = verifier().listener(events::add).build();
  private final Verifier other = verifier().build();

  /** A shared store that can be away, or full. */
  private static final class Shared extends Stepped {
    @Nullable ErrorCode failure;
    @Nullable TaperException cause;
    @Nullable MemoryShare full;
    TaperException refusal = new TaperException(ErrorCode.REPLAY_CACHE_FULL, "no");
    int asked;

    Shared() {
      super(1 << 16);
    }

    private void ask(@Nullable MemoryShare share) {
      asked++;
      if (failure != null) {
        throw new TaperException(failure, "no", cause);
      }
      if (full != null && full.equals(share)) {
        throw refusal;
      }
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      ask(share);
      return super.claim(use, share, now);
    }

    @Override
    public synchronized Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> uses,
        MemoryShare share,
        Instant now) {
      ask(share);
      return super.take(proof, charges, uses, share, now);
    }
  }

  private VerifierBuilder verifier() {
    return story
        .verifier()
        .replayMemory(shared)
        .budgets("acme", shared.budgets())
        .approvalUses(shared.approvalUses())
        .ticker(nanos::get)
        .proofsOfOneProcessWhileAway(MINUTE, CALLS);
  }

  /** The memory answers again, and is asked again. */
  private void answers() {
    shared.failure = null;
    nanos.addAndGet(Breaker.PAUSE.toNanos());
  }

  private Proof proof() {
    return proof(token);
  }

  private Proof proof(AgentToken of) {
    return of.prove(story.plannerKey, Story.search(), Story.JIRA, story.clock);
  }

  private @Nullable DenialCode decided(Verifier by, Proof proof) {
    return decided(by, token, proof);
  }

  private static @Nullable DenialCode decided(Verifier by, AgentToken token, Proof proof) {
    return codeOf(by.decide(token.token(), Story.search(), proof, SentApprovals.NONE));
  }

  private VerifierHealth.Alone health(Verifier of) {
    return Objects.requireNonNull(of.health().alone());
  }

  @Test
  void decide_memoryIsAway_takesAProofOnceAtEachVerifierAndSaysSo() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    Proof proof = proof();

    assertThat(decided(one, proof)).isNull();
    assertThat(decided(one, proof)).isEqualTo(DenialCode.PROOF_REPLAYED);
    assertThat(decided(other, proof)).isNull();
    assertThat(decided(other, proof)).isEqualTo(DenialCode.PROOF_REPLAYED);

    assertThat(events).hasSize(2);
    assertThat(events.get(0).isAlone()).isTrue();
    assertThat(Objects.requireNonNull(AuditEvent.decided(events.get(0)).basis()).isAlone())
        .isTrue();
    assertThat(events.get(1).isAlone()).isFalse();
    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(Story.NOON, 1, 1, true));
  }

  @Test
  void decide_memoryAnswersAgain_isToldFirst() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    List<Proof> taken = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      taken.add(proof());
      assertThat(decided(one, taken.get(i))).isNull();
    }
    answers();

    assertThat(decided(one, proof())).isNull();
    assertThat(events.get(CALLS).isAlone()).isFalse();
    assertThat(health(one).untold()).isEqualTo(CALLS - ProofsAlone.TOLD_AT_ONCE);
    assertThat(decided(one, proof())).isNull();

    taken.forEach(proof -> assertThat(decided(other, proof)).isEqualTo(DenialCode.PROOF_REPLAYED));
    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(null, CALLS, 0, true));
  }

  @Test
  void decide_callWithABudgetAfterwards_tellsOfProofsFirst() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    Proof proof = proof();
    assertThat(decided(one, proof)).isNull();
    AgentToken spending =
        story.issuer.mint(story.delegation().budget("at most 9 calls from acme as a"));
    assertThat(decided(one, spending, proof(spending)))
        .as("never without its budget")
        .isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    answers();

    assertThat(decided(one, spending, proof(spending))).isNull();

    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(null, 1, 0, true));
    assertThat(decided(other, proof)).isEqualTo(DenialCode.PROOF_REPLAYED);
  }

  @Test
  void decide_asManyCallsAsItMay_refusesThenUntilAllAreTold() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    for (int i = 0; i < CALLS; i++) {
      assertThat(decided(one, proof())).isNull();
    }
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);

    answers();
    assertThat(decided(one, proof())).isNull();
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    answers();
    assertThat(decided(one, proof())).isNull();
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    assertThat(health(one).calls()).isEqualTo(CALLS + 1);
  }

  @Test
  void decide_asLongAsItMay_refusesThen() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    story.clock.forward(MINUTE);
    assertThat(decided(one, proof())).isNull();
    story.clock.forward(Duration.ofMillis(1));

    assertThat(health(one).goesOn()).isFalse();
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
  }

  /** Or whoever sends it calls takes it away as soon as the memory is, and it never goes on. */
  @Test
  void health_goesOnAlone_isReadyWithAWarning() {
    assertThat(health(one).warning()).isNull();
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    for (int i = 0; i < CALLS; i++) {
      assertThat(one.health().ready()).isTrue();
      assertThat(decided(one, proof())).isNull();
    }
    assertThat(one.health().stores().get(0).reachable()).isFalse();
    assertThat(health(one).warning())
        .isEqualTo(
            "proofs are taken without the shared memory since 2026-11-24T12:00:00Z, and no more"
                + " are: it does not know 20 of them, and other verifiers may take each once");
    assertThat(one.health().ready()).isFalse();

    answers();
    assertThat(decided(one, proof())).isNull();
    assertThat(one.health().ready()).isTrue();
  }

  @Test
  void decide_asLongAsItMayByItsOwnWatch_refusesWhateverTheClockShows() {
    nanos.set(Duration.ofDays(9).toNanos());
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    nanos.addAndGet(MINUTE.toNanos());
    assertThat(decided(one, proof())).isNull();
    nanos.incrementAndGet();

    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
  }

  @Test
  void decide_otherFailures_areRefusedAsEver() {
    shared.failure = ErrorCode.REPLAY_CACHE_FULL;
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_FULL);
    shared.failure = ErrorCode.DATABASE_UNAVAILABLE;
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);

    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(null, 0, 0, true));
  }

  /** Or whoever chooses when a proof was made uses it once at each verifier, whenever it likes. */
  @Test
  void decide_memoryAnswersAndNotToThisProof_isRefused() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    shared.cause = new TaperException(ErrorCode.INVALID_ARGUMENT, "too far ahead");

    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);

    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(null, 0, 0, true));
  }

  /** Or one delegator whose share is full keeps the calls of all others out. */
  @Test
  void decide_noRoomForWhatWasTaken_goesOnForOthers() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    answers();
    shared.full =
        one.preview(
                UnverifiedToken.decode(token.encodeBase64()), Story.search(), SentApprovals.NONE)
            .memoryShare();
    AgentToken bobs =
        story.issuer.mint(
            Delegation.by("user:bob@acme.com")
                .to(story.planner)
                .task("T-1")
                .grant("jira.*")
                .expiresIn(Duration.ofMinutes(60)));

    assertThat(decided(one, bobs, proof(bobs))).isNull();
    assertThat(decided(one, proof())).isEqualTo(DenialCode.REPLAY_CACHE_FULL);
    assertThat(health(one).untold()).isEqualTo(1);
    shared.full = null;
    assertThat(decided(one, bobs, proof(bobs))).isNull();
    assertThat(health(one).untold()).isZero();
  }

  /** It answers, and will never take what it was not told of. */
  @Test
  void decide_memoryAnswersAndNotToWhatWasTaken_goesOnForOthers() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    answers();
    shared.full =
        one.preview(
                UnverifiedToken.decode(token.encodeBase64()), Story.search(), SentApprovals.NONE)
            .memoryShare();
    shared.refusal =
        new TaperException(
            ErrorCode.REPLAY_CACHE_UNAVAILABLE,
            "no",
            new TaperException(ErrorCode.INVALID_ARGUMENT, "too far ahead"));
    AgentToken bobs =
        story.issuer.mint(
            Delegation.by("user:bob@acme.com")
                .to(story.planner)
                .task("T-1")
                .grant("jira.*")
                .expiresIn(Duration.ofMinutes(60)));

    assertThat(decided(one, bobs, proof(bobs))).isNull();

    assertThat(health(one).calls()).isEqualTo(1);
    assertThat(health(one).untold()).isEqualTo(1);
  }

  @Test
  void decide_windowOfAProofHasEnded_isNotTold() {
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;
    assertThat(decided(one, proof())).isNull();
    answers();
    shared.asked = 0;
    story.clock.forward(Duration.ofMinutes(2));

    assertThat(decided(one, proof())).isNull();

    assertThat(shared.asked).isEqualTo(1);
    assertThat(health(one)).isEqualTo(new VerifierHealth.Alone(null, 1, 0, true));
  }

  @Test
  void health_nothingSaid_takesNoProofAlone() {
    Verifier strict = story.verifier().replayMemory(shared).build();
    shared.failure = ErrorCode.REPLAY_CACHE_UNAVAILABLE;

    assertThat(decided(strict, proof())).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    assertThat(strict.health().alone()).isNull();
  }

  @Test
  void build_nonsense_isRefused() {
    VerifierBuilder builder = story.verifier();
    for (Duration longest :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), ProofsAlone.LONGEST.plusMillis(1))) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT, () -> builder.proofsOfOneProcessWhileAway(longest, 1));
    }
    for (int calls : List.of(0, ProofsAlone.MOST + 1)) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT, () -> builder.proofsOfOneProcessWhileAway(MINUTE, calls));
    }
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> story.verifier().proofsOfOneProcessWhileAway(MINUTE, 1).build());
    assertThat(new ProofsAlone.Terms(ProofsAlone.LONGEST, ProofsAlone.MOST).calls())
        .isEqualTo(ProofsAlone.MOST);
    assertThat(new ProofsAlone.Terms(MINUTE, 1).longest()).isEqualTo(MINUTE);
  }
}
