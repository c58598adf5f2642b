package dev.taper.agent;

import dev.taper.TaperException;
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
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call on its way to a decision, and the attribution of a refusal to a hop. For one thread. */
final class Ruling {
  private final PolicySet policies;
  private final String audience;
  private final Invocation call;
  private final VerifiedChain token;
  private final DelegationChain chain;
  private final @Nullable AgentDirectory directory;

  Ruling(
      PolicySet policies,
      String audience,
      Invocation call,
      VerifiedChain token,
      DelegationChain chain,
      @Nullable AgentDirectory directory) {
    this.policies = policies;
    this.audience = audience;
    this.call = call;
    this.token = token;
    this.chain = chain;
    this.directory = directory;
  }

  /** A refusal before any check was evaluated. */
  CallDecision denied(DenialCode code, String reason) {
    return new CallDecision(code, reason, audience, call, chain, null, List.of(), null, null);
  }

  /** A refusal because of one finding, before any check was evaluated. */
  CallDecision denied(DenialCode code, Finding finding) {
    return new CallDecision(
        code, finding.reasons().get(0), audience, call, chain, null, List.of(finding), null, null);
  }

  /** Evaluates the chain's checks and the service's policies. */
  CallDecision decide(
      Authorizer authorizer, RequestFacts request, ExternFunctions externs, RunLimits limits) {
    RequestFacts facts = chain.facts(request, chain.hops().size(), directory);
    Decision decision;
    Explanation explanation;
    try {
      decision = authorizer.facts(facts.list()).externs(externs).limits(limits).authorize();
      if (decision.allowed()) {
        return new CallDecision(
            null, "", audience, call, chain, decision.policy(), List.of(), null, null);
      }
      explanation = decision.explain();
    } catch (TaperException e) {
      return denied(DenialCode.EVALUATION_FAILED, e.code().text() + ": " + e.getMessage());
    }
    List<Finding> findings = findings(decision, explanation, facts);
    DenialCode code = code(decision);
    String last = null;
    int hop = refusingHop(decision);
    for (int length = hop; length > 0 && last == null; length--) {
      if (wouldAllow(length, request, externs, limits)) {
        last = chain.hops().get(length - 1).holderName();
      }
    }
    return new CallDecision(
        code,
        findings.get(0).reasons().get(0),
        audience,
        call,
        chain,
        decision.policy(),
        findings,
        last,
        // Only a missing grant can be asked for, from the one whose token still allows the call.
        code == DenialCode.OUT_OF_SCOPE
            ? Ask.of(last == null ? chain.delegator() : grantor(hop), call, decision, facts)
            : null);
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
      ofService.add(new Finding(null, part.text(), part.text(), reasons));
    }
    if (ofService.isEmpty() && ofHops.isEmpty()) {
      ofService.add(new Finding(null, "", "", List.of("no policy allows it")));
    }
    ofHops.addAll(ofService);
    return ofHops;
  }

  private static DenialCode code(Decision decision) {
    if (decision.outcome() == Outcome.POLICY_DENIED) {
      return DenialCode.POLICY_DENIED;
    }
    DenialCode own = null;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isPresent()) {
        return code(failed);
      }
      own = DenialCode.CHECK_FAILED;
    }
    if (own != null) {
      return own;
    }
    return DenialCode.NO_MATCHING_POLICY;
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

  private boolean wouldAllow(
      int length, RequestFacts request, ExternFunctions externs, RunLimits limits) {
    try {
      return policies
          .hypothetical(token, length)
          .facts(chain.facts(request, length, directory).list())
          .externs(externs)
          .limits(limits)
          .authorize()
          .allowed();
    } catch (TaperException e) {
      return false; // what cannot be evaluated allows nothing
    }
  }
}
