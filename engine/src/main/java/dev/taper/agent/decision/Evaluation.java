package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.WorkBudget;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the checks of one call's chain and the service's policies, and claims what an allowed
 * call uses up: of counted approvals as few as will do, the earliest first, and none if they will
 * not do. Few come with a token, and each costs one more evaluation.
 *
 * <p>The present holder's own blocks cannot ask for an approval that has to be remembered: without
 * those blocks, the call would be allowed as well. So approvals that nobody else asks for are not
 * claimed, and a holder that names itself as approver fills no memory. For one thread.
 */
final class Evaluation implements Attribution.Trials {
  /** Approvals with which a call is allowed, and that decision. */
  private record Spent(List<Approval> approvals, Decision decision) {}

  private final Service service;
  private final ToolCall call;
  private final VerifiedChain token;
  private final DelegationChain chain;
  private final CallFacts request;
  private final Escalation escalation;
  private final Claims claims;

  /** The work that deciding may take; explaining has a budget of its own, made when needed. */
  private final WorkBudget work;

  private @Nullable WorkBudget explaining;
  private boolean exhausted;
  private final Readings readings = new Readings();

  /**
   * Prepares to evaluate.
   *
   * @param request what is known of the call
   * @param escalation what approvals and justifications say of it
   * @param claims claims what an allowed call uses up
   */
  Evaluation(
      Service service,
      VerifiedChain token,
      CallFacts request,
      Escalation escalation,
      Claims claims) {
    this.service = service;
    this.call = escalation.call();
    this.token = token;
    this.chain = escalation.chain();
    this.request = request;
    this.escalation = escalation;
    this.claims = claims;
    this.work = WorkBudget.of(service.shared.limits);
  }

  /** Decides; what a refused call took is given back. */
  Judged.Evaluated decide() {
    Judged.Evaluated evaluated = decided();
    if (!evaluated.decision().allowed()) {
      claims.release();
    }
    return evaluated;
  }

  private Judged.Evaluated decided() {
    Decision decision;
    try {
      decision = evaluate(List.of());
      if (decision.allowed()) {
        var unused = claims.take(List.of(), service.shared.clock.instant());
        return allowed(decision, List.of());
      }
      Spent spent = spend();
      if (spent != null) {
        return allowed(spent.decision, spent.approvals);
      }
    } catch (Spending.Refusal e) {
      return Judged.Evaluated.of(denied(e));
    } catch (TaperException e) {
      return Judged.Evaluated.of(Objection.evaluating(e).denied(service.audience(), call, chain));
    }
    CallDecision refusal =
        new Attribution(service, call, chain, decision, this, readings).refusal(escalation);
    return new Judged.Evaluated(
        refusal, names(escalation.lasting()), escalation.reasons(), List.of(), false);
  }

  private Judged.Evaluated allowed(Decision decision, List<Approval> spent) {
    return new Judged.Evaluated(
        new CallDecision.Allowed(
            service.audience(), call, chain, decision.policy(), new Reservation(claims::release)),
        names(needed(spent)),
        escalation.reasons(),
        List.copyOf(claims.counters()),
        claims.isAlone());
  }

  private static List<String> names(List<Approval> approvals) {
    return approvals.isEmpty() ? List.of() : approvals.stream().map(Approval::name).toList();
  }

  /** Denies the call because a hop's budget refuses it. */
  private CallDecision denied(Spending.Refusal e) {
    DelegationHop hop = chain.hops().get(e.block);
    String reason = String.valueOf(e.getMessage());
    Reason caller = Reason.of(hop, "", "", List.of(reason));
    Reason operator = Reason.of(hop, "", "", List.of(e.operatorReason));
    return CallDecision.Denied.of(e.code, service.audience(), call, chain)
        .because(reason, e.operatorReason)
        .reasons(List.of(caller), List.of(operator))
        .build();
  }

  /**
   * Spends the counted approvals that are needed. One whose last use another call got first is left
   * out, so there are at most as many attempts as approvals, and one more.
   *
   * @return what was spent; null if nothing was, and the call is refused
   * @throws TaperException as {@link Claims#take}, or an error of the evaluation
   */
  private @Nullable Spent spend() {
    while (!escalation.counted().isEmpty()) {
      Spent fewest = fewest(escalation.counted(), this::evaluate);
      if (fewest == null) {
        return null;
      }
      Set<ApprovalUses.Use> before = claims.take(owed(fewest.approvals), escalation.now());
      if (before.isEmpty()) {
        return fewest;
      }
      before.forEach(escalation::used);
    }
    return null;
  }

  /** The needed approvals that somebody other than the present holder asks for. */
  private List<Approval> owed(List<Approval> needed) {
    if (!chain.isNarrowedByHolder()) {
      return needed;
    }
    Spent forOthers;
    try {
      forOthers = fewest(needed, this::withoutOwnBlocks);
    } catch (TaperException e) {
      return needed; // what cannot be told apart is claimed
    }
    return forOthers == null ? needed : forOthers.approvals;
  }

  private static @Nullable Spent fewest(
      List<Approval> some, Function<List<Approval>, Decision> evaluation) {
    List<Approval> needed = new ArrayList<>(some);
    Decision decision = evaluation.apply(needed);
    if (!decision.allowed()) {
      return null;
    }
    for (int i = needed.size() - 1; i >= 0; i--) {
      Approval dropped = needed.remove(i);
      Decision without = evaluation.apply(needed);
      if (without.allowed()) {
        decision = without;
      } else {
        needed.add(i, dropped);
      }
    }
    return new Spent(List.copyOf(needed), decision);
  }

  /**
   * The approvals that an allowed call rests on: those that were spent, and of the lasting ones
   * those without which it would be refused. If that takes too long to find out, all that are left.
   */
  private List<Approval> needed(List<Approval> spent) {
    List<Approval> lasting = new ArrayList<>(escalation.lasting());
    int length = chain.hops().size();
    for (int i = lasting.size() - 1; i >= 0; i--) {
      Approval dropped = lasting.remove(i);
      Decision decision = tried(length, escalation.factsOf(request, lasting, spent));
      if (decision == null || !decision.allowed()) {
        lasting.add(i, dropped);
      }
    }
    lasting.addAll(spent);
    return lasting;
  }

  private Decision evaluate(List<Approval> some) {
    Authorizer authorizer =
        token instanceof HeldToken held
            ? service.policies.authorizerAfterProof(held)
            : service.policies.authorizer((Token) token);
    CallFacts facts = stated(escalation.facts(request, some), chain.hops().size());
    return authorizer.facts(facts.list()).externs(service.shared.externs).work(work).authorize();
  }

  private Decision withoutOwnBlocks(List<Approval> some) {
    return hypothetical(chain.heldSince() + 1, escalation.facts(request, some), work);
  }

  private Decision hypothetical(int length, CallFacts known, WorkBudget from) {
    return service
        .policies
        .hypothetical(token, length)
        .facts(stated(known, length).list())
        .externs(service.shared.externs)
        .work(from)
        .authorize();
  }

  private CallFacts stated(CallFacts known, int length) {
    return chain.facts(known, length, service.rules.directory());
  }

  @Override
  public CallFacts facts(int length) {
    return stated(isOfHolder(length) ? escalation.facts(request, List.of()) : request, length);
  }

  @Override
  public WorkBudget work() {
    WorkBudget budget = explaining;
    if (budget == null) {
      budget = WorkBudget.of(service.shared.explaining());
      explaining = budget;
    }
    return budget;
  }

  @Override
  public boolean exhausted() {
    return exhausted;
  }

  @Override
  public @Nullable Decision decide(int length) {
    return tried(length, isOfHolder(length) ? escalation.facts(request, List.of()) : request);
  }

  @Override
  public @Nullable Decision decideIf(int length, ActivationSearch.Assumed assumed) {
    return tried(
        length,
        isOfHolder(length)
            ? escalation.factsIf(request, assumed)
            : escalation.onlyIf(request, assumed));
  }

  /**
   * False for the blocks that earlier holders had: what was said for the present holder is not for
   * them.
   */
  private boolean isOfHolder(int length) {
    return length > chain.heldSince();
  }

  private @Nullable Decision tried(int length, CallFacts known) {
    try {
      return hypothetical(length, known, work());
    } catch (TaperException e) {
      exhausted |= e.code().category() == ErrorCode.Category.LIMIT;
      return null; // what cannot be evaluated allows nothing
    }
  }

  /** The steps that deciding and explaining took. */
  long stepsUsed() {
    return work.stepsUsed() + (explaining == null ? 0 : explaining.stepsUsed());
  }

  /** What was read and compared to explain. */
  Readings readings() {
    return readings;
  }
}
