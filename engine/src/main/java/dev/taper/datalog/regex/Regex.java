package dev.taper.datalog.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for {@code matches}. It is found anywhere in a text, in time linear in the
 * text (RE2). An invalid one never matches. Its cost is bounded before it is compiled, see {@link
 * PatternCost}. Immutable and thread-safe.
 */
public final class Regex {
  /** How many states of the automaton one step visits. */
  private static final int STATES_PER_STEP = 8;

  private static final Regex INVALID = new Regex(null, 0, 64);

  private final @Nullable Pattern pattern;
  private final int size;
  private final long bytes;

  private Regex(@Nullable Pattern pattern, int size, long bytes) {
    this.pattern = pattern;
    this.size = size;
    this.bytes = bytes;
  }

  /**
   * Compiles a pattern.
   *
   * @param text the pattern
   * @param cost what it costs, which is not charged here
   * @throws TaperException {@link ErrorCode#TOO_MUCH_WORK} if the pattern is too large
   */
  public static Regex compile(String text, PatternCost cost) {
    if (!cost.valid()) {
      return INVALID;
    }
    if (cost.isTooLarge()) {
      throw tooLarge();
    }
    try {
      Pattern pattern = Pattern.compile(text);
      int size = pattern.programSize();
      return new Regex(pattern, size, PatternCost.bytes(text.length(), size, cost.ranges()));
    } catch (PatternSyntaxException e) {
      return INVALID;
    } catch (StackOverflowError e) {
      throw tooLarge();
    }
  }

  private static TaperException tooLarge() {
    return new TaperException(
        ErrorCode.TOO_MUCH_WORK, "a regular expression takes too much work to compile");
  }

  /**
   * True if a pattern is valid and so can match at all: {@code matches} is false for an invalid
   * one.
   */
  public static boolean isValid(String text) {
    PatternCost cost = PatternCost.of(text);
    return !cost.isTooLarge() && compile(text, cost).isValid();
  }

  /** False for an invalid pattern, which never matches. */
  public boolean isValid() {
    return pattern != null;
  }

  /**
   * Returns what searching a text for it costs, in steps.
   *
   * @param length the length of the text, in characters
   */
  public long steps(int length) {
    return (1L + length) * size / STATES_PER_STEP;
  }

  /** Estimates, from above, the bytes that it takes. */
  public long bytes() {
    return bytes;
  }

  /**
   * True if it is found anywhere in a text.
   *
   * @throws TaperException {@link ErrorCode#TOO_MUCH_WORK} if it is nested too deeply for the stack
   */
  public boolean find(String text) {
    if (pattern == null) {
      return false;
    }
    try {
      return pattern.matcher(text).find();
    } catch (StackOverflowError e) {
      throw tooLarge();
    } finally {
      if (size > PatternCost.SMALL_PROGRAM) {
        pattern.reset(); // its working memory would stay, once for each thread
      }
    }
  }
}
