package dev.taper.testing;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes random syntax, the same for the same seed, of features that a Datalog version has. Rules
 * are safe and variables bound, expressions stand in the parser's normal form (parentheses where
 * text needs them); types are not respected, so evaluation may well fail. Not thread-safe.
 */
public final class DatalogGenerator {
  private static final List<String> NAMES =
      List.of("right", "resource", "operation", "time", "user", "ns::fact_1", "é", "or", "check");
  private static final String[] ALPHABET = {
    "a", "b", "Z", "0", "_", " ", "\"", "\\", "\n", "\t", "é", "😁", "{", "}", "$", "//", ";", "/*"
  };
  private static final List<PublicKey> KEYS =
      List.of(
          key("acdd6d5b53bfee478bf689f8e012fe7988bf755e3d7c5152947abc149bc20189"),
          key("a060270db7e9c9f06e8f9cc33a64e99f6596af12cb01c4b638df8afc7b642463"),
          PublicKey.of(
              Algorithm.SECP256R1,
              HexFormat.of()
                  .parseHex("025e918fd4463832aea2823dfd9716a36b4d9b1377bd53dd82ddf4c0bc75ed6bbf")));

  private final Random random;
  private final int version;
  private final ExpressionGenerator expressions;

  /**
   * Makes a generator.
   *
   * @param seed decides everything
   * @param version the newest Datalog version whose features may be used, 3 to 6
   */
  public DatalogGenerator(long seed, int version) {
    this.random = new Random(seed);
    this.version = version;
    this.expressions = new ExpressionGenerator(random, version, this::term);
  }

  private static PublicKey key(String hex) {
    return PublicKey.of(Algorithm.ED25519, HexFormat.of().parseHex(hex));
  }

  /** A block without a context. */
  public Block block() {
    return new Block(
        null, scopes(), list(0, 4, this::fact), list(0, 3, this::rule), list(0, 3, this::check));
  }

  /** An authorizer's code. */
  public AuthorizerCode authorizer() {
    return new AuthorizerCode(block(), list(0, 3, this::policy));
  }

  /** A fact. */
  public Fact fact() {
    return new Fact(new Predicate(name(), list(1, 3, () -> term(3))));
  }

  /** A rule whose head uses only variables that its body binds. */
  public Rule rule() {
    Query body = query();
    List<String> bound = variables(body.predicates());
    List<Term> head =
        list(
            1,
            3,
            () ->
                !bound.isEmpty() && random.nextBoolean()
                    ? new Term.Variable(pick(bound))
                    : term(2));
    return new Rule(new Predicate(name(), head), body);
  }

  /** A check. */
  public Check check() {
    Check.Kind kind =
        version >= 6
            ? pick(List.of(Check.Kind.values()))
            : version >= 4 && random.nextBoolean() ? Check.Kind.ALL : Check.Kind.IF;
    return new Check(kind, list(1, 3, this::query));
  }

  /** A policy. */
  public Policy policy() {
    return new Policy(pick(List.of(Policy.Kind.values())), list(1, 3, this::query));
  }

  /** A body that is not empty and binds all its variables. */
  public Query query() {
    List<Predicate> predicates = list(0, 3, this::predicate);
    List<String> bound = variables(predicates);
    List<Expression> conditions =
        list(predicates.isEmpty() ? 1 : 0, 3, () -> expressions.next(bound, 4));
    return new Query(predicates, conditions, scopes());
  }

  /** An expression over the given variables. */
  public Expression expression(List<String> variables) {
    return expressions.next(variables, 5);
  }

  /** An expression that may lack the parentheses that text needs. */
  public Expression looseExpression(List<String> variables) {
    return expressions.nextLoose(variables, 5);
  }

  /** A ground term, nested no deeper than asked. */
  public Term term(int depth) {
    int kinds = version >= 6 ? (depth > 1 ? 10 : 6) : depth > 1 ? 6 : 5;
    return switch (random.nextInt(kinds)) {
      case 0 -> new Term.Int(integer());
      case 1 -> new Term.Str(string());
      case 2 -> new Term.Date(Math.floorMod(random.nextLong(), 253_402_300_800L));
      case 3 -> new Term.Bytes(bytes());
      case 4 -> new Term.Bool(random.nextBoolean());
      case 5 -> version >= 6 && random.nextBoolean() ? new Term.Null() : set(Math.max(depth, 2));
      case 6, 7 -> new Term.Array(list(0, 3, () -> term(depth - 1)));
      default -> map(depth);
    };
  }

  private Term set(int depth) {
    List<Term> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Term element = term(depth - 1);
      boolean fits = elements.isEmpty() || elements.get(0).getClass() == element.getClass();
      if (fits && !(element instanceof Term.Set)) {
        elements.add(element);
      }
    }
    return Term.Set.of(elements);
  }

  private Term map(int depth) {
    java.util.Map<Term.MapKey, Term> entries = new java.util.HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Term.MapKey key = random.nextBoolean() ? new Term.Int(integer()) : new Term.Str(string());
      entries.put(key, term(depth - 1));
    }
    return Term.Map.of(entries);
  }

  private long integer() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextLong();
      default -> random.nextInt(20) - 5;
    };
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      out.append(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return out.toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(5)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Predicate predicate() {
    return new Predicate(
        name(),
        list(
            1,
            3,
            () -> random.nextInt(3) > 0 ? new Term.Variable("v" + random.nextInt(4)) : term(2)));
  }

  private static List<String> variables(List<Predicate> predicates) {
    List<String> names = new ArrayList<>();
    for (Predicate predicate : predicates) {
      for (Term term : predicate.terms()) {
        if (term instanceof Term.Variable v) {
          names.add(v.name());
        }
      }
    }
    return names;
  }

  private List<Scope> scopes() {
    if (version < 4 || random.nextInt(3) > 0) {
      return List.of();
    }
    return list(
        1,
        3,
        () ->
            switch (random.nextInt(3)) {
              case 0 -> new Scope.Authority();
              case 1 -> new Scope.Previous();
              default -> new Scope.Key(pick(KEYS));
            });
  }

  private String name() {
    return pick(NAMES);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private <T> List<T> list(int min, int max, Supplier<? extends T> element) {
    List<T> list = new ArrayList<>();
    for (int i = min + random.nextInt(max - min + 1); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }
}
