package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.JoinedMemoryContract.Stepped;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.ReplayMemory.Joined.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a call uses up, where one store takes all of it in one step. */
class JoinedClaimsTest {
  private static final Approval.Terms ONCE = Approval.Terms.lasting(Escalated.QUARTER).once();
  private static final int MUCH = 1 << 16;

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final Asked store = new Asked();
  private final Verifier verifier = of(store);

  /** A store that tells what it was asked. */
  private static class Asked extends Stepped {
    final List<String> steps = new ArrayList<>();

    Asked() {
      super(MUCH);
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      steps.add("proof alone");
      return super.claim(use, share, now);
    }

    @Override
    public synchronized Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> uses,
        MemoryShare share,
        Instant now) {
      assertThat(Deadline.current()).isNotNull();
      steps.add((proof == null ? 0 : 1) + " " + charges.size() + " " + uses.size());
      return super.take(proof, charges, uses, share, now);
    }
  }

  /** A store that answers as it is told. */
  private static final class Told extends Asked {
    final List<Function<Collection<ApprovalUses.Use>, Answer>> answers = new ArrayList<>();

    @Override
    public synchronized Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> uses,
        MemoryShare share,
        Instant now) {
      return answers.isEmpty()
          ? super.take(proof, charges, uses, share, now)
          : answers.remove(0).apply(uses);
    }
  }

  private Verifier of(ReplayMemory.Joined joined) {
    return builder(joined).build();
  }

  private VerifierBuilder builder(ReplayMemory.Joined joined) {
    return story
        .verifier()
        .replayMemory(joined)
        .budgets("acme", joined.budgets())
        .approvalUses(joined.approvalUses());
  }

  /** A token that may search, and delete if two of three approve, within a budget. */
  private AgentToken token(int calls) {
    return story.issuer.mint(
        Bare.of(story.delegation())
            .expiresIn(Escalated.QUARTER)
            .grant("jira.search")
            .grant(
                Escalated.delete()
                    .ifApproved(2, e.boss.publicKey(), e.auditor.publicKey(), e.lawyer.publicKey()))
            .budget("at most " + calls + " calls from acme as a"));
  }

  private Approved approved(AgentToken token, int approvers) {
    List<Approval> given = new ArrayList<>();
    for (int i = 0; i < approvers; i++) {
      given.add(
          e.approval(token, List.of(e.boss, e.auditor, e.lawyer).get(i), Escalated.call(), ONCE));
      story.clock.forward(Duration.ofSeconds(1));
    }
    return new Approved(token, given);
  }

  private CallDecision delete(Verifier by, Approved approved) {
    return e.decide(by, approved, story.plannerKey, Escalated.call());
  }

  /** How much of the budgets of a store is charged. */
  private static long charged(ReplayMemory.Joined store, DecisionEvent event) {
    long much = Long.MAX_VALUE / 2;
    Budgets.Charge charge = new Budgets.Charge(event.budgets().get(0), much + 1, much, null);
    return much - Objects.requireNonNull(store.budgets().look(List.of(charge), Story.NOON)).left();
  }

  @Test
  void decide_allMemoriesOfOneStore_asksOnceForACall() {
    List<DecisionEvent> events = new ArrayList<>();
    Verifier told = builder(store).listener(events::add).build();
    Approved approved = approved(token(5), 2);
    Proof proof = e.proof(approved, story.plannerKey, Escalated.call());

    assertThat(told.decide(approved.token().token(), Escalated.call(), proof, approved.sent()))
        .isInstanceOf(CallDecision.Allowed.class);

    assertThat(store.steps).containsExactly("1 1 2");
    assertThat(charged(store, events.get(0))).isEqualTo(1);
    approved
        .approvals()
        .forEach(
            one ->
                assertThat(store.approvalUses().known(List.of(one.use())))
                    .containsExactly(one.use()));
    assertThat(codeOf(delete(told, approved))).isEqualTo(DenialCode.APPROVAL_USED);
    assertThat(codeOf(story.decide(told, token(5), story.plannerKey, Story.search()))).isNull();
    assertThat(store.steps).containsExactly("1 1 2", "1 1 0");
    assertThat(charged(store, events.get(0))).isEqualTo(2);
  }

  @Test
  void decide_proofUsedAtAnotherVerifierOfTheStore_isReplayed() {
    Approved approved = approved(token(5), 2);
    Proof proof = e.proof(approved, story.plannerKey, Escalated.call());
    ToolCall call = Escalated.call();
    SentApprovals sent = approved.sent();
    assertThat(codeOf(verifier.decide(approved.token().token(), call, proof, sent))).isNull();

    Verifier another = of(store);
    Approved anew = new Approved(approved.token(), List.of());
    Proof search = e.proof(anew, story.plannerKey, Story.search());
    assertThat(
            codeOf(
                verifier.decide(anew.token().token(), Story.search(), search, SentApprovals.NONE)))
        .isNull();
    assertThat(
            codeOf(
                another.decide(anew.token().token(), Story.search(), search, SentApprovals.NONE)))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
    assertThat(store.steps).containsExactly("1 1 2", "1 1 0", "1 1 0");
  }

  @Test
  void decide_callTakesNothingButItsProof_asksThatAlone() {
    assertThat(codeOf(story.decide(verifier, story.atPlanner(), story.plannerKey, Story.search())))
        .isNull();

    assertThat(store.steps).containsExactly("proof alone");
  }

  @Test
  void decide_anyMemoryFromElsewhere_asksEachByItself() {
    Asked other = new Asked();
    List<VerifierBuilder> mixed =
        List.of(
            builder(store).budgets("other", store.budgets()),
            builder(store).approvalUses(other.approvalUses()),
            builder(store).replayMemory(other),
            story.verifier().replayMemory(store).budgets("acme", store.budgets()),
            story
                .verifier()
                .replayMemory(store)
                .approvalUses(store.approvalUses())
                .budgets("acme", other.budgets()));
    for (VerifierBuilder one : mixed) {
      assertThat(codeOf(delete(one.build(), approved(token(9), 2)))).isNull();
    }

    assertThat(store.steps).hasSize(4).containsOnly("proof alone");
    assertThat(other.steps).containsExactly("proof alone");
  }

  @Test
  void decide_lostRaceForAnApproval_leavesItOutAndClaimsTheProofOnce() {
    Told racing = new Told();
    Approved approved = approved(token(5), 3);
    ApprovalUses.Use lost = approved.approvals().get(0).use();
    racing.answers.add(
        uses -> {
          assertThat(racing.approvalUses().claim(List.of(lost), share(), Story.NOON)).isEmpty();
          return Answer.usedUp(Set.of(lost));
        });
    Verifier by = of(racing);

    assertThat(codeOf(delete(by, approved))).isNull();

    assertThat(racing.steps).containsExactly("0 1 2");
    assertThat(codeOf(delete(by, approved(approved.token(), 1))))
        .isEqualTo(DenialCode.APPROVAL_REQUIRED);
  }

  private static MemoryShare share() {
    return MemoryShare.of("user:carol", new byte[] {7});
  }

  @Test
  void decide_storeFails_saysWhatWasAskedFirst() {
    assertThat(codes(failing(new IllegalStateException("secret"))))
        .containsExactly(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    for (ErrorCode code :
        List.of(
            ErrorCode.BUDGET_UNAVAILABLE,
            ErrorCode.APPROVAL_USES_UNAVAILABLE,
            ErrorCode.DATABASE_UNAVAILABLE,
            ErrorCode.HOLDER_PROOF_EXPIRED)) {
      assertThat(codes(failing(new TaperException(code, "no"))))
          .containsExactly(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    }
    assertThat(codes(failing(new TaperException(ErrorCode.REPLAY_CACHE_FULL, "no"))))
        .containsExactly(DenialCode.REPLAY_CACHE_FULL);
    assertThat(codes(failing(new TaperException(ErrorCode.BUDGETS_FULL, "no"))))
        .containsExactly(DenialCode.BUDGET_UNAVAILABLE);
    assertThat(codes(failing(new TaperException(ErrorCode.APPROVAL_USES_FULL, "no"))))
        .containsExactly(DenialCode.APPROVAL_USES_FULL);
  }

  @Test
  void decide_storeFailsAfterTheProofWasTaken_saysThatTheBudgetIsUnknown() {
    Approved approved = approved(token(5), 3);
    Told racing = new Told();
    racing.answers.add(uses -> Answer.usedUp(Set.of(approved.approvals().get(0).use())));
    racing.answers.add(
        uses -> {
          throw new TaperException(ErrorCode.REPLAY_CACHE_FULL, "not asked for");
        });

    assertThat(codeOf(delete(of(racing), approved))).isEqualTo(DenialCode.BUDGET_UNAVAILABLE);
  }

  /** A store that is not to be trusted to count is not to be believed. */
  @Test
  void decide_answerToAnotherQuestion_isRefused() {
    Budgets.Charge other = new Budgets.Charge("a".repeat(64), 1, 1, null);
    Approved stranger = e.approved(e.ifBossApproves(), e.boss, Escalated.call(), ONCE);
    ApprovalUses.Use unknown = stranger.approvals().get(0).use();
    for (Answer answer :
        List.of(
            Answer.taken(null),
            Answer.usedUp(Set.of(unknown)),
            Answer.exhausted(new Budgets.Exhausted(1, 0)),
            new Answer(false, new Budgets.Charged(List.of(other), List.of(0L)), Set.of(unknown)))) {
      Told wrong = new Told();
      wrong.answers.add(uses -> answer);
      assertThat(codes(wrong)).containsExactly(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    }
  }

  private Told failing(RuntimeException failure) {
    Told failing = new Told();
    failing.answers.add(
        uses -> {
          throw failure;
        });
    return failing;
  }

  private List<@Nullable DenialCode> codes(ReplayMemory.Joined joined) {
    List<@Nullable DenialCode> codes = new ArrayList<>();
    codes.add(codeOf(delete(of(joined), approved(token(5), 2))));
    return codes;
  }

  @Test
  void decide_notRecorded_givesBackAllButTheProof() {
    Verifier unrecorded =
        builder(store)
            .listener(
                event -> {
                  throw new IllegalStateException("disk full");
                })
            .build();
    Approved approved = approved(token(1), 2);
    Proof proof = e.proof(approved, story.plannerKey, Escalated.call());

    assertThat(
            codeOf(
                unrecorded.decide(
                    approved.token().token(), Escalated.call(), proof, approved.sent())))
        .isEqualTo(DenialCode.AUDIT_UNAVAILABLE);

    assertThat(
            codeOf(
                verifier.decide(
                    approved.token().token(), Escalated.call(), proof, approved.sent())))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
    assertThat(codeOf(delete(verifier, approved))).isNull();
  }

  /** Two verifiers, of which one asks a joined store and the other three memories. */
  @Test
  void decide_anyCalls_areAnsweredAsByThreeMemories() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Asked apart = new Asked();
    Verifier stepwise = builder(apart).replayMemory(ReplayMemory.inMemory()).build();
    List<AgentToken> tokens = List.of(token(6), token(20));
    List<Approved> some = new ArrayList<>();
    for (AgentToken token : tokens) {
      for (int i = 0; i < 4; i++) {
        some.add(approved(token, 3));
      }
    }
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Sent one = random.nextInt(4) == 0 && !sent.isEmpty() ? any(random, sent) : made(random, some);
      sent.add(one);

      assertThat(codeOf(one.to(verifier)))
          .as("call %s of seed %s", i, seed)
          .isEqualTo(codeOf(one.to(stepwise)));
    }
    assertThat(store.steps).anyMatch("1 1 2"::equals).anyMatch("1 1 0"::equals);
    assertThat(apart.steps).isEmpty();
  }

  /** What is sent for a call. */
  private record Sent(Approved approved, ToolCall call, Proof proof) {
    CallDecision to(Verifier verifier) {
      return verifier.decide(approved.token().token(), call, proof, approved.sent());
    }
  }

  private static <T> T any(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Sent made(Random random, List<Approved> some) {
    Approved approved = any(random, some);
    ToolCall call = random.nextInt(3) > 0 ? Escalated.call() : Story.search();
    return new Sent(approved, call, e.proof(approved, story.plannerKey, call));
  }

  /** Or a call that needs an approval, too, would be made without its budget. */
  @Test
  void decide_callWithoutTheAmountOfABudget_isRefusedAndTakesNoApproval() {
    AgentToken counting =
        story.issuer.mint(
            Bare.of(story.delegation())
                .expiresIn(Escalated.QUARTER)
                .grant(Escalated.delete().ifApproved(e.boss.publicKey()))
                .budget("at most 5 EUR of unknown from acme as a"));
    Approved approved = approved(counting, 1);

    assertThat(codeOf(delete(verifier, approved))).isEqualTo(DenialCode.BUDGET_AMOUNT);

    assertThat(store.steps).containsExactly("proof alone");
    assertThat(store.approvalUses().known(List.of(approved.approvals().get(0).use()))).isEmpty();
  }

  /** It took nothing then, and the call must not be made. */
  @Test
  void decide_replayOfAProofThatWasNotAskedFor_isRefused() {
    Approved approved = approved(token(5), 3);
    Told wrong = new Told();
    wrong.answers.add(uses -> Answer.usedUp(Set.of(approved.approvals().get(0).use())));
    wrong.answers.add(uses -> Answer.ofReplay());

    assertThat(codeOf(delete(of(wrong), approved))).isEqualTo(DenialCode.BUDGET_UNAVAILABLE);
  }

  @Test
  void decide_nothingButAnApprovalLeftToTake_asksForThatAlone() {
    AgentToken token = e.ifBossApproves();
    Approval first = e.approval(token, e.boss, Escalated.call(), ONCE);
    story.clock.forward(Duration.ofSeconds(1));
    Approval second = e.approval(token, e.boss, Escalated.call(), ONCE);
    Told racing = new Told();
    racing.answers.add(uses -> Answer.usedUp(Set.of(first.use())));

    assertThat(codeOf(delete(of(racing), Escalated.with(token, first, second)))).isNull();

    assertThat(racing.steps).isEmpty();
    assertThat(racing.approvalUses().known(List.of(second.use()))).containsExactly(second.use());
  }
}
