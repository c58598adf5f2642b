package dev.taper.testvectors;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
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
import java.util.List;
import java.util.Random;

/**
 * Tokens in the range of v3.0 and v3.1, and authorizers for them. Queries start from facts that
 * exist, so that they match about as often as not; in every third case they start from facts that
 * everyone trusts, and all checks tend to hold. What {@link Difference} names does not occur.
 */
final class CaseGenerator {
  /** A key that signs nothing: a scope that trusts it adds no block. */
  private static final Scope STRANGER =
      new Scope.Key(PrivateKey.of(Algorithm.ED25519, new byte[32]).publicKey());

  private final long seed;
  private final Random random;
  private final Vocabulary vocabulary;
  private final List<Fact> known = new ArrayList<>();

  /** How many of the known facts are the authorizer's or the authority block's. */
  private int trusted;

  private final boolean calm;

  private CaseGenerator(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.calm = random.nextInt(3) == 0;
    this.vocabulary = new Vocabulary(random);
  }

  /** The case of a seed; the same seed gives the same case. */
  static GeneratedCase generate(long seed) {
    return new CaseGenerator(seed).generate();
  }

  private GeneratedCase generate() {
    // The authorizer's facts first, so that blocks can refer to them.
    List<Fact> requestFacts = facts(2 + random.nextInt(4));
    List<Block> blocks = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      blocks.add(block(i == 0 ? 3 + random.nextInt(4) : random.nextInt(3)));
    }
    Block.Builder authorizer = Block.builder();
    requestFacts.forEach(authorizer::fact);
    if (chance(10)) {
      // A key cannot be given to biscuit-java's authorizer here.
      authorizer.scope(chance(50) ? new Scope.Authority() : new Scope.Previous());
    }
    fill(authorizer);
    List<Policy> policies = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Policy.Kind kind = chance(65) ? Policy.Kind.ALLOW : Policy.Kind.DENY;
      policies.add(new Policy(kind, queries()));
    }
    if (chance(70)) {
      Query always =
          new Query(List.of(), List.of(new Expression.Value(new Term.Bool(true))), List.of());
      policies.add(new Policy(chance(90) ? Policy.Kind.ALLOW : Policy.Kind.DENY, List.of(always)));
    }
    return new GeneratedCase(
        seed, blocks, chance(20), new AuthorizerCode(authorizer.build(), policies));
  }

  private Block block(int factCount) {
    Block.Builder block = Block.builder();
    if (!calm && chance(10)) {
      scopes().forEach(block::scope);
    }
    facts(factCount).forEach(block::fact);
    trusted = trusted == 0 ? known.size() : trusted;
    fill(block);
    return block.build();
  }

  private void fill(Block.Builder block) {
    for (int i = random.nextInt(3); i > 0; i--) {
      block.rule(rule());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      block.check(new Check(chance(85) ? Check.Kind.IF : Check.Kind.ALL, queries()));
    }
  }

  private List<Fact> facts(int count) {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      facts.add(vocabulary.fact());
    }
    known.addAll(facts);
    return facts;
  }

  private Rule rule() {
    Bindings bindings = new Bindings();
    Query body = query(bindings);
    Vocabulary.Relation relation = vocabulary.relation();
    List<Term> terms = new ArrayList<>();
    List<Term> values = new ArrayList<>();
    for (Vocabulary.Kind kind : relation.columns()) {
      Bindings.Variable variable = bindings.any(kind, random);
      Term value = variable == null ? vocabulary.value(kind) : variable.value();
      values.add(value);
      terms.add(variable == null ? value : variable.term());
    }
    known.add(new Fact(new Predicate(relation.name(), values)));
    return new Rule(new Predicate(relation.name(), terms), body);
  }

  private List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    do {
      queries.add(query(new Bindings()));
    } while (chance(20));
    return queries;
  }

  /**
   * A condition that cannot be evaluated. As the first of its query it fails for every match, so
   * that the order of facts does not matter, see {@link Difference}.
   */
  private Expression failure() {
    List<Expression> failures =
        List.of(
            compare(binary(BinaryOp.DIV, integer(1), integer(0)), integer(0)),
            compare(binary(BinaryOp.ADD, integer(Long.MAX_VALUE), integer(1)), integer(0)),
            compare(binary(BinaryOp.SUB, integer(Long.MIN_VALUE), integer(1)), integer(0)),
            compare(binary(BinaryOp.MUL, integer(Long.MAX_VALUE), integer(2)), integer(0)),
            compare(integer(1), new Expression.Value(new Term.Str("1"))),
            new Expression.Value(new Term.Int(1)));
    return failures.get(random.nextInt(failures.size()));
  }

  private Query query(Bindings bindings) {
    List<Predicate> predicates = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0 && (calm || !chance(8)); i--) {
      predicates.add(predicate(bindings));
    }
    Expressions expressions = new Expressions(random, vocabulary, bindings);
    List<Expression> conditions = new ArrayList<>();
    if (!calm && chance(2)) {
      conditions.add(failure());
    }
    for (int i = random.nextInt(3); i > 0 || (predicates.isEmpty() && conditions.isEmpty()); i--) {
      conditions.add(calm ? expressions.holding() : expressions.condition());
    }
    return new Query(predicates, conditions, !calm && chance(15) ? scopes() : List.of());
  }

  private Predicate predicate(Bindings bindings) {
    int choices = calm ? trusted : known.size();
    Fact fact = calm || chance(80) ? known.get(random.nextInt(choices)) : vocabulary.fact();
    List<Term> terms = new ArrayList<>();
    for (Term value : fact.predicate().terms()) {
      boolean variable = value instanceof Term.Bytes || chance(55);
      terms.add(variable ? bindings.bind(value, random) : value);
    }
    return new Predicate(fact.predicate().name(), terms);
  }

  private List<Scope> scopes() {
    List<Scope> scopes = new ArrayList<>();
    if (chance(40)) {
      scopes.add(new Scope.Authority());
    }
    if (chance(40)) {
      scopes.add(new Scope.Previous());
    }
    if (scopes.isEmpty() || chance(20)) {
      scopes.add(STRANGER);
    }
    return scopes;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private static Expression integer(long value) {
    return new Expression.Value(new Term.Int(value));
  }

  private static Expression compare(Expression left, Expression right) {
    return binary(BinaryOp.LESS_THAN, left, right);
  }

  private static Expression binary(BinaryOp op, Expression left, Expression right) {
    return new Expression.Binary(op, left, right);
  }
}
