package dev.taper.datalog.parser;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Predicate.Names;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values for the parameters of Datalog text, such as {@code {user}}. A value takes the place of its
 * parameter as a term, a map's key or a trusted public key while the text is parsed; it is never
 * pasted as text, so no value can change what a text means. Immutable and thread-safe.
 *
 * <p>Every value must be used by the text unless {@link #allowUnused()} says otherwise.
 */
public final class Parameters {
  private static final Parameters NONE = new Parameters(new TreeMap<>(), false);

  private final SortedMap<String, Object> values;
  private final boolean unusedAllowed;

  private Parameters(SortedMap<String, Object> values, boolean unusedAllowed) {
    this.values = values;
    this.unusedAllowed = unusedAllowed;
  }

  /** Returns an empty set of values. */
  public static Parameters none() {
    return NONE;
  }

  /**
   * Returns these values and one more.
   *
   * @param name the parameter's name, without braces: an ASCII letter, then letters, digits, {@code
   *     _} and {@code :}
   * @param value a term without variables
   * @throws TaperException {@link ErrorCode#PARAMETER} if the name is not valid or has a value
   *     already, or if the value holds a variable, is nested deeper than {@link Term#MAX_DEPTH} or
   *     holds half a surrogate pair
   */
  public Parameters with(String name, Term value) {
    if (!value.isGround()) {
      throw invalid("the value of {" + name + "} holds a variable");
    }
    checkTerm(name, value, 1);
    return put(name, value);
  }

  /**
   * Returns these values and one more string.
   *
   * @throws TaperException as {@link #with(String, Term)}
   */
  public Parameters with(String name, String value) {
    return with(name, new Term.Str(value));
  }

  /**
   * Returns these values and one more integer.
   *
   * @throws TaperException as {@link #with(String, Term)}
   */
  public Parameters with(String name, long value) {
    return with(name, new Term.Int(value));
  }

  /**
   * Returns these values and one more boolean.
   *
   * @throws TaperException as {@link #with(String, Term)}
   */
  public Parameters with(String name, boolean value) {
    return with(name, new Term.Bool(value));
  }

  /**
   * Returns these values and one more date, cut to whole seconds.
   *
   * @throws TaperException as {@link #with(String, Term)}; {@link ErrorCode#INVALID_ARGUMENT} if it
   *     is before 1970
   */
  public Parameters with(String name, Instant value) {
    return with(name, Term.Date.of(value));
  }

  /**
   * Returns these values and one more byte array.
   *
   * @throws TaperException as {@link #with(String, Term)}
   */
  public Parameters with(String name, byte[] value) {
    return with(name, new Term.Bytes(value));
  }

  /**
   * Returns these values and one more public key, for {@code trusting {name}}.
   *
   * @throws TaperException {@link ErrorCode#PARAMETER} if the name is not valid or has a value
   *     already
   */
  public Parameters with(String name, PublicKey value) {
    return put(name, value);
  }

  /** Returns these values in a form that lets a text leave some of them unused. */
  public Parameters allowUnused() {
    return new Parameters(values, true);
  }

  boolean unusedAllowed() {
    return unusedAllowed;
  }

  /** Returns a term, a public key or null. */
  @Nullable Object get(String name) {
    return values.get(name);
  }

  Iterable<String> names() {
    return values.keySet();
  }

  /** Returns the names only, because values may be private. */
  @Override
  public String toString() {
    return "Parameters" + values.keySet();
  }

  private Parameters put(String name, Object value) {
    if (!isName(name)) {
      throw invalid(
          "a parameter's name is an ASCII letter, then letters, digits, `_` and `:`, not "
              + new Term.Str(name));
    }
    SortedMap<String, Object> copy = new TreeMap<>(values);
    if (copy.put(name, value) != null) {
      throw invalid("the parameter {" + name + "} has a value already");
    }
    return new Parameters(copy, unusedAllowed);
  }

  private static boolean isName(String name) {
    if (name.isEmpty() || !Characters.isAsciiLetter(name.charAt(0))) {
      return false;
    }
    return name.codePoints().allMatch(Names::isNameCharacter);
  }

  private static void checkTerm(String name, Term term, int depth) {
    if (depth > Term.MAX_DEPTH) {
      throw invalid("the value of {" + name + "} is nested more than " + Term.MAX_DEPTH + " deep");
    }
    if (term instanceof Term.Str s && Characters.unpairedSurrogate(s.value()) >= 0) {
      throw invalid("the value of {" + name + "} holds half a surrogate pair");
    } else if (term instanceof Term.Set s) {
      checkAll(name, s.elements(), depth);
    } else if (term instanceof Term.Array a) {
      checkAll(name, a.elements(), depth);
    } else if (term instanceof Term.Map m) {
      for (Map.Entry<Term.MapKey, Term> entry : m.entries().entrySet()) {
        checkTerm(name, (Term) entry.getKey(), depth + 1);
        checkTerm(name, entry.getValue(), depth + 1);
      }
    }
  }

  private static void checkAll(String name, Iterable<Term> terms, int depth) {
    for (Term term : terms) {
      checkTerm(name, term, depth + 1);
    }
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.PARAMETER, message);
  }
}
