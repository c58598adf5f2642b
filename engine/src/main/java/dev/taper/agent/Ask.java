package dev.taper.agent;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.Mismatch;
import dev.taper.agent.request.Invocation;
import dev.taper.agent.request.RequestFacts;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.FailedCheck;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * What would let a refused call through: the smallest grant that covers it, and whom to ask.
 *
 * @param whom the last party in the chain that could grant it
 * @param grant just this call: its tool, operation and resource, and the arguments that did not fit
 */
public record Ask(String whom, Grant grant) {
  /** What to ask for after a decision that no grant of the chain covers. */
  static Ask of(String whom, Invocation call, Decision decision, RequestFacts facts) {
    Grant grant = Grant.tools(call.tool());
    if (call.operation() != null) {
      grant = grant.operations(call.operation());
    }
    if (call.resource() != null) {
      grant = grant.resources(call.resource());
    }
    for (Fact argument : facts.named("arg")) {
      String name = argument.predicate().terms().get(0) instanceof Term.Str s ? s.value() : "";
      Constraint exactly = exactly(name, argument.predicate().terms().get(1));
      if (exactly != null && isRefused(name, decision, facts)) {
        grant = grant.where(exactly);
      }
    }
    return new Ask(whom, grant);
  }

  private static @Nullable Constraint exactly(String name, Term value) {
    if (value instanceof Term.Str s) {
      return Constraint.arg(name).is(s.value());
    } else if (value instanceof Term.Int i) {
      return Constraint.arg(name).is(i.value());
    } else if (value instanceof Term.Bool b) {
      return Constraint.arg(name).is(b.value());
    }
    return null; // no grant names a whole list or map
  }

  /** True if the grants that the call came nearest to refuse this argument. */
  private static boolean isRefused(String argument, Decision decision, RequestFacts facts) {
    for (FailedCheck failed : decision.failedChecks()) {
      if (Caveat.of(failed.check()) instanceof Grants grants) {
        for (Mismatch mismatch : grants.nearest(facts).mismatches(facts)) {
          if (mismatch.subject().equals("argument " + argument)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
