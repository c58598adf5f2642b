package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.agent.decision.Escalated.otherArguments;
import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.SmallReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call uses up, in which order, and when it uses up nothing. */
class ClaimsTest {
  private static final Approval.Terms ONCE = Approval.Terms.lasting(QUARTER).once();

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final ReplayMemory proofs = SmallReplayMemory.of(8);
  private final ApprovalUses approvals = ApprovalUses.inMemory(8);
  private final Verifier verifier =
      story.verifier().replayMemory(proofs).approvalUses(approvals).build();

  private Proof proof(AgentToken token, ToolCall call) {
    return token.prove(story.plannerKey, call, Story.JIRA, story.clock);
  }

  private CallDecision decide(AgentToken token, ToolCall call) {
    return verifier.decide(token.token(), call, proof(token, call), SentApprovals.NONE);
  }

  private CallDecision decide(Approved approved, ToolCall call) {
    return decide(verifier, approved, call);
  }

  private CallDecision decide(Verifier own, Approved approved, ToolCall call) {
    return e.decide(own, approved, story.plannerKey, call);
  }

  private CallDecision decide(Verifier own, Approved approved, Proof proof) {
    return own.decide(approved.token().token(), call(), proof, approved.sent());
  }

  private Proof proof(Approved approved, ToolCall call) {
    return e.proof(approved, story.plannerKey, call);
  }

  // Refused calls

  @Test
  void decide_expiredTokenForAnotherAudience_fillsNoMemory() {
    AgentToken expired =
        story.issuer.mint(story.delegation().audience("svc:crm").expiresAt(Story.NOON));
    for (int i = 0; i < 50; i++) {
      assertDenied(decide(expired, Story.search()), DenialCode.EXPIRED);
    }

    assertThat(size(proofs.fill())).isZero();
    assertAllowed(decide(story.atPlanner(), Story.search()));
  }

  @Test
  void decide_refusedForWhateverReason_usesUpNothing() {
    Approved once = e.approved(e.ifTwoApprove(), e.boss, call(), ONCE);
    AgentToken wrongService = story.issuer.mint(story.delegation().audience("svc:crm"));
    assertDenied(decide(wrongService, Story.search()), DenialCode.WRONG_AUDIENCE);
    assertDenied(decide(story.atPlanner(), call()), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(once, call()), DenialCode.APPROVAL_REQUIRED);
    for (String policies : List.of("deny if true;", "check if 1 / 0 == 1; allow if true;")) {
      Verifier own =
          story
              .verifier()
              .replayMemory(proofs)
              .approvalUses(approvals)
              .policies(PolicySet.of(Datalog.authorizer(policies)))
              .build();
      Proof proof = proof(story.atPlanner(), Story.search());
      assertThat(
              own.decide(story.atPlanner().token(), Story.search(), proof, SentApprovals.NONE)
                  .allowed())
          .isFalse();
    }

    assertThat(size(proofs.fill())).isZero();
    assertThat(size(approvals.fill())).isZero();
  }

  @Test
  void decide_plainReplay_isRefusedBeforeAnythingIsEvaluated() {
    Hop briefly = story.toResearcher().expiresAt(Story.NOON.plusSeconds(10));
    AgentToken token = story.atPlanner().delegate(story.plannerKey, briefly, story.clock);
    Proof proof = token.prove(story.researcherKey, Story.search(), Story.JIRA, story.clock);
    assertAllowed(verifier.decide(token.token(), Story.search(), proof, SentApprovals.NONE));

    story.clock.forward(Duration.ofSeconds(20));

    assertDenied(
        verifier.decide(token.token(), Story.search(), proof, SentApprovals.NONE),
        DenialCode.PROOF_REPLAYED);
    assertDenied(
        story.decide(verifier, token, story.researcherKey, Story.search()), DenialCode.EXPIRED);
  }

  @Test
  void decide_clockSetBackAfterARefusedCall_goesOnByTheLatestGoodProof() {
    AgentToken token = story.atPlanner();
    Proof early = proof(token, Story.search());
    story.clock.forward(Duration.ofMinutes(5));
    assertDenied(decide(token, call()), DenialCode.OUT_OF_SCOPE);
    story.clock.set(Story.NOON);

    assertDenied(
        verifier.decide(token.token(), Story.search(), early, SentApprovals.NONE),
        DenialCode.PROOF_EXPIRED);
  }

  // Shares

  @Test
  void decide_oneHolderCallsAllTheTime_othersAreNotLockedOut() {
    AgentToken busy = story.atPlanner();
    int allowed = 0;
    for (int i = 0; i < 50; i++) {
      CallDecision decision = decide(busy, Story.search());
      allowed += decision.allowed() ? 1 : 0;
      assertThat(codeOf(decision)).isIn(null, DenialCode.REPLAY_CACHE_FULL);
    }
    assertThat(allowed).isEqualTo(7);

    AgentToken bobs =
        story.issuer.mint(
            Delegation.by("user:bob@acme.com")
                .to(story.planner)
                .task("T-1")
                .grant("jira.*")
                .expiresIn(Duration.ofMinutes(60)));
    assertAllowed(decide(bobs, Story.search()));
  }

  @Test
  void decide_manyHolderKeysOfOneAuthority_haveOneShare() {
    AgentToken root = story.atPlanner();
    int allowed = 0;
    for (int i = 0; i < 20; i++) {
      PrivateKey made = PrivateKey.generate(Algorithm.ED25519);
      AgentToken own =
          root.delegate(
              story.plannerKey, Hop.to(Agent.of("agent:x" + i, made.publicKey())), story.clock);
      Proof proof = own.prove(made, Story.search(), Story.JIRA, story.clock);
      allowed +=
          verifier.decide(own.token(), Story.search(), proof, SentApprovals.NONE).allowed() ? 1 : 0;
    }

    assertThat(allowed).isEqualTo(7);
  }

  // The order of claims

  /** Says of some approvals that another call was faster, and tells what was asked. */
  private class Race implements ApprovalUses {
    final Set<String> lost = new HashSet<>();
    final List<Integer> asked = new ArrayList<>();
    final List<Integer> proofsThen = new ArrayList<>();
    final List<ApprovalUses.Use> released = new ArrayList<>();

    @Override
    public Set<ApprovalUses.Use> claim(
        Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
      asked.add(uses.size());
      proofsThen.add(size(proofs.fill()));
      Set<ApprovalUses.Use> before = new HashSet<>();
      uses.stream().filter(use -> lost.contains(use.id())).forEach(before::add);
      return before;
    }

    @Override
    public void release(Collection<ApprovalUses.Use> uses) {
      released.addAll(uses);
    }
  }

  private static List<ApprovalUses.Use> uses(Approved approved) {
    return approved.approvals().stream().map(Approval::use).toList();
  }

  @Test
  void decide_lostRaceForAnApproval_leavesItOutOnceAndKeepsTheNonce() {
    AgentToken token = e.ifTwoApprove();
    List<Approval> given = new ArrayList<>();
    for (PrivateKey approver : List.of(e.boss, e.auditor, e.lawyer)) {
      given.add(e.approval(token, approver, call(), ONCE));
      story.clock.forward(Duration.ofSeconds(1));
    }
    Approved approved = new Approved(token, given);
    Race race = new Race();
    race.lost.add(uses(approved).get(0).id());
    Verifier racing = story.verifier().replayMemory(proofs).approvalUses(race).build();

    assertAllowed(decide(racing, approved, call()));
    assertThat(race.asked).containsExactly(2, 2);
    assertThat(race.proofsThen).containsExactly(1, 1);

    race.lost.add(uses(approved).get(1).id());
    Proof another = proof(approved, call());
    assertDenied(decide(racing, approved, another), DenialCode.APPROVAL_USED);
    assertDenied(decide(racing, approved, another), DenialCode.PROOF_REPLAYED);
  }

  /** No more calls than the approval is good for, however many are made at the same time. */
  @Test
  void decide_manyCallsAtOnce_areAllowedAsOftenAsTheApprovalSays() throws Exception {
    int threads = 8;
    int good = 3;
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call(), ONCE.uses(good));
    Verifier racing = story.verifier().build();
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Callable<@Nullable DenialCode>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      calls.add(
          () -> {
            Proof proof = proof(approved, call());
            start.await();
            return codeOf(decide(racing, approved, proof));
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<@Nullable DenialCode> codes = new ArrayList<>();
    try {
      for (Future<@Nullable DenialCode> call : pool.invokeAll(calls)) {
        codes.add(call.get());
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(codes).filteredOn(Objects::isNull).hasSize(good);
    assertThat(codes)
        .filteredOn(Objects::nonNull)
        .hasSize(threads - good)
        .containsOnly(DenialCode.APPROVAL_USED);
  }

  @Test
  void decide_notRecorded_givesTheApprovalBackAndKeepsTheNonce() {
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    Verifier unrecorded =
        story
            .verifier()
            .replayMemory(proofs)
            .approvalUses(approvals)
            .listener(
                event -> {
                  assertThat(size(approvals.fill())).isEqualTo(1);
                  throw new IllegalStateException("disk full");
                })
            .build();
    Proof proof = proof(approved, call());

    assertDenied(decide(unrecorded, approved, proof), DenialCode.AUDIT_UNAVAILABLE);
    assertThat(size(approvals.fill())).isZero();
    assertDenied(decide(verifier, approved, proof), DenialCode.PROOF_REPLAYED);
    assertAllowed(decide(approved, call()));
    assertDenied(decide(approved, call()), DenialCode.APPROVAL_USED);
  }

  @Test
  void decide_notRecordedAtTheSecondOfTwo_givesBackOneUse() {
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call(), ONCE.uses(2));
    boolean[] full = {false};
    Verifier recorded =
        story
            .verifier()
            .approvalUses(approvals)
            .listener(
                event -> {
                  if (full[0]) {
                    throw new IllegalStateException("disk full");
                  }
                })
            .build();

    assertAllowed(decide(recorded, approved, call()));
    full[0] = true;
    assertDenied(decide(recorded, approved, call()), DenialCode.AUDIT_UNAVAILABLE);
    full[0] = false;
    assertAllowed(decide(recorded, approved, call()));
    assertDenied(decide(recorded, approved, call()), DenialCode.APPROVAL_USED);
  }

  @Test
  void decide_deniedAndNotRecorded_releasesNothingOfOthers() {
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    assertAllowed(decide(approved, call()));
    Verifier unrecorded =
        story
            .verifier()
            .approvalUses(approvals)
            .listener(
                event -> {
                  throw new IllegalStateException("disk full");
                })
            .build();

    assertDenied(decide(unrecorded, approved, call()), DenialCode.APPROVAL_USED);
    assertThat(size(approvals.fill())).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "APPROVAL_USES_FULL, APPROVAL_USES_FULL",
    "DATABASE_UNAVAILABLE, APPROVAL_USES_UNAVAILABLE"
  })
  void decide_memoryOfApprovalsTakesNone_keepsTheNonceAndUsesNoApproval(
      ErrorCode thrown, DenialCode denied) {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    Race failing =
        new Race() {
          @Override
          public Set<ApprovalUses.Use> claim(
              Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
            throw new TaperException(thrown, "no");
          }
        };
    Verifier own = story.verifier().replayMemory(proofs).approvalUses(failing).build();

    assertDenied(decide(own, token, call()), denied);
    assertThat(size(proofs.fill())).isEqualTo(1);
    assertThat(failing.released).isEmpty();
  }

  @Test
  void decide_proofUsedElsewhere_isReplayedAndUsesNoApproval() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    List<ReplayMemory.Use> asked = new ArrayList<>();
    Verifier shared =
        story
            .verifier()
            .approvalUses(approvals)
            .replayMemory(
                (use, share, now) -> {
                  asked.add(use);
                  return false;
                })
            .build();
    Proof proof = proof(token, call());

    assertDenied(decide(shared, token, proof), DenialCode.PROOF_REPLAYED);
    Instant made = proof.issuedAt();
    assertThat(asked)
        .containsExactly(
            ReplayMemory.Use.of(
                proof.nonce(),
                story.plannerKey.publicKey(),
                made,
                made.plusSeconds(60).plusMillis(1)));
    assertThat(size(approvals.fill())).isZero();
    assertDenied(decide(shared, token, otherArguments()), DenialCode.APPROVAL_MISMATCH);
    assertThat(asked).hasSize(1);
  }

  /** Whoever saw the proof used elsewhere may be the one who sends it now. */
  @Test
  void decide_otherMemoryFails_refusesAndSaysThatTheCallerIsUnknown() {
    AgentToken token = story.atPlanner();
    List<DecisionEvent> events = new ArrayList<>();
    for (ErrorCode code : List.of(ErrorCode.REPLAY_CACHE_FULL, ErrorCode.DATABASE_UNAVAILABLE)) {
      Verifier shared =
          story
              .verifier()
              .replayMemory(
                  (use, share, now) -> {
                    throw new TaperException(code, "no");
                  })
              .listener(events::add)
              .build();
      assertDenied(
          shared.decide(
              token.token(), Story.search(), proof(token, Story.search()), SentApprovals.NONE),
          code == ErrorCode.REPLAY_CACHE_FULL
              ? DenialCode.REPLAY_CACHE_FULL
              : DenialCode.REPLAY_CACHE_UNAVAILABLE);
    }
    assertThat(events).hasSize(2).noneMatch(DecisionEvent::isProven);
  }

  @Test
  void decide_clocksDiffer_callerIsToldByHowMuch() {
    AgentToken token = story.atPlanner();
    Proof proof = proof(token, Story.search());
    story.clock.forward(Duration.ofSeconds(130));

    CallDecision decision =
        verifier.decide(token.token(), Story.search(), proof, SentApprovals.NONE);

    assertDenied(decision, DenialCode.PROOF_EXPIRED);
    assertThat(decision.explanation()).contains("your clock is 130 s behind this service's");
  }

  // Approvals that the holder asks itself for

  @Test
  void decide_holderIsItsOwnApprover_fillsNoMemory() {
    AgentToken own =
        e.granted(delete())
            .delegate(
                story.plannerKey,
                Hop.toSelf().grant(delete().ifApproved(e.stranger.publicKey())),
                story.clock);
    assertDenied(decide(own, call()), DenialCode.APPROVAL_REQUIRED);
    Approved approved = e.approved(own, e.stranger, call(), ONCE);

    for (int i = 0; i < 3; i++) {
      assertAllowed(decide(approved, call()));
    }
    assertThat(size(approvals.fill())).isZero();
  }

  @Test
  void decide_holderAddsAnApproverOfItsOwn_onlyTheOthersApprovalIsUsed() {
    AgentToken own =
        e.ifBossApproves()
            .delegate(
                story.plannerKey,
                Hop.toSelf().grant(delete().ifApproved(e.stranger.publicKey())),
                story.clock);
    Approved approved = e.approved(e.approved(own, e.stranger, call(), ONCE), e.boss, call(), ONCE);

    assertAllowed(decide(approved, call()));

    assertThat(size(approvals.fill())).isEqualTo(1);
    assertThat(approvals.known(uses(approved))).containsExactly(uses(approved).get(1));
    assertDenied(decide(approved, call()), DenialCode.APPROVAL_USED);
  }

  @Test
  void decide_policyAsksForTheApproval_isUsedWhateverTheHolderAdds() {
    Verifier asking =
        story
            .verifier()
            .approvalUses(approvals)
            .policies(
                PolicySet.of(
                    Datalog.authorizer(
                        "check if approvers($keys), $keys.contains(\""
                            + e.boss.publicKey()
                            + "\"); allow if true;")))
            .build();
    AgentToken own =
        e.granted(delete()).delegate(story.plannerKey, Hop.toSelf().grant(delete()), story.clock);
    Approved approved = e.approved(own, e.boss, call(), ONCE);

    assertAllowed(decide(asking, approved, call()));
    assertThat(size(approvals.fill())).isEqualTo(1);
    assertThat(decide(asking, approved, call()).allowed()).isFalse();
  }

  // How long, and where

  @Test
  void decide_countedApprovalForTooLong_isNotTaken() {
    Duration day = Duration.ofHours(24);
    AgentToken token = e.ifBossApproves();
    Approved aDay = e.approved(token, e.boss, call(), Approval.Terms.lasting(day).once());
    Approved more =
        e.approved(token, e.boss, call(), Approval.Terms.lasting(day.plusSeconds(1)).once());
    Approved lasting =
        e.approved(token, e.boss, call(), Approval.Terms.lasting(day.plusSeconds(1)));

    assertDenied(decide(more, call()), DenialCode.APPROVAL_TOO_LONG);
    assertThat(size(approvals.fill())).isZero();
    assertAllowed(decide(aDay, call()));
    assertAllowed(decide(lasting, call())); // nothing has to be remembered of it
    Verifier shorter = story.verifier().longestApproval(QUARTER).build();
    assertDenied(decide(shorter, aDay, call()), DenialCode.APPROVAL_TOO_LONG);
    assertAllowed(decide(shorter, e.approved(token, e.boss, call(), ONCE), call()));
    assertThrows(() -> story.verifier().longestApproval(Duration.ZERO), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void decide_approvalForSeveralServices_isGoodAtEachOfThem() {
    AgentToken token = e.ifBossApproves();
    Approved both =
        e.approved(
            token,
            e.boss,
            call(),
            Approval.Terms.lasting(QUARTER).at(List.of("svc:wiki", Story.JIRA)));
    Verifier wiki = story.verifier().audience("svc:wiki").build();

    assertAllowed(decide(both, call()));
    assertAllowed(
        wiki.decide(
            token.token(),
            call(),
            token.prove(story.plannerKey, call().sent(), "svc:wiki", both.sent(), story.clock),
            both.sent()));
  }

  private static int size(@Nullable Fill fill) {
    return Math.toIntExact(Objects.requireNonNull(fill).size());
  }
}
