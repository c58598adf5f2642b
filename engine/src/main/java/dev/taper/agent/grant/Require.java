package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Term;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Checks the parts of grants and conditions: above all, that a call can have them. A grant of
 * something that no call can name is a mistake.
 */
final class Require {
  /** The longest text in a grant, in UTF-8 bytes; a call's names are no longer. */
  private static final int MAX_BYTES = 1024;

  /** How much of a value is shown: few bytes of a token can hold a long text many times. */
  static final int MAX_SHOWN = 128;

  /** More values than this in one list belong in a policy. */
  static final int MAX_VALUES = 256;

  private Require() {}

  static TaperException refuse(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }

  /** Checks text for the one spelling that calls have. */
  static String canonical(UnaryOperator<String> rule, String text) {
    String canonical;
    try {
      canonical = rule.apply(text);
    } catch (TaperException e) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), e);
    }
    if (!canonical.equals(text)) {
      throw refuse("not in its canonical spelling, " + canonical + ": " + text);
    }
    return text;
  }

  static void argument(String name) {
    canonical(Canonical::argumentName, name);
  }

  /** Checks text that is to stand in an argument. */
  static void text(String text, String argument) {
    length(text);
    canonical(Canonical::text, text);
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw refuse("the text for argument " + argument + " is longer than " + MAX_BYTES + " bytes");
    }
  }

  /** Refuses what is far longer than any text of a grant, before anything else is made of it. */
  static void length(String text) {
    if (text.length() > 2 * MAX_BYTES) {
      throw refuse("a text in a grant is longer than " + MAX_BYTES + " bytes");
    }
  }

  /** Checks an argument's name, and text that its value is to start or end with. */
  static void affix(String text, String argument) {
    argument(argument);
    text(text, argument);
    if (text.isEmpty()) {
      throw refuse("every text of argument " + argument + " starts and ends with the empty one");
    }
  }

  /** Distinct values that an argument may be compared with, in the order of writing. */
  static List<Term> values(List<Term> values, String argument) {
    if (values.isEmpty() || values.size() > MAX_VALUES) {
      throw refuse(
          "argument "
              + argument
              + " needs between 1 and "
              + MAX_VALUES
              + " values, not "
              + values.size());
    }
    SortedSet<Term> seen = new TreeSet<>(); // senders can make many values of one hash
    List<Term> distinct = new ArrayList<>();
    for (Term value : values) {
      if (value instanceof Term.Str s) {
        text(s.value(), argument);
      } else if (!(value instanceof Term.Int
          || value instanceof Term.Bool
          || value instanceof Term.Null)) {
        throw refuse(
            "argument "
                + argument
                + " can be compared with integers, strings, booleans and null, not with "
                + value.text(MAX_SHOWN));
      }
      if (seen.add(value)) {
        distinct.add(value);
      }
    }
    return List.copyOf(distinct);
  }
}
