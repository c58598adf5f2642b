package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Budgets among the other steps of a decision: what is taken before, and what is given back. */
class BudgetOrderTest {
  private static final Approval.Terms ONCE = Approval.Terms.lasting(Escalated.QUARTER).once();

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final Budgets budgets = Budgets.forThisProcessOnly();
  private final Verifier verifier = story.verifier().budgets("acme", budgets).build();

  private AgentToken planner(String... texts) {
    Delegation delegation = story.delegation();
    for (String text : texts) {
      delegation = delegation.budget(text);
    }
    return story.issuer.mint(delegation);
  }

  private CallDecision call(Verifier by, AgentToken token) {
    return story.decide(by, token, story.plannerKey, Story.search());
  }

  private static void assertDenied(CallDecision decision, DenialCode code, @Nullable Integer hop) {
    assertThat(decision).isInstanceOf(CallDecision.Denied.class);
    CallDecision.Denied denied = (CallDecision.Denied) decision;
    assertThat(denied.code()).as(denied.operatorReason()).isEqualTo(code);
    DelegationHop failing = denied.failingHop();
    assertThat(failing == null ? null : (Integer) failing.block()).isEqualTo(hop);
  }

  /** A token that may delete if the boss approves, within a budget. */
  private AgentToken ifBossApproves(int calls) {
    return story.issuer.mint(
        Bare.of(story.delegation())
            .expiresIn(Escalated.QUARTER)
            .grant(Escalated.delete().ifApproved(e.boss.publicKey()))
            .budget("at most " + calls + " calls from acme as a"));
  }

  @Test
  void decide_oneCounterTwiceInAChain_isChargedOnceAgainstTheSmallestLimit() {
    AgentToken wide =
        story
            .atPlanner()
            .delegate(
                story.plannerKey,
                Hop.toSelf().budget("at most 5 calls from acme as own"),
                story.clock);
    AgentToken narrow =
        wide.delegate(
            story.plannerKey, Hop.toSelf().budget("at most 2 calls from acme as own"), story.clock);

    assertThat(call(verifier, narrow).allowed()).isTrue();
    assertThat(call(verifier, narrow).allowed()).isTrue();
    assertDenied(call(verifier, narrow), DenialCode.BUDGET_EXHAUSTED, 2);
    for (int i = 0; i < 3; i++) {
      assertThat(call(verifier, wide).allowed()).isTrue();
    }
    assertDenied(call(verifier, wide), DenialCode.BUDGET_EXHAUSTED, 1);
  }

  @Test
  void decide_secondStoreHasTooLittle_givesBackWhatTheFirstTook() {
    AgentToken token = planner("at most 1 calls from acme as a", "at most 0 calls from group as b");
    Verifier both =
        story
            .verifier()
            .budgets("acme", budgets)
            .budgets("group", Budgets.forThisProcessOnly())
            .build();

    assertDenied(call(both, token), DenialCode.BUDGET_EXHAUSTED, 0);

    assertThat(call(verifier, planner("at most 1 calls from acme as a")).allowed()).isTrue();
  }

  /** A store that fails, or looks on while others fail. */
  private static final class Broken implements Budgets {
    final List<Charged> given = new ArrayList<>();

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
      throw new IllegalStateException("secret: the disk is full");
    }

    @Override
    public void giveBack(Charged charged) {
      given.add(charged);
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
      throw new IllegalStateException("the disk is full");
    }
  }

  /** Or each call waits for the store until its deadline. */
  @Test
  void decide_storeDoesNotAnswer_isNotAskedForAMomentThenByOneCall() {
    AtomicLong nanos = new AtomicLong();
    int[] asked = {0};
    boolean[] works = {false};
    Budgets hung =
        charging(
            (charges, now) -> {
              asked[0]++;
              if (works[0]) {
                return new Budgets.Charged(charges, List.of(0L));
              }
              nanos.addAndGet(Objects.requireNonNull(Deadline.current()).left().toNanos());
              throw new TaperException(ErrorCode.BUDGET_UNAVAILABLE, "no answer");
            });
    Verifier by = story.verifier().ticker(nanos::get).budgets("acme", hung).build();
    AgentToken token = planner("at most 9 calls from acme as a");
    for (int i = 0; i < 20; i++) {
      assertDenied(call(by, token), DenialCode.BUDGET_UNAVAILABLE, null);
    }
    assertThat(asked[0]).isEqualTo(Breaker.FAILURES);

    works[0] = true;
    nanos.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(call(by, token).allowed()).isTrue();
  }

  /** Or whoever has used up its share keeps all others from being asked for. */
  @Test
  void decide_storeIsFull_isAskedForOthersAllTheSame() {
    int[] asked = {0};
    Budgets full =
        charging(
            (charges, now) -> {
              asked[0]++;
              throw new TaperException(ErrorCode.BUDGETS_FULL, "no room");
            });
    Verifier by = story.verifier().budgets("acme", full).build();
    AgentToken token = planner("at most 9 calls from acme as a");
    for (int i = 0; i < 20; i++) {
      assertDenied(call(by, token), DenialCode.BUDGET_UNAVAILABLE, null);
    }
    assertThat(asked[0]).isEqualTo(20);
  }

  /** A store that is only asked to charge. */
  private static Budgets charging(
      BiFunction<List<Budgets.Charge>, Instant, Budgets.Answer> charge) {
    return new Budgets() {
      @Override
      public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
        return charge.apply(charges, now);
      }

      @Override
      public void giveBack(Charged charged) {
        throw new AssertionError("every call that was charged is made");
      }

      @Override
      public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
        throw new AssertionError("nobody looks");
      }
    };
  }

  @Test
  void decide_storeFails_isRefusedAndNothingIsTaken() {
    AgentToken token = planner("at most 1 calls from acme as a", "at most 9 calls from group as b");
    Broken broken = new Broken();
    Verifier both = story.verifier().budgets("acme", budgets).budgets("group", broken).build();

    CallDecision decision = call(both, token);

    assertDenied(decision, DenialCode.BUDGET_UNAVAILABLE, null);
    assertThat(decision.explanation()).doesNotContain("secret");
    assertThat(broken.given).isEmpty();
    assertThat(call(verifier, planner("at most 1 calls from acme as a")).allowed()).isTrue();
    assertThat(both.health().stores())
        .anySatisfy(store -> assertThat(store.name()).isEqualTo("the budgets of group"));
  }

  @Test
  void decide_budgetIsUsedUp_theNonceStaysUsedAndNoApprovalIs() {
    AgentToken token = ifBossApproves(1);
    Approved first = e.approved(token, e.boss, Escalated.call(), ONCE);
    assertThat(decide(verifier, first).allowed()).isTrue();
    Approved second = e.approved(token, e.boss, Escalated.call(), ONCE);
    Proof proof = e.proof(second, story.plannerKey, Escalated.call());

    for (DenialCode code : List.of(DenialCode.BUDGET_EXHAUSTED, DenialCode.PROOF_REPLAYED)) {
      CallDecision denied =
          verifier.decide(second.token().token(), Escalated.call(), proof, second.sent());
      assertThat(((CallDecision.Denied) denied).code()).isEqualTo(code);
    }

    assertThat(Objects.requireNonNull(verifier.health().approvalUses()).size()).isEqualTo(1);
  }

  private CallDecision decide(Verifier by, Approved approved) {
    return e.decide(by, approved, story.plannerKey, Escalated.call());
  }

  @Test
  void decide_approvalsCannotBeClaimed_givesTheBudgetBack() {
    AgentToken token = ifBossApproves(1);
    Verifier refusing =
        story
            .verifier()
            .budgets("acme", budgets)
            .approvalUses(
                new ApprovalUses() {
                  @Override
                  public Set<ApprovalUses.Use> claim(
                      Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
                    throw new TaperException(ErrorCode.APPROVAL_USES_FULL, "full");
                  }

                  @Override
                  public void release(Collection<ApprovalUses.Use> uses) {}

                  @Override
                  public boolean durable() {
                    return true;
                  }
                })
            .build();

    assertDenied(
        decide(refusing, e.approved(token, e.boss, Escalated.call(), ONCE)),
        DenialCode.APPROVAL_USES_FULL,
        null);

    assertThat(decide(verifier, e.approved(token, e.boss, Escalated.call(), ONCE)).allowed())
        .isTrue();
  }

  @Test
  void decide_leftOver_isNoFact() {
    Verifier asking =
        story
            .verifier()
            .budgets("acme", budgets)
            .policies(
                PolicySet.of(
                    Datalog.authorizer(
                        "check all budget_store($s), $s == \"acme\";"
                            + " reject if budget_store($a, $b);"
                            + " reject if budget($i, $s, $t, $a, $u, $l, $w), $l != 9;"
                            + " allow if true;")))
            .build();
    AgentToken token = planner("at most 9 calls from acme as a");

    assertThat(call(asking, token).allowed()).isTrue();
    assertThat(call(asking, token).allowed()).isTrue();
  }

  @Test
  void listener_allowedAndDeniedCalls_hearOfChargedCountersOnly() {
    List<List<String>> heard = new ArrayList<>();
    Verifier listened =
        story
            .verifier()
            .budgets("acme", budgets)
            .listener(event -> heard.add(event.budgets()))
            .build();
    AgentToken token = planner("at most 1 calls from acme as a", "at most 0 calls for x from acme");

    assertThat(call(listened, token).allowed()).isTrue();
    assertThat(call(listened, token).allowed()).isFalse();

    assertThat(heard).hasSize(2);
    assertThat(heard.get(0)).hasSize(1).allMatch(counter -> counter.matches("[0-9a-f]{64}"));
    assertThat(heard.get(1)).isEmpty();
  }

  @Test
  void health_stores_tellTheirFill() {
    assertThat(call(verifier, planner("at most 1 calls from acme as a")).allowed()).isTrue();

    assertThat(verifier.health().budgets())
        .containsExactly(new VerifierHealth.BudgetFill("acme", new Fill(1, 1 << 16)));
  }

  @Test
  void decide_reservationNobodyCloses_counts() {
    AgentToken token = planner("at most 1 calls from acme as a");
    assertThat(call(verifier, token).allowed()).isTrue();

    assertDenied(call(verifier, token), DenialCode.BUDGET_EXHAUSTED, 0);
  }

  @Test
  void decide_handlerThrows_counts() {
    AgentToken token = planner("at most 1 calls from acme as a");
    CallDecision.Allowed allowed = (CallDecision.Allowed) call(verifier, token);
    try (Reservation taken = allowed.reservation()) {
      assertThat(taken).isNotNull();
      throw new IllegalStateException("the handler failed");
    } catch (IllegalStateException failed) {
      assertThat(failed).hasMessage("the handler failed");
    }

    assertDenied(call(verifier, token), DenialCode.BUDGET_EXHAUSTED, 0);
  }
}
