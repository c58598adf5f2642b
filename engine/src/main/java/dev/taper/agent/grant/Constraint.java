package dev.taper.agent.grant;

import dev.taper.agent.call.HostClass;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grant asks of a call's arguments. A constrained argument must be present. Constraints are
 * made with {@link #arg} and {@link #onlyArguments}, or by {@link Grant#parse}.
 */
public sealed interface Constraint permits ConstraintBody {
  /** The argument's name; empty for {@link #onlyArguments}, which is about all of them. */
  String argument();

  /** The constraint in the text syntax of {@link Grant#parse}, such as {@code limit <= 50}. */
  @Override
  String toString();

  /**
   * The constraint as {@link #toString} has it, or the beginning of that: a short token can name
   * many long values.
   *
   * @param enough how many characters are enough; what goes beyond may be left out, except a little
   *     that shows there is more
   */
  default String text(int enough) {
    return toString();
  }

  /**
   * Starts a constraint on an argument.
   *
   * @param name the name of a top-level argument
   */
  static Argument arg(String name) {
    return new Argument(name);
  }

  /** Allows no arguments but those named; none at all if none is named. */
  static Constraint onlyArguments(String... names) {
    return new OnlyArguments(Arrays.asList(names));
  }

  /**
   * An argument of a call, about to be constrained. Values are integers ({@code Integer} or {@code
   * Long}), strings, booleans and null. Every method throws a {@link dev.taper.TaperException} of
   * code {@code INVALID_ARGUMENT} for what cannot be a constraint.
   */
  final class Argument {
    private final String name;

    Argument(String name) {
      Require.argument(name);
      this.name = name;
    }

    /** It has this value. */
    public Constraint is(@Nullable Object value) {
      return new OneOf(name, List.of(term(value)));
    }

    /** It has one of these values. */
    public Constraint in(@Nullable Object... values) {
      return new OneOf(name, terms(values));
    }

    /** It has none of these values. */
    public Constraint notIn(@Nullable Object... values) {
      return new NotOneOf(name, terms(values));
    }

    /** It is an integer, and not below the bound. */
    public Constraint atLeast(long bound) {
      return integer(BinaryOp.GREATER_OR_EQUAL, bound);
    }

    /** It is an integer above the bound. */
    public Constraint moreThan(long bound) {
      return integer(BinaryOp.GREATER_THAN, bound);
    }

    /** It is an integer, and not above the bound. */
    public Constraint atMost(long bound) {
      return integer(BinaryOp.LESS_OR_EQUAL, bound);
    }

    /** It is an integer below the bound. */
    public Constraint lessThan(long bound) {
      return integer(BinaryOp.LESS_THAN, bound);
    }

    /** It is a number, whole or not, and not below the bound, which has at most six decimals. */
    public Constraint atLeast(BigDecimal bound) {
      return decimal(BinaryOp.GREATER_OR_EQUAL, bound);
    }

    /** It is a number, whole or not, above the bound, which has at most six decimals. */
    public Constraint moreThan(BigDecimal bound) {
      return decimal(BinaryOp.GREATER_THAN, bound);
    }

    /** It is a number, whole or not, and not above the bound, which has at most six decimals. */
    public Constraint atMost(BigDecimal bound) {
      return decimal(BinaryOp.LESS_OR_EQUAL, bound);
    }

    /** It is a number, whole or not, below the bound, which has at most six decimals. */
    public Constraint lessThan(BigDecimal bound) {
      return decimal(BinaryOp.LESS_THAN, bound);
    }

    /** It is a string that starts with this one. For the segments of a path, see {@link #under}. */
    public Constraint startsWith(String prefix) {
      return new StartsWith(name, prefix);
    }

    /** It is a string that the regular expression (RE2 syntax) matches as a whole. */
    public Constraint matches(String regex) {
      return Matches.written(name, regex);
    }

    /**
     * It is a string of at most this many UTF-8 bytes, or an array of at most this many elements.
     */
    public Constraint lengthAtMost(long limit) {
      return new LengthAtMost(name, limit);
    }

    /** It is an array that holds no values but these; it may be empty. */
    public Constraint eachIn(@Nullable Object... values) {
      return new EachIn(name, terms(values));
    }

    /** It is an array of strings that all start with this one; it may be empty. */
    public Constraint eachStartsWith(String prefix) {
      return new EachStartsWith(name, prefix);
    }

    /** It is an array of strings that all end with this one; it may be empty. */
    public Constraint eachEndsWith(String suffix) {
      return new EachEndsWith(name, suffix);
    }

    /**
     * It is an array of strings each of which the regular expression (RE2 syntax) matches as a
     * whole; it may be empty.
     */
    public Constraint eachMatches(String regex) {
      return EachMatches.written(name, regex);
    }

    /** It is an array of URLs to hosts as in {@link #hostIn}; it may be empty. */
    public Constraint eachHostIn(String... patterns) {
      return EachHost.of(name, Arrays.asList(patterns));
    }

    /** It is a URL with one of these schemes, written in lower case. */
    public Constraint schemeIn(String... schemes) {
      return UrlScheme.of(name, Arrays.asList(schemes));
    }

    /** It is a URL to one of these hosts; {@code *.acme.com} covers all below {@code acme.com}. */
    public Constraint hostIn(String... patterns) {
      return UrlHost.of(name, Arrays.asList(patterns));
    }

    /** It is a URL to a host of one of these classes. */
    public Constraint hostClassIn(HostClass... classes) {
      List<String> texts = new ArrayList<>();
      for (HostClass hostClass : classes) {
        texts.add(hostClass.text());
      }
      return UrlHostClass.of(name, texts);
    }

    /**
     * It is a URL to one of these ports. One that names no port has the one that its scheme
     * implies.
     */
    public Constraint portIn(int... ports) {
      return new UrlPort(name, Ports.of(Arrays.stream(ports).asLongStream().boxed().toList()));
    }

    /** It is a URL to a port that is neither below the first nor above the last. */
    public Constraint portBetween(int first, int last) {
      return new UrlPort(name, Ports.between(first, last));
    }

    /**
     * It is a URL whose host is an IP address in one of these networks, such as {@code 10.0.0.0/8}
     * or {@code 2001:db8::/32}; no name is, wherever it resolves.
     */
    public Constraint ipIn(String... networks) {
      return UrlIp.of(name, Arrays.asList(networks));
    }

    /** It is an absolute path: this one or one below it. */
    public Constraint under(String root) {
      return new PathUnder(name, root);
    }

    private Constraint integer(BinaryOp comparison, long bound) {
      return new IntegerRange(name, Range.of(comparison, bound));
    }

    private Constraint decimal(BinaryOp comparison, BigDecimal bound) {
      return new DecimalRange(name, Range.of(comparison, DecimalRange.millionths(bound, name)));
    }

    private List<Term> terms(@Nullable Object[] values) {
      List<Term> terms = new ArrayList<>();
      for (Object value : values) {
        terms.add(term(value));
      }
      return terms;
    }

    private Term term(@Nullable Object value) {
      if (value == null) {
        return new Term.Null();
      } else if (value instanceof String s) {
        return new Term.Str(s);
      } else if (value instanceof Boolean b) {
        return new Term.Bool(b);
      } else if (value instanceof Integer || value instanceof Long) {
        return new Term.Int(((Number) value).longValue());
      }
      throw Require.refuse(
          "argument "
              + name
              + " can be compared with integers, strings, booleans and null, not with "
              + value.getClass().getSimpleName());
    }
  }
}
