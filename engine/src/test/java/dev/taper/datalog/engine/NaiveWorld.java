package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Datalog evaluated in the plainest way: sets of block numbers for origins, every rule over every
 * fact in every round, nested loops over lists, maps of bindings. What the engine is held against.
 * Only expressions are the engine's own; they have a table of their own.
 */
final class NaiveWorld {
  record Known(Set<Integer> origin, Fact fact) {}

  /** The bindings in a fixed order, and the blocks of the facts. */
  private record Match(Map<String, Term> bindings, Set<Integer> origin) {}

  private record PlacedRule(Rule rule, int block, Set<Integer> trusted) {}

  /** Stands for what is the service's own. */
  private static final int SERVICE = 63;

  private final List<Block> blocks;
  private final List<@Nullable PublicKey> keys;
  private final AuthorizerCode authorizer;
  private final Set<Known> facts = new LinkedHashSet<>();
  private final List<PlacedRule> rules = new ArrayList<>();
  private int iterations;

  /** What the authorizer shares, or null if it keeps nothing to itself. */
  private final @Nullable Set<String> shared;

  private int serviceFacts;

  NaiveWorld(
      List<Block> blocks,
      List<@Nullable PublicKey> keys,
      AuthorizerCode authorizer,
      List<Fact> requestFacts) {
    this(blocks, keys, authorizer, requestFacts, null);
  }

  NaiveWorld(
      List<Block> blocks,
      List<@Nullable PublicKey> keys,
      AuthorizerCode authorizer,
      List<Fact> requestFacts,
      @Nullable Set<String> shared) {
    this.shared = shared;
    this.blocks = blocks;
    this.keys = keys;
    this.authorizer = authorizer;
    for (int i = 0; i < blocks.size(); i++) {
      load(blocks.get(i), i);
    }
    int ofToken = facts.size();
    load(authorizer.block(), Origin.AUTHORIZER);
    for (Fact fact : requestFacts) {
      facts.add(new Known(Set.of(Origin.AUTHORIZER), fact));
    }
    serviceFacts = facts.size() - ofToken;
  }

  private void load(Block block, int number) {
    for (Fact fact : block.facts()) {
      facts.add(new Known(Set.of(origin(number, fact.predicate())), fact));
    }
    for (Rule rule : block.rules()) {
      rules.add(new PlacedRule(rule, number, trusted(rule.body(), block, number)));
    }
  }

  private int origin(int block, Predicate says) {
    boolean secret = block == Origin.AUTHORIZER && shared != null && !shared.contains(says.name());
    return secret ? SERVICE : block;
  }

  private Set<Integer> trusted(Query query, Block block, int number) {
    List<Scope> scopes = query.scopes().isEmpty() ? block.scopes() : query.scopes();
    Set<Integer> trusted = new TreeSet<>(List.of(number, Origin.AUTHORIZER));
    if (scopes.isEmpty()) {
      trusted.add(0);
    }
    if (number == Origin.AUTHORIZER) {
      trusted.add(SERVICE);
    }
    for (Scope scope : scopes) {
      if (scope instanceof Scope.Authority) {
        trusted.add(0);
      } else if (scope instanceof Scope.Previous && number != Origin.AUTHORIZER) {
        for (int i = 0; i < number; i++) {
          trusted.add(i);
        }
      } else if (scope instanceof Scope.Key key) {
        for (int i = 0; i < keys.size(); i++) {
          if (key.publicKey().equals(keys.get(i))) {
            trusted.add(i);
          }
        }
      }
    }
    return trusted;
  }

  void run(int maxFacts, int maxIterations) {
    int[] rounds = new int[2];
    while (true) {
      Map<Known, Boolean> derived = new LinkedHashMap<>();
      for (PlacedRule placed : rules) {
        for (Match match : matches(placed.rule.body(), placed.trusted)) {
          if (holds(placed.rule.body(), match)) {
            Set<Integer> origin = new TreeSet<>(match.origin);
            int own = origin(placed.block, placed.rule.head());
            if (own == Origin.AUTHORIZER) {
              origin.remove(SERVICE);
            }
            origin.add(own);
            boolean service = shared != null && placed.block == Origin.AUTHORIZER;
            derived.putIfAbsent(new Known(origin, head(placed.rule, match)), service);
          }
        }
      }
      int[] grown = new int[2];
      derived.forEach((known, service) -> grown[service ? 1 : 0] += facts.add(known) ? 1 : 0);
      if (grown[0] + grown[1] == 0) {
        return;
      }
      iterations++;
      serviceFacts += grown[1];
      int[] sizes = {shared == null ? facts.size() : facts.size() - serviceFacts, serviceFacts};
      for (int side = 0; side < 2; side++) {
        if (grown[side] > 0 && ++rounds[side] == maxIterations) {
          throw new TaperException(ErrorCode.TOO_MANY_ITERATIONS, "naive");
        }
        if (grown[side] > 0 && sizes[side] >= maxFacts) {
          throw new TaperException(ErrorCode.TOO_MANY_FACTS, "naive");
        }
      }
    }
  }

  private static Fact head(Rule rule, Match match) {
    List<Term> terms = new ArrayList<>();
    for (Term term : rule.head().terms()) {
      terms.add(term instanceof Term.Variable v ? match.bindings.get(v.name()) : term);
    }
    return new Fact(new Predicate(rule.head().name(), terms));
  }

  private List<Match> matches(Query query, Set<Integer> trusted) {
    List<Match> matches = List.of(new Match(Map.of(), Set.of()));
    for (Predicate predicate : query.predicates()) {
      List<Match> longer = new ArrayList<>();
      for (Match match : matches) {
        for (Known known : facts) {
          Map<String, Term> bindings = unify(predicate, known.fact, match.bindings);
          if (bindings != null && trusted.containsAll(known.origin)) {
            Set<Integer> origin = new TreeSet<>(match.origin);
            origin.addAll(known.origin);
            longer.add(new Match(bindings, origin));
          }
        }
      }
      matches = longer;
    }
    return matches;
  }

  private static @Nullable Map<String, Term> unify(
      Predicate predicate, Fact fact, Map<String, Term> bindings) {
    List<Term> values = fact.predicate().terms();
    if (!predicate.name().equals(fact.predicate().name())
        || predicate.terms().size() != values.size()) {
      return null;
    }
    Map<String, Term> result = new LinkedHashMap<>(bindings);
    for (int i = 0; i < values.size(); i++) {
      Term wanted = predicate.terms().get(i);
      if (wanted instanceof Term.Variable v) {
        result.putIfAbsent(v.name(), values.get(i));
        wanted = result.get(v.name());
      }
      if (!values.get(i).equals(wanted)) {
        return null;
      }
    }
    return result;
  }

  private static boolean holds(Query query, Match match) {
    for (Expression expression : query.expressions()) {
      Variables variables = new Variables();
      match.bindings.keySet().forEach(variables::add);
      ExpressionCompiler compiler = new ExpressionCompiler(variables, null);
      Node node = compiler.compile(expression);
      Accounts budget = Accounts.of(RunLimits.defaults(), () -> 0);
      Frame frame = new Frame(compiler.slots(), budget, ExternFunctions.none());
      int slot = 0;
      for (Term value : match.bindings.values()) {
        frame.slots[slot++] = value;
      }
      if (!node.test(frame)) {
        return false;
      }
    }
    return true;
  }

  private boolean anyMatch(Query query, Set<Integer> trusted) {
    for (Match match : matches(query, trusted)) {
      if (holds(query, match)) {
        return true;
      }
    }
    return false;
  }

  private boolean allMatch(Query query, Set<Integer> trusted) {
    List<Match> matches = matches(query, trusted);
    for (Match match : matches) {
      if (!holds(query, match)) {
        return false;
      }
    }
    return !matches.isEmpty();
  }

  private boolean passes(Check check, Block block, int number) {
    for (Query query : check.queries()) {
      Set<Integer> trusted = trusted(query, block, number);
      switch (check.kind()) {
        case IF -> {
          if (anyMatch(query, trusted)) {
            return true;
          }
        }
        case ALL -> {
          if (allMatch(query, trusted)) {
            return true;
          }
        }
        case REJECT -> {
          if (anyMatch(query, trusted)) {
            return false;
          }
        }
      }
    }
    return check.kind() == Check.Kind.REJECT;
  }

  Evaluation decide() {
    List<Evaluation.FailedCheck> failed = new ArrayList<>();
    check(authorizer.block(), Origin.AUTHORIZER, failed);
    if (!blocks.isEmpty()) {
      check(blocks.get(0), 0, failed);
    }
    int matched = policy();
    for (int i = 1; i < blocks.size(); i++) {
      check(blocks.get(i), i, failed);
    }
    Policy policy = matched < 0 ? null : authorizer.policies().get(matched);
    return new Evaluation(policy, matched, failed);
  }

  private int policy() {
    for (int i = 0; i < authorizer.policies().size(); i++) {
      for (Query query : authorizer.policies().get(i).queries()) {
        if (anyMatch(query, trusted(query, authorizer.block(), Origin.AUTHORIZER))) {
          return i;
        }
      }
    }
    return -1;
  }

  private void check(Block block, int number, List<Evaluation.FailedCheck> failed) {
    for (int i = 0; i < block.checks().size(); i++) {
      Check check = block.checks().get(i);
      if (!passes(check, block, number)) {
        failed.add(new Evaluation.FailedCheck(number, i, check));
      }
    }
  }

  List<OriginFact> facts() {
    return facts.stream().map(f -> new OriginFact(new Origin(mask(f.origin)), f.fact)).toList();
  }

  int iterations() {
    return iterations;
  }

  private static long mask(Set<Integer> origin) {
    return origin.stream().mapToLong(block -> 1L << block).reduce(0, (a, b) -> a | b);
  }
}
