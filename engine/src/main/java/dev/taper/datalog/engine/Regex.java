package dev.taper.datalog.engine;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for {@code matches}: found anywhere, in time linear in the text (RE2). An
 * invalid one never matches. What a pattern can cost is bounded before it is compiled: re2j unrolls
 * repetitions without limit, and recurses over groups.
 */
public final class Regex {
  /** Deeper groups make a pattern invalid, as in the reference implementation's library. */
  private static final int MAX_GROUP_DEPTH = 250;

  /** The largest program that is compiled at all, in instructions. */
  private static final int MAX_PROGRAM = 20_000;

  /** States of the automaton that are visited a step. */
  private static final int STATES_PER_STEP = 32;

  private final @Nullable Pattern pattern;
  private final int size;

  private Regex(@Nullable Pattern pattern, int size) {
    this.pattern = pattern;
    this.size = size;
  }

  /**
   * Compiles a pattern.
   *
   * @throws TaperException {@link ErrorCode#TOO_MUCH_WORK} if it is too large
   */
  static Regex compile(String text) {
    long estimate = programEstimate(text);
    if (estimate < 0) {
      return new Regex(null, 0);
    }
    if (estimate > MAX_PROGRAM) {
      throw new TaperException(ErrorCode.TOO_MUCH_WORK, "a regular expression has too many states");
    }
    try {
      Pattern pattern = Pattern.compile(text);
      return new Regex(pattern, pattern.programSize());
    } catch (PatternSyntaxException e) {
      return new Regex(null, 0);
    }
  }

  /** True if a pattern can match anything at all: {@code matches} is false for an invalid one. */
  public static boolean isValid(String text) {
    return programEstimate(text) <= MAX_PROGRAM && compile(text).pattern != null;
  }

  /** True if compiling a constant ahead takes memory in proportion to its text. */
  static boolean isModest(String text) {
    return programEstimate(text) <= Math.min(4L * text.length() + 64, MAX_PROGRAM);
  }

  boolean find(String input, Budget budget) {
    if (pattern == null) {
      return false;
    }
    budget.charge((1L + input.length()) * size / STATES_PER_STEP);
    return pattern.matcher(input).find();
  }

  /** The number of instructions of its program. */
  int size() {
    return size;
  }

  /**
   * An upper bound of the instructions of a valid pattern's program; of an invalid one, anything;
   * -1 if it is invalid for its depth or a quotation. Only what multiplies is understood: groups,
   * classes, escapes and counted repetitions.
   */
  static long programEstimate(String text) {
    long[] sums = new long[MAX_GROUP_DEPTH + 1];
    int depth = 0;
    long last = 0; // of the last atom, already part of its group's sum
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        if (++depth > MAX_GROUP_DEPTH) {
          return -1;
        }
        sums[depth] = 0;
        last = 0;
        continue;
      }
      if (c == ')' && depth > 0) {
        last = sums[depth--] + 2;
      } else if (c == '{') {
        long times = repetition(text, i);
        if (times >= 0) {
          sums[depth] = Math.min(sums[depth] + last * times + 2, Integer.MAX_VALUE);
          last = Math.min(last * (times + 1) + 2, Integer.MAX_VALUE);
          continue;
        }
        last = 2; // a literal brace
      } else if (c == '\\') {
        if (i + 1 < text.length() && text.charAt(i + 1) == 'Q') {
          return -1; // a quotation is no syntax of the reference implementation's library
        }
        i++;
        last = 2;
      } else if (c == '[') {
        i = classEnd(text, i);
        last = 2;
      } else if (c == '*' || c == '+' || c == '?') {
        last += 2;
        sums[depth] += 2;
        continue;
      } else {
        last = 2;
      }
      sums[depth] = Math.min(sums[depth] + last, Integer.MAX_VALUE);
    }
    long total = 4;
    for (int d = 0; d <= depth; d++) {
      total += sums[d];
    }
    return total;
  }

  /** The greater count of the repetition at an opening brace, or -1 if it is none. */
  private static long repetition(String text, int open) {
    long first = -1;
    long count = -1;
    for (int i = open + 1; i < text.length() && i < open + 12; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        count = Math.max(count, 0) * 10 + (c - '0');
      } else if (c == ',' && first < 0 && count >= 0) {
        first = count;
        count = -1;
      } else if (c == '}') {
        return count < 0 && first < 0 ? -1 : Math.max(first, count);
      } else {
        return -1;
      }
    }
    return -1;
  }

  /** The index of a class's closing bracket, or of the last character if there is none. */
  private static int classEnd(String text, int open) {
    int i = open + 1;
    if (i < text.length() && text.charAt(i) == '^') {
      i++;
    }
    for (int start = i; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ']' && i > start) {
        return i;
      }
      if (c == '\\') {
        i++;
      } else if (c == '[' && text.startsWith("[:", i)) {
        int end = text.indexOf(":]", i + 2);
        i = end < 0 ? i : end + 1;
      }
    }
    return text.length() - 1;
  }
}
