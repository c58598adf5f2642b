package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.PublicKey;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads facts, rules, checks, policies and scopes of one declared version. */
final class DatalogReader {
  private static final Check.Kind[] KINDS = {Check.Kind.IF, Check.Kind.ALL, Check.Kind.REJECT};

  private static final Predicate NO_PREDICATE = new Predicate("", List.of());

  private final ProtoReader in;
  private final TokenTables tables;
  private final Features features;
  private final TermReader terms;
  private final ExpressionReader expressions;

  private final Pile<Term> termPile = new Pile<>();
  private final Pile<Predicate> predicatePile = new Pile<>();
  private final Pile<Expression> expressionPile = new Pile<>();
  private final Pile<Scope> scopePile = new Pile<>();
  private final Pile<Query> queryPile = new Pile<>();
  private final Pile<Fact> factPile = new Pile<>();
  private final Pile<Rule> rulePile = new Pile<>();
  private final Pile<Check> checkPile = new Pile<>();

  DatalogReader(ProtoReader in, TokenTables tables, int version) {
    this.in = in;
    this.tables = tables;
    this.features = new Features(version);
    this.terms = new TermReader(in, tables.symbols(), features);
    this.expressions = new ExpressionReader(in, terms, features);
  }

  /** True if it reads by these tables and this version. */
  boolean reads(TokenTables otherTables, int version) {
    return tables == otherTables && features.version() == version;
  }

  /** Checks that a declared version is supported. */
  static void requireVersion(ProtoReader in, long version) {
    if (version < BlockVersions.OLDEST || version > BlockVersions.NEWEST) {
      throw in.fail(
          ErrorCode.UNSUPPORTED_VERSION,
          "Datalog version "
              + version
              + " is not between "
              + BlockVersions.OLDEST
              + " and "
              + BlockVersions.NEWEST);
    }
  }

  /** Reads the parts of a block that were noted. */
  Block block(@Nullable String context, Sections sections) {
    for (int i = 0; i < sections.scopes.size(); i++) {
      in.enter(sections.scopes.get(i), "scope", i);
      scopePile.push(scope());
      in.leave();
    }
    List<Scope> scopes = scopePile.take(0);
    for (int i = 0; i < sections.facts.size(); i++) {
      in.enter(sections.facts.get(i), "facts", i);
      factPile.push(fact());
      in.leave();
    }
    for (int i = 0; i < sections.rules.size(); i++) {
      in.enter(sections.rules.get(i), "rules", i);
      rulePile.push(rule());
      in.leave();
    }
    for (int i = 0; i < sections.checks.size(); i++) {
      in.enter(sections.checks.get(i), "checks", i);
      checkPile.push(check());
      in.leave();
    }
    return new Block(context, scopes, factPile.take(0), rulePile.take(0), checkPile.take(0));
  }

  Fact fact() {
    int seen = 0;
    Predicate predicate = NO_PREDICATE;
    while (in.next()) {
      if (in.field() != 1) {
        throw in.unknownField();
      }
      seen = in.once(seen);
      in.enter("predicate");
      predicate = predicate(false);
      in.leave();
    }
    in.require(seen, 1, "predicate");
    return new Fact(predicate);
  }

  Rule rule() {
    int seen = 0;
    Predicate head = NO_PREDICATE;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          in.enter("head");
          head = predicate(true);
          in.leave();
        }
        case 2 -> {
          in.enter("body", predicatePile.size());
          predicatePile.push(predicate(true));
          in.leave();
        }
        case 3 -> {
          in.enter("expressions", expressionPile.size());
          expressionPile.push(expressions.expression());
          in.leave();
        }
        case 4 -> {
          in.enter("scope", scopePile.size());
          scopePile.push(scope());
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "head");
    Query body = new Query(predicatePile.take(0), expressionPile.take(0), scopePile.take(0));
    return new Rule(head, body);
  }

  Check check() {
    int seen = 0;
    int kind = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> query();
        case 2 -> {
          seen = in.once(seen);
          kind = in.enumeration(2);
          features.require(in, kind == 2 ? 6 : 4, "a check's kind");
        }
        default -> throw in.unknownField();
      }
    }
    return new Check(KINDS[kind], queries());
  }

  Policy policy() {
    int seen = 0;
    int kind = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> query();
        case 2 -> {
          seen = in.once(seen);
          kind = in.enumeration(1);
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 2, "kind");
    return new Policy(kind == 0 ? Policy.Kind.ALLOW : Policy.Kind.DENY, queries());
  }

  /** Reads a query: a rule on the wire, whose head means nothing. */
  private void query() {
    in.enter("queries", queryPile.size());
    queryPile.push(rule().body());
    in.leave();
  }

  private List<Query> queries() {
    if (queryPile.size() == 0) {
      throw in.fail("no query");
    }
    return queryPile.take(0);
  }

  private Predicate predicate(boolean variables) {
    int seen = 0;
    String name = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          name = terms.symbol(in.uint64());
        }
        case 2 -> {
          in.enter("terms", termPile.size());
          termPile.push(terms.term(variables));
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "name");
    return new Predicate(name, termPile.take(0));
  }

  private Scope scope() {
    features.require(in, 4, "a scope");
    int seen = 0;
    Scope scope = new Scope.Authority();
    while (in.next()) {
      int field = in.field();
      if (field > 2) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      if (field == 2) {
        scope = new Scope.Key(key(in.uint64()));
      } else if (in.enumeration(1) == 1) {
        scope = new Scope.Previous();
      }
    }
    in.requireOne(seen);
    return scope;
  }

  private PublicKey key(long id) {
    PublicKey key = tables.keys().get(id);
    if (key == null) {
      throw in.fail(ErrorCode.UNKNOWN_SCOPE_KEY, "unknown public key " + id);
    }
    return key;
  }

  /** Notes the parts of a block, to be read when its symbols are known. */
  static final class Sections {
    private final Slices facts = new Slices();
    private final Slices rules = new Slices();
    private final Slices checks = new Slices();
    private final Slices scopes = new Slices();
    private final int maxElements;

    Sections(DecodeLimits limits) {
      this.maxElements = limits.maxElements();
    }

    /** Forgets what was noted. */
    void clear() {
      facts.clear();
      rules.clear();
      checks.clear();
      scopes.clear();
    }

    void fact(ProtoReader in) {
      note(in, facts);
    }

    void rule(ProtoReader in) {
      note(in, rules);
    }

    void check(ProtoReader in) {
      note(in, checks);
    }

    void scope(ProtoReader in) {
      note(in, scopes);
    }

    private void note(ProtoReader in, Slices list) {
      if (facts.size() + rules.size() + checks.size() + scopes.size() >= maxElements) {
        throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + maxElements + " elements");
      }
      list.add(in.skip());
    }
  }
}
