package dev.taper.datalog.parser;

import dev.taper.ErrorCode;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.IdentityHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads Datalog text. It follows the grammar of Biscuit's reference implementation. Every
 * statement's {@code toString()} writes text that is read back to an equal value.
 *
 * <p>Every method throws {@link ParseException}, with the code {@link ErrorCode#SYNTAX} for text
 * that does not parse or is longer than a million characters, {@link ErrorCode#INVALID_DATALOG} for
 * text that means nothing (a variable in a fact, an unbound variable, a nested set, a key given
 * twice in a map, an invalid public key), {@link ErrorCode#PARAMETER} for a parameter without a
 * fitting value. It throws {@link dev.taper.TaperException} with that last code for a value that
 * the text does not use. Time and memory are linear in the length of the text. All methods are
 * thread-safe.
 */
public final class Datalog {
  private Datalog() {}

  /** Reads a block: an optional {@code trusting} clause, then facts, rules and checks. */
  public static Block block(String source) {
    return block(source, Parameters.none());
  }

  /** Reads a block with values for its parameters. */
  public static Block block(String source, Parameters parameters) {
    return all(new Cursor(source, parameters, null), p -> p.statements(null));
  }

  /** Reads a block and remembers where its parts stood. */
  public static ParsedSource<Block> parseBlock(String source, Parameters parameters) {
    SourceMap map = new SourceMap(source);
    return new ParsedSource<>(
        all(new Cursor(source, parameters, map), p -> p.statements(null)), map);
  }

  /** Reads an authorizer's code: what a block may hold, and policies, in any order. */
  public static AuthorizerCode authorizer(String source) {
    return authorizer(source, Parameters.none());
  }

  /** Reads an authorizer's code with values for its parameters. */
  public static AuthorizerCode authorizer(String source, Parameters parameters) {
    return all(new Cursor(source, parameters, null), StatementParser::authorizer);
  }

  /** Reads an authorizer's code and remembers where its parts stood. */
  public static ParsedSource<AuthorizerCode> parseAuthorizer(String source, Parameters parameters) {
    SourceMap map = new SourceMap(source);
    return new ParsedSource<>(
        all(new Cursor(source, parameters, map), StatementParser::authorizer), map);
  }

  /** Reads one fact; a semicolon may follow it, as in all methods below. */
  public static Fact fact(String source) {
    return fact(source, Parameters.none());
  }

  /** Reads one fact with values for its parameters. */
  public static Fact fact(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::fact);
  }

  /** Reads one rule. */
  public static Rule rule(String source) {
    return rule(source, Parameters.none());
  }

  /** Reads one rule with values for its parameters. */
  public static Rule rule(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::rule);
  }

  /** Reads one check. */
  public static Check check(String source) {
    return check(source, Parameters.none());
  }

  /** Reads one check with values for its parameters. */
  public static Check check(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::check);
  }

  /** Reads one policy. */
  public static Policy policy(String source) {
    return policy(source, Parameters.none());
  }

  /** Reads one policy with values for its parameters. */
  public static Policy policy(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::policy);
  }

  /** Reads the body of a rule or check: predicates, expressions and scopes. */
  public static Query query(String source) {
    return query(source, Parameters.none());
  }

  /** Reads the body of a rule or check with values for its parameters. */
  public static Query query(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::query);
  }

  /** Reads one term, which may be a variable. */
  public static Term term(String source) {
    return term(source, Parameters.none());
  }

  /** Reads one term with values for its parameters. */
  public static Term term(String source, Parameters parameters) {
    return one(source, parameters, StatementParser::term);
  }

  private static <T> T one(
      String source, Parameters parameters, Function<StatementParser, T> read) {
    return all(
        new Cursor(source, parameters, null),
        parser -> {
          T value = read.apply(parser);
          parser.end();
          return value;
        });
  }

  private static <T> T all(Cursor cursor, Function<StatementParser, T> read) {
    T value = read.apply(new StatementParser(cursor));
    cursor.parameters.finish();
    return value;
  }

  /**
   * Parsed syntax, and where its parts stood. Immutable and thread-safe.
   *
   * @param <T> what was parsed
   * @param value the syntax
   * @param sourceMap where its parts stood
   */
  public record ParsedSource<T>(T value, SourceMap sourceMap) {}

  /**
   * Knows where the parts of parsed syntax stood in their source. Parts are told apart by identity,
   * so two equal statements have a span each. It knows statements, queries, predicates, scopes,
   * terms and expressions. A parameter's value is one object however often it is used, so only its
   * first place is known. Thread-safe once the parser has returned it.
   */
  public static final class SourceMap {
    private final String source;
    private final IdentityHashMap<Object, int[]> ranges = new IdentityHashMap<>();

    /** Made when somebody asks; twice, if two threads ask at once. */
    private volatile @Nullable SourceLines lines;

    SourceMap(String source) {
      this.source = source;
    }

    void add(Object node, int start, int end) {
      ranges.putIfAbsent(node, new int[] {start, end});
    }

    /** The whole source. */
    public String source() {
      return source;
    }

    /** Returns where a part stood, or null if it is not from this source. */
    public @Nullable Span span(Object node) {
      int[] range = ranges.get(node);
      if (range == null) {
        return null;
      }
      SourceLines known = lines;
      if (known == null) {
        known = new SourceLines(source);
        lines = known;
      }
      return new Span(range[0], range[1], known.line(range[0]), known.column(range[0]));
    }

    /**
     * Returns the source line of a span with a line of carets under it, for messages. Control
     * characters are replaced, and long lines are cut.
     */
    public String excerpt(Span span) {
      Position position = Position.of(source, span.start());
      return position.sourceLine() + "\n" + position.carets(span.end() - span.start());
    }

    /**
     * A stretch of source text.
     *
     * @param start offset of its first character, in UTF-16 units from 0
     * @param end offset after its last character, in UTF-16 units
     * @param line line of its first character, from 1
     * @param column column of its first character, in code points from 1
     */
    public record Span(int start, int end, int line, int column) {}
  }
}
