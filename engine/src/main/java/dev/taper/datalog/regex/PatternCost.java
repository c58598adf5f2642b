package dev.taper.datalog.regex;

import org.jspecify.annotations.Nullable;

/**
 * The cost of a regular expression, found in one pass over its text before anything is compiled.
 * re2j unrolls repetitions without limit, recurses over groups, copies a run of characters at each
 * of them, and copies the ranges of a class at each alternative. This pass understands only what
 * multiplies the cost: groups, classes, escapes and counted repetitions. Immutable and thread-safe.
 *
 * @param valid false if it is nested too deeply, or has an unmatched bracket, an unknown kind of
 *     group or a quotation; for other invalid patterns, the other values mean nothing
 * @param program an upper bound of the number of instructions of its program
 * @param ranges an upper bound of the number of ranges of its classes, each occurrence counted once
 * @param work steps to charge for compiling it
 */
public record PatternCost(boolean valid, long program, long ranges, long work) {
  /** The largest program that is compiled at all, in instructions. */
  public static final int MAX_PROGRAM = 20_000;

  /** The most steps that compiling may take: all of an evaluation with the default limits. */
  public static final int MAX_WORK = 1_000_000;

  /** Programs up to this size keep their working memory between uses. */
  static final int SMALL_PROGRAM = 128;

  private static final PatternCost INVALID = new PatternCost(false, 0, 0, 0);

  /** The cost of a pattern that no budget is enough for. */
  private static final long ENDLESS = MAX_WORK + 1L;

  /** Finds what a pattern costs, in time linear in its text. */
  public static PatternCost of(String text) {
    Scan scan = new Scan(text);
    return scan.run() ? scan.cost() : INVALID;
  }

  /** True if the pattern is too large to be compiled, whatever the budget is. */
  public boolean isTooLarge() {
    return program > MAX_PROGRAM || work > MAX_WORK;
  }

  /**
   * Estimates, from above, the bytes that the compiled pattern takes.
   *
   * @param length the length of the pattern, in characters
   */
  public long bytes(int length) {
    return bytes(length, program, ranges);
  }

  /**
   * Estimates the bytes of a compiled program. An instruction was measured to take 64 bytes, and a
   * range 8. Once the program was used, each instruction takes at least 24 more, which a large
   * program gives back.
   */
  static long bytes(int length, long program, long ranges) {
    return 480 + 5L * length + (program <= SMALL_PROGRAM ? 96 : 64) * program + 8 * ranges;
  }

  /** One pass over a pattern. */
  private static final class Scan {
    /** Deeper groups make a pattern invalid, as in the reference implementation's library. */
    private static final int MAX_GROUP_DEPTH = 250;

    /** More repetitions than this make a pattern invalid. */
    private static final int MAX_COUNT = 1_000;

    /** How many ranges hold every letter that differs from another only in case. */
    private static final int MAX_FOLDED = 1_400;

    /** No name of a class is longer. */
    private static final int LONGEST_NAME = 32;

    private final String text;
    private final long[] sums = new long[MAX_GROUP_DEPTH + 1];
    private int at;
    private int depth;
    private long last; // of the last atom, already part of its group's sum
    private long ranges;
    private long alternatives = 1;
    private long walked;
    private boolean folding;
    private boolean endless;
    private boolean broken;

    Scan(String text) {
      this.text = text;
    }

    /** False if the pattern is invalid. */
    boolean run() {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '(') {
          if (++depth > MAX_GROUP_DEPTH) {
            return false;
          }
          open();
        } else if (c == ')') {
          if (depth == 0) {
            return false;
          }
          last = sums[depth--] + 2;
          sums[depth] = capped(sums[depth] + last);
          at++;
        } else if (c == '\\' && text.startsWith("\\Q", at)) {
          return false; // a quotation is no syntax of the reference implementation's library
        } else {
          part(c);
        }
        if (broken) {
          return false;
        }
      }
      return depth == 0;
    }

    PatternCost cost() {
      long program = 4;
      for (int d = 0; d <= depth; d++) {
        program = capped(program + sums[d]); // so that its square is no overflow
      }
      long length = text.length();
      long work =
          64
              + length * length / 32
              + program
              + program * program / 1_024
              + ranges * alternatives / 2
              + walked;
      return new PatternCost(true, program, ranges, endless ? ENDLESS : work);
    }

    private static long capped(long instructions) {
      return Math.min(instructions, Integer.MAX_VALUE);
    }

    /**
     * Reads the beginning of a group, or flags alone; a repetition after flags means what is before
     * them.
     */
    private void open() {
      long atom = last;
      sums[depth] = 0;
      last = 0;
      at++;
      if (!text.startsWith("?", at)) {
        return;
      }
      at++;
      while (at < text.length() && "imsU-".indexOf(text.charAt(at)) >= 0) {
        folding |= text.charAt(at++) == 'i'; // for all that follows, which is on the safe side
      }
      if (text.startsWith(")", at)) {
        at++;
        depth--;
        last = atom;
      } else if (text.startsWith(":", at)) {
        at++;
      } else {
        broken = !text.startsWith("P<", at) && !text.startsWith("<", at);
        broken |= text.startsWith("<=", at) || text.startsWith("<!", at);
      }
    }

    /** Reads anything that is not a group. */
    private void part(char c) {
      if (c == '{') {
        int start = at;
        long times = repetition();
        if (times > MAX_COUNT) {
          broken = true; // re2j refuses it, and the products below would overflow
          return;
        }
        if (times >= 0) {
          sums[depth] = capped(sums[depth] + last * times + 2);
          last = capped(last * (times + 1) + 2);
          return;
        }
        at = start + 1;
        atom();
      } else if (c == '*' || c == '+' || c == '?') {
        last += 2;
        sums[depth] += 2;
        at++;
      } else if (c == '[') {
        set();
        atom();
      } else if (c == '\\') {
        if (!named()) {
          literal();
        }
        atom();
      } else {
        alternatives += c == '|' ? 1 : 0;
        literal();
        atom();
      }
    }

    private void atom() {
      last = 2;
      sums[depth] = capped(sums[depth] + last);
    }

    private void literal() {
      int c = character();
      fold(c, c);
    }

    /** Counts a range of a class. */
    private void range(int low, int high) {
      int more = fold(low, high);
      ranges += 1 + (high < 0x80 ? Math.min(more, 3) : Math.min(4L * more, MAX_FOLDED));
    }

    /** Counts the code points that folding a range walks over. */
    private int fold(int low, int high) {
      if (!folding) {
        return 0;
      }
      int more = CaseFolding.walked(low, high);
      walked += more;
      endless |= CaseFolding.neverEnds(low, high);
      return more;
    }

    /**
     * Returns the greater count of the repetition at an opening brace; -1 if it is not a
     * repetition.
     */
    private long repetition() {
      long first = -1;
      long count = -1;
      for (int i = at + 1; i < text.length() && i < at + 12; i++) {
        char c = text.charAt(i);
        if (c >= '0' && c <= '9') {
          count = Math.min(Math.max(count, 0) * 10 + (c - '0'), MAX_COUNT + 1);
        } else if (c == ',' && first < 0 && count >= 0) {
          first = count;
          count = -1;
        } else if (c == '}') {
          at = i + 1;
          return count < 0 && first < 0 ? -1 : Math.max(first, count);
        } else {
          return -1;
        }
      }
      return -1;
    }

    /** Reads a class in brackets, past its end. */
    private void set() {
      at++;
      if (at < text.length() && text.charAt(at) == '^') {
        ranges += 2;
        at++;
      }
      for (int start = at; at < text.length(); ) {
        if (text.charAt(at) == ']' && at > start) {
          at++;
          return;
        }
        if (!named()) {
          int low = character();
          int high = low;
          if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
            at++;
            high = character();
          }
          range(low, Math.max(low, high));
        }
      }
      broken = true;
    }

    /** Reads a class that has a name; false if there is none. */
    private boolean named() {
      if (text.startsWith("[:", at)) {
        int end = end(":]", at + 2);
        if (end >= 0) {
          ranges += folding ? 16 : 8;
          at = end + 2;
        }
        return end >= 0;
      }
      if (text.charAt(at) != '\\' || at + 1 == text.length()) {
        return false;
      }
      char c = text.charAt(at + 1);
      if (c == 'p' || c == 'P') {
        boolean braces = text.startsWith("{", at + 2);
        int end = braces ? end("}", at + 3) : Math.min(at + 3, text.length());
        end = end < 0 ? text.length() : end;
        ranges += UnicodeRanges.of(text.substring(Math.min(at + (braces ? 3 : 2), end), end)) + 1;
        at = Math.min(end + (braces ? 1 : 0), text.length());
        return true;
      }
      if ("dDsSwW".indexOf(c) >= 0) {
        ranges += folding ? 16 : 8;
        at += 2;
        return true;
      }
      return false;
    }

    private int end(String closing, int from) {
      for (int i = from; i < text.length() && i < from + LONGEST_NAME; i++) {
        if (text.startsWith(closing, i)) {
          return i;
        }
      }
      return -1;
    }

    /** Reads one character, escaped or not. */
    private int character() {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c != '\\' || at == text.length()) {
        broken |= c == '\\';
        return c;
      }
      int escaped = text.codePointAt(at);
      at += Character.charCount(escaped);
      if (escaped == 'x') {
        Integer value = hexadecimal();
        return value == null ? escaped : value;
      }
      int value = escaped - '0';
      if (value < 0 || value > 7) {
        return escaped;
      }
      for (int i = 0; i < 2 && at < text.length() && isOctal(text.charAt(at)); i++) {
        value = value * 8 + text.charAt(at++) - '0';
      }
      return value;
    }

    private static boolean isOctal(char c) {
      return c >= '0' && c <= '7';
    }

    /** Reads the digits after an x: two of them, or any number in braces. */
    private @Nullable Integer hexadecimal() {
      boolean braces = text.startsWith("{", at);
      int start = at + (braces ? 1 : 0);
      int end = braces ? text.length() : Math.min(at + 2, text.length());
      int i = start;
      long value = 0;
      // This goes digit by digit: finding the end first would walk the whole text for every escape.
      for (int digit; i < end && (digit = Character.digit(text.charAt(i), 16)) >= 0; i++) {
        value = Math.min(value * 16 + digit, Character.MAX_CODE_POINT);
      }
      if (braces ? !text.startsWith("}", i) : i < end) {
        return null;
      }
      at = i + (braces ? 1 : 0);
      return (int) value;
    }
  }
}
