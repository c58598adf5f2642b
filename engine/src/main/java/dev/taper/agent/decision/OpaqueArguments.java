package dev.taper.agent.decision;

import dev.taper.ShownText;
import dev.taper.agent.call.ToolCall;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.token.VerifiedChain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Finds what forbids something about an argument that gives no facts. What asks for a fact just
 * does not find it, and refuses. But {@code deny}, {@code reject if} and {@code check all} pass
 * where there is no fact, so they would pass over a value that they were written against. Names are
 * compared, not values, so this errs on the side of refusing. It takes time in proportion to the
 * length of token and policies. For one call and one thread.
 */
final class OpaqueArguments {
  /** By the name of an argument, the predicates that say nothing of it. */
  /**
   * What is not stated of a number with a fraction: who asks for any argument means other values.
   */
  private static final Set<String> OF_FRACTIONS = Set.of("arg");

  private final Map<String, Set<String>> unstated;

  /** Predicates that follow, through rules, from facts about such an argument. */
  private final Set<String> tainted = new HashSet<>();

  private OpaqueArguments(Map<String, Set<String>> unstated) {
    this.unstated = unstated;
  }

  /** Says who would be misled about a call's arguments; null if nobody would be. */
  static @Nullable String forbidden(ToolCall call, VerifiedChain token, PolicySet policies) {
    Map<String, Set<String>> unstated = call.arguments().unstated();
    return unstated.isEmpty() ? null : forbidden(unstated, token.blocks(), policies.code());
  }

  /**
   * Says who would be misled.
   *
   * @param unstated by the name of an argument, the predicates that say nothing of it
   * @param blocks of the token
   * @param policies of the service
   * @return in words, for the caller; null if nobody would be
   */
  static @Nullable String forbidden(
      Map<String, Set<String>> unstated, List<Block.Decoded> blocks, AuthorizerCode policies) {
    OpaqueArguments search = new OpaqueArguments(unstated);
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
    StringJoiner names = new StringJoiner(", ");
    unstated.keySet().forEach(name -> names.add("\"" + ShownText.of(name, 64) + "\""));
    return " forbids values of arguments, and what " + names + " holds cannot be stated exactly";
  }

  /** Each rule is looked at once for each predicate of its body, however rules follow another. */
  private void follow(List<Rule> rules) {
    Map<String, List<String>> heads = new HashMap<>();
    Deque<String> reached = new ArrayDeque<>();
    for (Rule rule : rules) {
      String head = rule.head().name();
      for (Predicate predicate : rule.body().predicates()) {
        heads.computeIfAbsent(predicate.name(), name -> new ArrayList<>()).add(head);
        if (isAbout(predicate)) {
          reached.add(head);
        }
      }
    }
    while (!reached.isEmpty()) {
      String predicate = reached.remove();
      if (tainted.add(predicate)) {
        reached.addAll(heads.getOrDefault(predicate, List.of()));
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
    if (predicate.terms().isEmpty()) {
      return false;
    }
    Term first = predicate.terms().get(0);
    if (first instanceof Term.Str name) {
      return unstated.getOrDefault(name.value(), Set.of()).contains(predicate.name());
    }
    return first instanceof Term.Variable
        && unstated.values().stream()
            .anyMatch(none -> none.contains(predicate.name()) && !none.equals(OF_FRACTIONS));
  }
}
