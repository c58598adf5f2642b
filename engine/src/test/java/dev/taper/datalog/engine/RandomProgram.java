package dev.taper.datalog.engine;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A small program made of a seed: blocks with scopes, third-party blocks, recursive rules, joins
 * with repeated variables, constants, and expressions some of which fail. Every third one has
 * relations large enough to be indexed, and every sixth an authorizer with much data.
 */
final class RandomProgram {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<PublicKey> KEYS = List.of(key(1), key(2));

  private final Random random;
  private final int domain;
  private final int size;

  final List<Block> blocks = new ArrayList<>();
  final List<@Nullable PublicKey> keys = new ArrayList<>();
  final AuthorizerCode authorizer;
  final List<Fact> requestFacts = new ArrayList<>();
  final int maxFacts;
  final int maxIterations;

  RandomProgram(long seed) {
    random = new Random(seed);
    boolean large = seed % 3 == 0;
    domain = large ? 9 : 4;
    size = large ? 30 : 6;
    for (int i = 0; i <= random.nextInt(4); i++) {
      blocks.add(block());
      keys.add(i > 0 && random.nextBoolean() ? KEYS.get(random.nextInt(2)) : null);
    }
    Block own = seed % 6 == 0 ? withData(block(), new Random(seed)) : block();
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      policies.add(new Policy(pick(Policy.Kind.values()), queries()));
    }
    authorizer = new AuthorizerCode(own, policies);
    facts(requestFacts);
    maxFacts = random.nextInt(4) == 0 ? 10 + random.nextInt(30) : 400;
    maxIterations = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 20;
  }

  private static PublicKey key(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return PublicKey.of(Algorithm.ED25519, bytes);
  }

  private Block block() {
    List<Fact> facts = new ArrayList<>();
    facts(facts);
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      rules.add(rule());
    }
    if (random.nextBoolean()) {
      rules.add(closure());
    }
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      checks.add(new Check(pick(Check.Kind.values()), queries()));
    }
    return new Block(null, random.nextInt(3) == 0 ? scopes() : List.of(), facts, rules, checks);
  }

  private Block withData(Block block, Random data) {
    List<Fact> facts = new ArrayList<>(block.facts());
    for (int i = 0; i < 90; i++) {
      Term x = new Term.Int(data.nextInt(domain));
      facts.add(Fact.of(NAMES.get(data.nextInt(2)), x, new Term.Int(data.nextInt(domain))));
    }
    return new Block(null, block.scopes(), facts, block.rules(), block.checks());
  }

  private void facts(List<Fact> to) {
    for (int i = 0; i < random.nextInt(size); i++) {
      Predicate shape = predicate(List.of());
      List<Term> terms = new ArrayList<>();
      for (int c = 0; c < shape.terms().size(); c++) {
        terms.add(constant());
      }
      to.add(new Fact(new Predicate(shape.name(), terms)));
    }
  }

  /** A transitive rule, over one predicate twice or over two. */
  private Rule closure() {
    Term x = new Term.Variable("x");
    Term y = new Term.Variable("y");
    Term z = new Term.Variable("z");
    String name = pick(NAMES);
    List<Predicate> body = List.of(Predicate.of(name, x, y), Predicate.of(pick(NAMES), y, z));
    return new Rule(Predicate.of(name, x, z), new Query(body, List.of(), List.of()));
  }

  private Rule rule() {
    Query body = query();
    List<String> variables = variables(body);
    List<Term> terms = new ArrayList<>();
    for (int c = 0; c < 1 + random.nextInt(2); c++) {
      boolean bound = !variables.isEmpty() && random.nextInt(8) > 0;
      terms.add(
          bound ? new Term.Variable(variables.get(random.nextInt(variables.size()))) : constant());
    }
    return new Rule(new Predicate(pick(NAMES), terms), body);
  }

  private List<Query> queries() {
    return random.nextBoolean() ? List.of(query()) : List.of(query(), query());
  }

  private Query query() {
    List<Predicate> predicates = new ArrayList<>();
    int count = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      predicates.add(predicate(List.of("x", "y", "z")));
    }
    Query plain = new Query(predicates, List.of(), List.of());
    List<Expression> expressions = new ArrayList<>();
    List<String> variables = variables(plain);
    for (int i = 0; i < random.nextInt(4) - 1; i++) {
      expressions.add(expression(variables));
    }
    return new Query(predicates, expressions, random.nextInt(3) == 0 ? scopes() : List.of());
  }

  private Expression expression(List<String> variables) {
    if (variables.isEmpty()) {
      return new Expression.Value(new Term.Bool(random.nextBoolean()));
    }
    Expression x = variable(variables);
    Expression limit = new Expression.Value(new Term.Int(random.nextInt(domain)));
    return switch (random.nextInt(30)) {
      case 0, 1, 2 -> new Expression.Binary(BinaryOp.LENIENT_NOT_EQUAL, x, variable(variables));
      default -> new Expression.Binary(BinaryOp.LENIENT_NOT_EQUAL, x, limit);
      case 3, 4, 5 -> new Expression.Binary(BinaryOp.LESS_OR_EQUAL, x, limit); // strings fail
      case 6, 7 ->
          new Expression.Binary(
              BinaryOp.LESS_THAN,
              new Expression.Binary(BinaryOp.DIV, limit, x), // zero fails
              new Expression.Value(new Term.Int(2)));
    };
  }

  private Expression variable(List<String> names) {
    return new Expression.Value(new Term.Variable(names.get(random.nextInt(names.size()))));
  }

  private Predicate predicate(List<String> variables) {
    List<Term> terms = new ArrayList<>();
    int arity = random.nextInt(10) == 0 ? 0 : 1 + Integer.signum(random.nextInt(4));
    for (int c = 0; c < arity; c++) {
      boolean variable = !variables.isEmpty() && random.nextInt(5) > 0;
      terms.add(
          variable
              ? new Term.Variable(variables.get(random.nextInt(variables.size())))
              : constant());
    }
    return new Predicate(pick(NAMES), terms);
  }

  private Term constant() {
    int value = random.nextInt(domain);
    return random.nextInt(12) == 0 ? new Term.Str("s" + value) : new Term.Int(value);
  }

  private List<Scope> scopes() {
    List<Scope> scopes = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      scopes.add(
          switch (random.nextInt(3)) {
            case 0 -> new Scope.Authority();
            case 1 -> new Scope.Previous();
            default -> new Scope.Key(KEYS.get(random.nextInt(2)));
          });
    }
    return scopes;
  }

  private static List<String> variables(Query query) {
    List<String> names = new ArrayList<>();
    for (Predicate predicate : query.predicates()) {
      for (Term term : predicate.terms()) {
        if (term instanceof Term.Variable v && !names.contains(v.name())) {
          names.add(v.name());
        }
      }
    }
    return names;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
