package dev.taper.datalog;

import dev.taper.datalog.regex.Regex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares the two dialects of {@code matches}. Taper uses RE2's, the reference implementation that
 * of Rust's {@code regex}; most patterns mean the same in both. This class finds the parts of a
 * pattern that do not: a token that is checked by different libraries should use only what both
 * agree on.
 */
public final class Dialect {
  /** The greatest count of a repetition in RE2. */
  private static final int MAX_REPETITION = 1_000;

  /** The longest count, with the brace that closes it. */
  private static final int LONGEST_COUNT = "12345678,12345678}".length();

  // So that no place is searched for what is not behind it, nor all of the text at each place.
  private final String text;
  private final int lastBrace;
  private final int lastClass;
  private final boolean isAscii;

  private final Set<String> found = new LinkedHashSet<>();
  private int at;

  private Dialect(String text) {
    this.text = text;
    this.lastBrace = text.lastIndexOf('}');
    this.lastClass = text.lastIndexOf(":]");
    this.isAscii = text.chars().allMatch(c -> c < 0x80);
  }

  /**
   * True if a pattern is valid and so can match at all: {@code matches} is false for an invalid
   * one.
   */
  public static boolean isValid(String pattern) {
    return Regex.isValid(pattern);
  }

  /**
   * Finds the parts of a pattern that mean something else, or are an error, in the other dialect.
   *
   * @param pattern a regular expression
   * @return a sentence for each kind of thing, in the order of the pattern; empty if both agree
   */
  public static List<String> differences(String pattern) {
    Dialect dialect = new Dialect(pattern);
    while (dialect.at < pattern.length()) {
      dialect.part();
    }
    return List.copyOf(new ArrayList<>(dialect.found));
  }

  private void part() {
    char c = text.charAt(at++);
    switch (c) {
      case '\\' -> escape(false);
      case '[' -> set();
      case '(' -> group();
      case '{' -> braces();
      case '*', '+', '?' -> stacked();
      default -> {
        // Any other character stands for itself in both.
      }
    }
  }

  /** Reads the character behind a backslash. */
  private void escape(boolean inSet) {
    if (at == text.length()) {
      return; // an error in both
    }
    char c = text.charAt(at++);
    if ("dDsSwW".indexOf(c) >= 0) {
      found.add("\\" + c + " is ASCII here, all of Unicode in Rust");
    } else if (c == 'b' || c == 'B') {
      found.add("\\" + c + (inSet ? " is an error in a class" : " knows ASCII words only here"));
    } else if (c == 'Q' || c == 'C') {
      found.add("\\" + c + " is an error in Rust");
    } else if (c == 'p' || c == 'P') {
      property();
    } else if (c >= '0' && c <= '9') {
      found.add("\\" + c + " may be an octal number here, never in Rust");
    } else if ("uUh<>".indexOf(c) >= 0) {
      found.add("\\" + c + " is not the same in both");
    } else if (c >= 0x80) {
      found.add("an escaped character beyond ASCII is an error in Rust");
    }
  }

  private void property() {
    int end = at < lastBrace && text.startsWith("{", at) ? text.indexOf('}', at) : -1;
    if (end < 0) {
      return;
    }
    String name = text.substring(at + 1, end);
    at = end + 1;
    // Both have a category or script by its plain name.
    if (!name.matches("L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|[A-Z][a-z]{3,}")) {
      found.add("\\p{" + name + "} is not known to both by this name");
    }
  }

  private void set() {
    if (text.startsWith("^", at)) {
      at++;
    }
    for (int start = at; at < text.length(); ) {
      char c = text.charAt(at);
      if (c == ']' && at > start) {
        at++;
        return;
      }
      boolean twice = text.startsWith(String.valueOf(c), at + 1);
      if (at < lastClass && text.startsWith("[:", at)) {
        at = text.indexOf(":]", at) + 2;
        continue;
      }
      at++;
      if (c == '[') {
        found.add("[ in a class is itself here, a class in Rust");
      } else if (twice && (c == '&' || c == '~' || c == '-')) {
        found.add("" + c + c + " in a class is itself here, an operation on classes in Rust");
      } else if (c == '\\') {
        escape(true);
      }
    }
  }

  private void group() {
    if (!text.startsWith("?", at)) {
      return;
    }
    int i = at + 1;
    while (i < text.length() && "imsU-".indexOf(text.charAt(i)) >= 0) {
      if (text.charAt(i) == 'i' && !isAscii) {
        found.add("(?i) beyond ASCII depends on the version of Unicode");
      }
      i++;
    }
    char c = i < text.length() ? text.charAt(i) : ')';
    boolean name = text.startsWith("P<", i) || c == '<';
    if (text.startsWith("<=", i) || text.startsWith("<!", i) || c == '=' || c == '!') {
      found.add("looking around is an error in both, so that it matches nothing");
    } else if (c != ':' && c != ')' && !name) {
      found.add("(?" + c + " is not known to both");
    }
  }

  private void braces() {
    String count = count(at);
    if (count.isEmpty()) {
      found.add("{ that begins no count is itself here, an error in Rust");
      return;
    }
    int comma = count.indexOf(',');
    if (isTooMany(comma < 0 ? count : count.substring(0, comma))
        || isTooMany(count.substring(comma + 1))) {
      found.add("more than " + MAX_REPETITION + " repetitions are an error here");
    }
    at += count.length() + 1;
    stacked();
  }

  /** Returns the count from a place on, up to a closing brace; empty if there is none. */
  private String count(int from) {
    String behind = text.substring(from, Math.min(text.length(), from + LONGEST_COUNT));
    String count = behind.substring(0, Math.max(0, behind.indexOf('}')));
    return count.matches("(0|[1-9][0-9]{0,7})(,|,(0|[1-9][0-9]{0,7}))?") ? count : "";
  }

  private static boolean isTooMany(String number) {
    return !number.isEmpty() && Integer.parseInt(number) > MAX_REPETITION;
  }

  /** Reads what follows a repetition: a mark that makes it lazy, and no second repetition. */
  private void stacked() {
    if (text.startsWith("?", at)) {
      at++;
    }
    char next = at < text.length() ? text.charAt(at) : ' ';
    if ("*+?".indexOf(next) >= 0 || (next == '{' && !count(at + 1).isEmpty())) {
      found.add("a repetition of a repetition is an error here");
    }
  }
}
