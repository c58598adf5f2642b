package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What would let a refused call through: the smallest grant that covers it, and whom to ask.
 *
 * @param whom the last party in the chain that could grant it
 * @param grant just this call: its tool, operation and resource, and the arguments that did not fit
 * @param unnamed those of these arguments whose values no grant can name: a list, a decimal, a long
 *     text; the grant lets any value of theirs through
 * @param missingActivation what that party needs itself first, because its own grant of the call is
 *     not active; null if it needs nothing
 */
public record Suggestion(
    String whom, Grant grant, List<String> unnamed, @Nullable MissingActivation missingActivation) {
  /** Copies the list. */
  public Suggestion {
    unnamed = List.copyOf(unnamed);
  }

  /**
   * Suggests what to ask for when no grant of the chain covers the call. What no grant can state is
   * left out; null if no grant can even name the tool.
   */
  static @Nullable Suggestion of(
      String whom,
      @Nullable MissingActivation missingActivation,
      ToolCall call,
      Decision decision,
      CallFacts facts,
      Readings readings) {
    Grant grant = stated(Grant.anyTool(), any -> Grant.tools(call.tool()));
    if (grant == null) {
      return null;
    }
    String operation = call.operation();
    if (operation != null) {
      grant = with(grant, some -> some.operations(operation));
    }
    String resource = call.resource();
    if (resource != null) {
      grant = with(grant, some -> some.resources(resource));
    }
    Set<String> refused = refusedArguments(decision, facts, readings);
    Map<String, Term> values = values(facts);
    List<String> unnamed = new ArrayList<>();
    for (String name : call.arguments().names()) {
      if (refused.contains(name)) {
        Grant more = stated(grant, some -> exactly(some, name, values.get(name)));
        if (more == null) {
          unnamed.add(name);
        } else {
          grant = more;
        }
      }
    }
    return new Suggestion(whom, grant, unnamed, missingActivation);
  }

  private static Grant with(Grant grant, UnaryOperator<Grant> more) {
    Grant changed = stated(grant, more);
    return changed == null ? grant : changed;
  }

  /** Adds something to the grant; null if no grant can state that. */
  private static @Nullable Grant stated(Grant grant, UnaryOperator<Grant> more) {
    try {
      Grant changed = more.apply(grant);
      return changed.equals(grant) ? null : changed;
    } catch (TaperException e) {
      return null; // longer, or more of it, than any grant has
    }
  }

  private static Map<String, Term> values(CallFacts facts) {
    Map<String, Term> values = new HashMap<>();
    for (Fact argument : facts.named("arg")) {
      List<Term> terms = argument.predicate().terms();
      if (terms.get(0) instanceof Term.Str name) {
        values.put(name.value(), terms.get(1));
      }
    }
    return values;
  }

  /**
   * Adds the argument's value to the grant, unless no grant can name it: a whole list or map, or a
   * decimal.
   */
  private static Grant exactly(Grant grant, String name, @Nullable Term value) {
    if (value instanceof Term.Str s) {
      return grant.where(Constraint.arg(name).is(s.value()));
    } else if (value instanceof Term.Int i) {
      return grant.where(Constraint.arg(name).is(i.value()));
    } else if (value instanceof Term.Bool b) {
      return grant.where(Constraint.arg(name).is(b.value()));
    }
    return grant;
  }

  /** The arguments that the nearest grants refuse. */
  private static Set<String> refusedArguments(
      Decision decision, CallFacts facts, Readings readings) {
    Set<String> refused = new HashSet<>();
    for (FailedCheck failed : decision.failedChecks()) {
      if (readings.of(failed.check()) instanceof Grants grants) {
        refused.addAll(grants.nearest(facts).refusedArguments(facts));
      }
    }
    return refused;
  }

  /** Whom to ask; not for what, which may hold an argument's value. */
  @Override
  public String toString() {
    return "Suggestion("
        + whom
        + (missingActivation == null ? ")" : ", " + missingActivation + ")");
  }
}
