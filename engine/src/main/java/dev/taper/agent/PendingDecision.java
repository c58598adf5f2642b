package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.WorkBudget;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call on its way to a decision. For one thread. */
final class PendingDecision {
  /**
   * What a service decides by, for every call alike.
   *
   * @param audience its name
   * @param policies its policies
   * @param directory which names and keys belong together, or null
   * @param externs the functions that expressions may call
   * @param limits the limits of one decision
   * @param clock its time
   * @param approversPublished whether callers may read whom the policies name as approvers
   * @param unexplained counts the refusals that could not be explained
   */
  record Service(
      String audience,
      PolicySet policies,
      @Nullable AgentDirectory directory,
      ExternFunctions externs,
      RunLimits limits,
      Clock clock,
      boolean approversPublished,
      Unexplained unexplained) {
    Service with(PolicySet others) {
      return new Service(
          audience, others, directory, externs, limits, clock, approversPublished, unexplained);
    }

    Service with(AgentDirectory other) {
      return new Service(
          audience, policies, other, externs, limits, clock, approversPublished, unexplained);
    }

    /** The limits of explaining one decision: a small part of the limits of making it. */
    RunLimits explaining() {
      return limits.withMaxSteps(Math.max(1, limits.maxSteps() / EXPLAINING_SHARE));
    }
  }

  private static final int EXPLAINING_SHARE = 4;

  private final Service service;
  private final ToolCall call;
  private final VerifiedChain token;
  private final DelegationChain chain;

  /** The work that deciding may take; explaining has a budget of its own, made when needed. */
  private final WorkBudget work;

  private @Nullable WorkBudget explaining;

  private final Readings readings = new Readings();

  PendingDecision(Service service, ToolCall call, VerifiedChain token, DelegationChain chain) {
    this.service = service;
    this.call = call;
    this.token = token;
    this.chain = chain;
    this.work = WorkBudget.of(service.limits);
  }

  ToolCall call() {
    return call;
  }

  DelegationChain chain() {
    return chain;
  }

  /** Denies the call before any check is evaluated. */
  CallDecision denied(DenialCode code, String reason) {
    return denied(code, reason, reason);
  }

  /** Denies the call, with other words for the operator than for the caller. */
  CallDecision denied(DenialCode code, String reason, String operatorReason) {
    return denial(code).because(reason, operatorReason).build();
  }

  /** Denies the call for one reason, before any check is evaluated. */
  CallDecision denied(DenialCode code, Reason reason) {
    return denial(code).because(reason).build();
  }

  /**
   * Denies the call before any check is evaluated.
   *
   * @param blamesBlock whether the reason is a block's, and not only a sentence
   * @param decider what decided; null for no check
   */
  CallDecision denied(
      DenialCode code, Reason reason, boolean blamesBlock, CallDecision.@Nullable Decider decider) {
    CallDecision.Denied.Builder denial = denial(code);
    return (blamesBlock ? denial.because(reason) : denial.because(reason.details().get(0)))
        .decider(decider)
        .build();
  }

  private CallDecision.Denied.Builder denial(DenialCode code) {
    return CallDecision.Denied.of(code, service.audience, call, chain);
  }

  /**
   * Evaluates the chain's checks and the service's policies.
   *
   * @param request what is known of the call
   * @param escalation what approvals and justifications say of it
   * @param claims claims what an allowed call uses up
   * @param basis is told what was stated of them
   */
  CallDecision decide(
      CallFacts request, Escalation escalation, Claims claims, DecisionBasis basis) {
    Decision decision;
    try {
      decision = evaluate(request, escalation, List.of());
      if (decision.allowed()) {
        claims.take(call, List.of(), service.clock.instant());
        basis.took(claims);
        escalation.note(needed(request, escalation, List.of()), basis);
        return allowed(decision, claims);
      }
      CountedApprovals.Spent spent =
          new CountedApprovals(
                  escalation,
                  owed -> claims.take(call, owed, escalation.now()),
                  some -> evaluate(request, escalation, some),
                  some -> withoutOwnBlocks(request, escalation, some))
              .spend();
      if (spent != null) {
        basis.took(claims);
        escalation.note(needed(request, escalation, spent.approvals()), basis);
        return allowed(spent.decision(), claims);
      }
      escalation.note(escalation.lasting(), basis);
    } catch (Spending.Refusal e) {
      return denied(e);
    } catch (TaperException e) {
      return denied(e);
    }
    return new Attribution(
            service, call, chain, decision, new Trials(request, escalation), readings)
        .refusal(escalation);
  }

  /**
   * The approvals that an allowed call rests on: those that were spent, and of the lasting ones
   * those without which it would be refused. If that takes too long to find out, all that are left.
   */
  private List<Approval> needed(CallFacts request, Escalation escalation, List<Approval> spent) {
    List<Approval> lasting = new ArrayList<>(escalation.lasting());
    Trials trials = new Trials(request, escalation);
    int length = chain.hops().size();
    for (int i = lasting.size() - 1; i >= 0; i--) {
      Approval dropped = lasting.remove(i);
      CallFacts without = escalation.factsOf(request, lasting, spent);
      Decision decision = trials.tried(length, chain.facts(without, length, service.directory));
      if (decision == null || !decision.allowed()) {
        lasting.add(i, dropped);
      }
    }
    lasting.addAll(spent);
    return lasting;
  }

  /** The steps that deciding and explaining took. */
  long stepsUsed() {
    return work.stepsUsed() + (explaining == null ? 0 : explaining.stepsUsed());
  }

  /** What was read and compared to explain. */
  Readings readings() {
    return readings;
  }

  private CallDecision allowed(Decision decision, Claims claims) {
    return new CallDecision.Allowed(
        service.audience, call, chain, decision.policy(), new Reservation(claims::release));
  }

  /** Denies the call because a hop's budget refuses it. */
  private CallDecision denied(Spending.Refusal e) {
    DelegationHop hop = chain.hops().get(e.block);
    String reason = String.valueOf(e.getMessage());
    Reason caller = Reason.of(hop, "", "", List.of(reason));
    Reason operator = Reason.of(hop, "", "", List.of(e.operatorReason));
    return denial(e.code)
        .because(reason, e.operatorReason)
        .reasons(List.of(caller), List.of(operator))
        .build();
  }

  /** Denies the call because a memory or the evaluation threw an error. */
  CallDecision denied(TaperException e) {
    DenialCode code = DenialCode.of(e.code());
    String message = String.valueOf(e.getMessage());
    return code != null
        ? denied(code, reason(code, message), message)
        : denied(
            DenialCode.EVALUATION_FAILED,
            "the call could not be evaluated",
            e.code().text() + ": " + message);
  }

  /**
   * The reason for the caller: what is wrong with its proof is said in the proof's own words, and
   * what a memory says of itself is not quoted.
   */
  private static String reason(DenialCode code, String message) {
    return switch (code) {
      case PROOF_REPLAYED -> "the proof was used before; every call needs its own";
      case REPLAY_CACHE_FULL -> "the service cannot remember more proofs just now";
      case REPLAY_CACHE_UNAVAILABLE ->
          "the service cannot find out just now whether the proof was used before";
      case BUDGET_UNAVAILABLE -> "the service cannot count the budget just now";
      case APPROVAL_USES_FULL -> "the service cannot remember more used approvals just now";
      case APPROVAL_USES_UNAVAILABLE ->
          "the service cannot find out just now whether the approval was used before";
      case TIMEOUT -> "the service did not come to decide about the call in time";
      default -> message;
    };
  }

  private Decision evaluate(CallFacts request, Escalation escalation, List<Approval> some) {
    return evaluate(
        chain.facts(escalation.facts(request, some), chain.hops().size(), service.directory));
  }

  private Decision evaluate(CallFacts facts) {
    Authorizer authorizer =
        token instanceof HeldToken held
            ? service.policies.authorizerAfterProof(held)
            : service.policies.authorizer((Token) token);
    return authorizer.facts(facts.list()).externs(service.externs).work(work).authorize();
  }

  /** Tries the call with fewer blocks or more approvals, only to explain a refusal. */
  private final class Trials implements Attribution.Trials {
    private final CallFacts request;
    private final Escalation escalation;
    private boolean exhausted;

    Trials(CallFacts request, Escalation escalation) {
      this.request = request;
      this.escalation = escalation;
    }

    @Override
    public CallFacts facts(int length) {
      return chain.facts(
          isOfHolder(length) ? escalation.facts(request, List.of()) : request,
          length,
          service.directory);
    }

    @Override
    public WorkBudget work() {
      WorkBudget budget = explaining;
      if (budget == null) {
        budget = WorkBudget.of(service.explaining());
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
      return tried(length, facts(length));
    }

    @Override
    public @Nullable Decision decideIf(int length, ActivationSearch.Assumed assumed) {
      CallFacts stated =
          isOfHolder(length)
              ? escalation.factsIf(request, assumed)
              : escalation.onlyIf(request, assumed);
      return tried(length, chain.facts(stated, length, service.directory));
    }

    /**
     * False for the blocks that earlier holders had: what was said for the present holder is not
     * for them.
     */
    private boolean isOfHolder(int length) {
      return length > chain.heldSince();
    }

    private @Nullable Decision tried(int length, CallFacts facts) {
      try {
        return hypothetical(length, facts, work());
      } catch (TaperException e) {
        exhausted |= e.code().category() == ErrorCode.Category.LIMIT;
        return null; // what cannot be evaluated allows nothing
      }
    }
  }

  private Decision withoutOwnBlocks(CallFacts request, Escalation escalation, List<Approval> some) {
    int length = chain.heldSince() + 1;
    return hypothetical(
        length, chain.facts(escalation.facts(request, some), length, service.directory), work);
  }

  private Decision hypothetical(int length, CallFacts facts, WorkBudget from) {
    return service
        .policies
        .hypothetical(token, length)
        .facts(facts.list())
        .externs(service.externs)
        .work(from)
        .authorize();
  }
}
