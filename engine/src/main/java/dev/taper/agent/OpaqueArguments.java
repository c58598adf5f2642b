package dev.taper.agent;

import dev.taper.agent.call.ReservedPredicates;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.DecodedBlock;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what forbids something about an argument that gives no facts. What asks for a fact just
 * does not find it, and refuses. But {@code deny}, {@code reject if} and {@code check all} pass
 * where there is no fact, so they would pass over a value that they were written against. Names are
 * compared, not values, so this errs on the side of refusing. For one call and one thread.
 */
final class OpaqueArguments {
  private final Set<String> names;

  /** Predicates that follow, through rules, from facts about an opaque argument. */
  private final Set<String> tainted = new HashSet<>();

  private OpaqueArguments(Set<String> names) {
    this.names = names;
  }

  /**
   * Says who would be misled.
   *
   * @param names of the arguments that are opaque
   * @param blocks of the token
   * @param policies of the service
   * @return in words, for the caller; null if nobody would be
   */
  static @Nullable String forbidden(
      Set<String> names, List<DecodedBlock> blocks, AuthorizerCode policies) {
    OpaqueArguments search = new OpaqueArguments(names);
    List<Rule> rules = new ArrayList<>(policies.block().rules());
    blocks.forEach(block -> rules.addAll(block.block().rules()));
    search.follow(rules);
    for (int i = 0; i < blocks.size(); i++) {
      if (search.forbids(blocks.get(i).block())) {
        return "block " + i + " of the token" + search.words();
      }
    }
    boolean denied =
        policies.policies().stream()
            .anyMatch(one -> one.kind() == Policy.Kind.DENY && search.touchesAny(one.queries()));
    return denied || search.forbids(policies.block()) ? "the service" + search.words() : null;
  }

  private String words() {
    return " forbids values of arguments, and what " + names + " holds cannot be stated exactly";
  }

  private void follow(List<Rule> rules) {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Rule rule : rules) {
        if (!tainted.contains(rule.head().name()) && touches(rule.body())) {
          grown = tainted.add(rule.head().name());
        }
      }
    }
  }

  private boolean forbids(Block block) {
    for (Check check : block.checks()) {
      if (check.kind() != Check.Kind.IF && touchesAny(check.queries())) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesAny(List<Query> queries) {
    return queries.stream().anyMatch(this::touches);
  }

  private boolean touches(Query query) {
    for (Predicate predicate : query.predicates()) {
      if (tainted.contains(predicate.name()) || isAbout(predicate)) {
        return true;
      }
    }
    return false;
  }

  /** True if a fact of this form could be about one of the arguments. */
  private boolean isAbout(Predicate predicate) {
    if (!ReservedPredicates.isOfArgument(predicate.name()) || predicate.terms().isEmpty()) {
      return false;
    }
    Term name = predicate.terms().get(0);
    return name instanceof Term.Variable
        || (name instanceof Term.Str text && names.contains(text.value()));
  }
}
