package dev.taper.agent;

import dev.taper.TaperException;
import dev.taper.agent.escalation.Approval;
import dev.taper.agent.grant.AudienceIn;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Expiry;
import dev.taper.agent.grant.ForTask;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.MaxDepth;
import dev.taper.agent.grant.NotBefore;
import dev.taper.agent.grant.VerifiedHolder;
import dev.taper.agent.request.Invocation;
import dev.taper.agent.request.RequestFacts;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Explanation;
import dev.taper.authorizer.FailedCheck;
import dev.taper.authorizer.Outcome;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.engine.ExternFunctions;
import dev.taper.datalog.engine.RunLimits;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call on its way to a decision, and the attribution of a refusal to a hop. For one thread. */
final class Ruling {
  /**
   * What a service decides by, the same for every call.
   *
   * @param audience its name
   * @param policies its policies
   * @param directory which names and keys belong together, or null
   * @param externs the functions that expressions may call
   * @param limits the limits of one evaluation
   */
  record Service(
      String audience,
      PolicySet policies,
      @Nullable AgentDirectory directory,
      ExternFunctions externs,
      RunLimits limits) {}

  private final Service service;
  private final Invocation call;
  private final VerifiedChain token;
  private final DelegationChain chain;

  Ruling(Service service, Invocation call, VerifiedChain token, DelegationChain chain) {
    this.service = service;
    this.call = call;
    this.token = token;
    this.chain = chain;
  }

  Invocation call() {
    return call;
  }

  DelegationChain chain() {
    return chain;
  }

  /** A refusal before any check was evaluated. */
  CallDecision denied(DenialCode code, String reason) {
    return CallDecision.refused(code, reason, service.audience, call, chain);
  }

  /** A refusal because of one finding, before any check was evaluated. */
  CallDecision denied(DenialCode code, Finding finding) {
    return new CallDecision(
        code,
        finding.reasons().get(0),
        service.audience,
        call,
        chain,
        null,
        List.of(finding),
        null,
        null,
        null);
  }

  /**
   * Evaluates the chain's checks and the service's policies.
   *
   * @param request what is known of the request
   * @param escalation what approvals and justifications say of it
   * @param claims claims what an allowed call uses up
   * @param evidence is told what was stated of them
   */
  CallDecision decide(
      RequestFacts request, Escalation escalation, Claims claims, Evidence evidence) {
    RequestFacts stated = escalation.facts(request, List.of());
    RequestFacts facts = chain.facts(stated, chain.hops().size(), service.directory);
    Decision decision;
    Explanation explanation;
    try {
      decision = evaluate(facts);
      if (decision.allowed()) {
        claims.nonce();
        escalation.note(List.of(), evidence);
        return allowed(decision);
      }
      SingleUse.Spent spent =
          new SingleUse(
                  escalation,
                  claims,
                  some -> evaluate(request, escalation, some),
                  some -> hypothetical(chain.heldSince() + 1, escalation.facts(request, some)))
              .spend();
      if (spent != null) {
        escalation.note(spent.approvals(), evidence);
        return allowed(spent.decision());
      }
      escalation.note(List.of(), evidence);
      explanation = decision.explain();
    } catch (TaperException e) {
      return denied(e);
    }
    List<Finding> findings = findings(decision, explanation, facts);
    Dormancy dormancy = Dormancy.of(decision, facts, escalation);
    if (dormancy != null) {
      return new CallDecision(
          dormancy.code(),
          dormancy.reason(),
          service.audience,
          call,
          chain,
          decision.policy(),
          findings,
          null,
          null,
          dormancy.dormant());
    }
    DenialCode code = code(decision, facts);
    String last = null;
    int hop = refusingHop(decision);
    for (int length = hop; length > 0 && last == null; length--) {
      if (wouldAllow(length, stated)) {
        last = chain.hops().get(length - 1).holderName();
      }
    }
    return new CallDecision(
        code,
        findings.get(0).reasons().get(0),
        service.audience,
        call,
        chain,
        decision.policy(),
        findings,
        last,
        // Only a missing grant can be asked for, from the one whose token still allows the call.
        code == DenialCode.OUT_OF_SCOPE
            ? Ask.of(last == null ? chain.delegator() : grantor(hop), call, decision, facts)
            : null,
        null);
  }

  private CallDecision allowed(Decision decision) {
    return new CallDecision(
        null, "", service.audience, call, chain, decision.policy(), List.of(), null, null, null);
  }

  /** A refusal because of what was thrown by a memory, or while evaluating. */
  CallDecision denied(TaperException e) {
    DenialCode code = DenialCode.of(e.code());
    return code != null
        ? denied(code, String.valueOf(e.getMessage()))
        : denied(DenialCode.EVALUATION_FAILED, e.code().text() + ": " + e.getMessage());
  }

  private Decision evaluate(RequestFacts request, Escalation escalation, List<Approval> some) {
    return evaluate(
        chain.facts(escalation.facts(request, some), chain.hops().size(), service.directory));
  }

  private Decision evaluate(RequestFacts facts) {
    Authorizer authorizer =
        token instanceof HeldToken held
            ? service.policies.authorizerAfterProof(held)
            : service.policies.authorizer((Token) token);
    return authorizer
        .facts(facts.list())
        .externs(service.externs)
        .limits(service.limits)
        .authorize();
  }

  /** The refusing hops' findings, the earliest first, then those of the service. */
  private List<Finding> findings(Decision decision, Explanation why, RequestFacts facts) {
    List<Finding> ofHops = new ArrayList<>();
    List<Finding> ofService = new ArrayList<>();
    for (int i = 0; i < decision.failedChecks().size(); i++) {
      FailedCheck failed = decision.failedChecks().get(i);
      boolean isHop = failed.block().isPresent();
      DelegationHop hop = isHop ? chain.hops().get(failed.block().getAsInt()) : null;
      (isHop ? ofHops : ofService).add(Finding.of(failed, hop, facts, why.parts().get(i)));
    }
    for (Explanation.Part part :
        why.parts().subList(decision.failedChecks().size(), why.parts().size())) {
      List<String> reasons = new ArrayList<>();
      part.queries().forEach(query -> reasons.add(Explanation.words(query)));
      ofService.add(new Finding(null, part.text(), part.text(), reasons, part.part()));
    }
    if (ofService.isEmpty() && ofHops.isEmpty()) {
      ofService.add(new Finding(null, "", "", List.of("no policy allows it")));
    }
    ofHops.addAll(ofService);
    return ofHops;
  }

  private static DenialCode code(Decision decision, RequestFacts facts) {
    if (decision.outcome() == Outcome.POLICY_DENIED) {
      return DenialCode.POLICY_DENIED;
    }
    DenialCode first = null;
    DenialCode own = null;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isEmpty()) {
        own = DenialCode.CHECK_FAILED;
      } else if (Dormancy.dormant(failed, facts) == null) {
        return code(failed);
      } else if (first == null) {
        first = code(failed); // waking the grant would not be enough
      }
    }
    if (own != null) {
      return own;
    }
    return first != null ? first : DenialCode.NO_MATCHING_POLICY;
  }

  private static DenialCode code(FailedCheck failed) {
    Caveat caveat = Caveat.of(failed.check());
    if (caveat instanceof Grants) {
      return DenialCode.OUT_OF_SCOPE;
    } else if (caveat instanceof Expiry) {
      return DenialCode.EXPIRED;
    } else if (caveat instanceof NotBefore) {
      return DenialCode.NOT_YET_VALID;
    } else if (caveat instanceof AudienceIn) {
      return DenialCode.WRONG_AUDIENCE;
    } else if (caveat instanceof ForTask) {
      return DenialCode.WRONG_TASK;
    } else if (caveat instanceof MaxDepth) {
      return DenialCode.TOO_DEEP;
    } else if (caveat instanceof VerifiedHolder) {
      return DenialCode.HOLDER_NOT_VERIFIED;
    }
    return DenialCode.CHECK_FAILED;
  }

  /** The first hop with a failed check: no token from there on allows the call. */
  private static int refusingHop(Decision decision) {
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isPresent()) {
        return failed.block().getAsInt();
      }
    }
    return 0;
  }

  private String grantor(int hop) {
    return chain.hops().get(hop).grantor();
  }

  private boolean wouldAllow(int length, RequestFacts request) {
    try {
      return hypothetical(length, request).allowed();
    } catch (TaperException e) {
      return false; // what cannot be evaluated allows nothing
    }
  }

  private Decision hypothetical(int length, RequestFacts request) {
    return service
        .policies
        .hypothetical(token, length)
        .facts(chain.facts(request, length, service.directory).list())
        .externs(service.externs)
        .limits(service.limits)
        .authorize();
  }
}
