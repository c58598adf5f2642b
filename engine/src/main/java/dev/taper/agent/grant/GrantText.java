package dev.taper.agent.grant;

import dev.taper.datalog.Term;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the pieces of a grant's text so that {@link GrantScanner} reads them back. */
final class GrantText {
  /** Words that would mean something else without quotes. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "*", "on", "where", "if", "and", "or", "only", "no", "not", "in", "true", "false",
          "null");

  private record Unit(String name, long seconds) {}

  private static final List<Unit> UNITS =
      List.of(new Unit("d", 86_400), new Unit("h", 3_600), new Unit("m", 60), new Unit("s", 1));
  private static final int MAX_DIGITS = 9;

  private GrantText() {}

  /** True for a character that can stand in a word without quotes. */
  static boolean isWordChar(char c) {
    return c > ' ' && c != 0x7f && "\",<>=!".indexOf(c) < 0 && !Character.isWhitespace(c);
  }

  static boolean isInteger(String word) {
    int start = word.startsWith("-") ? 1 : 0;
    return word.length() > start && isDigits(word, start, word.length());
  }

  static boolean isDecimal(String word) {
    int start = word.startsWith("-") ? 1 : 0;
    int dot = word.indexOf('.');
    return dot > start
        && dot < word.length() - 1
        && isDigits(word, start, dot)
        && isDigits(word, dot + 1, word.length());
  }

  private static boolean isDigits(String word, int start, int end) {
    for (int i = start; i < end; i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Text as a word, or in quotes if it would not be read back as this text. */
  static String word(String text) {
    boolean bare =
        !text.isEmpty() && !KEYWORDS.contains(text) && !isInteger(text) && !isDecimal(text);
    for (int i = 0; bare && i < text.length(); i++) {
      bare = isWordChar(text.charAt(i)) && text.charAt(i) != '\\';
    }
    return bare ? text : quoted(text);
  }

  /** Text in quotes. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /** Whole seconds in the largest unit that divides them. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    for (Unit unit : UNITS) {
      if (seconds % unit.seconds == 0) {
        return seconds / unit.seconds + unit.name;
      }
    }
    throw new IllegalStateException("every number of seconds is one of seconds");
  }

  /**
   * Reads a duration, such as {@code 90s}, {@code 15m} or {@code 2d}; null if it is none or too
   * long.
   */
  static @Nullable Duration duration(String word) {
    for (Unit unit : UNITS) {
      String number = word.substring(0, Math.max(0, word.length() - 1));
      if (word.endsWith(unit.name)
          && !number.isEmpty()
          && number.length() <= MAX_DIGITS
          && isDigits(number, 0, number.length())) {
        return Duration.ofSeconds(Long.parseLong(number) * unit.seconds);
      }
    }
    return null;
  }

  static String words(Collection<String> texts) {
    return words(texts, Integer.MAX_VALUE);
  }

  /** The same, without the last ones if it is longer than enough without them. */
  static String words(Collection<String> texts, int enough) {
    return joined(texts, ", ", GrantText::word, enough);
  }

  static String values(Collection<Term> values, int enough) {
    return joined(values, ", ", GrantText::value, enough);
  }

  private static String value(Term value) {
    return value instanceof Term.Str s ? word(s.value()) : value.toString();
  }

  /** Joins texts, without the last ones if they are longer than enough without them. */
  static <T> String joined(
      Collection<T> all, String separator, Function<T, String> text, int enough) {
    StringJoiner joined = new StringJoiner(separator);
    for (T one : all) {
      if (joined.length() > enough) {
        break;
      }
      joined.add(text.apply(one));
    }
    return joined.toString();
  }
}
