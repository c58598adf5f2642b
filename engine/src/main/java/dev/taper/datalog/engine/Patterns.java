package dev.taper.datalog.engine;

import dev.taper.TaperException;
import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the constant patterns of a block. Each text of a token is kept once: a block shares the
 * patterns of the blocks before it. No pattern of a token is compiled before its first use. The
 * cost of all patterns that a token keeps is bounded, in the order of writing; each evaluation that
 * uses a pattern beyond the bound compiles it, and is charged for that.
 *
 * <p>Filled while the block is compiled, by one thread; then thread-safe.
 */
final class Patterns {
  /** The most bytes that the compiled patterns of a token may take together. */
  static final long MAX_KEPT = 512 << 10;

  /** Marks the patterns of an authorizer: compiled at once, not bounded and not charged. */
  private static final int NOT_CHARGED = -1;

  private final @Nullable Patterns before;
  private final Map<String, Constant> own = new HashMap<>();
  private final boolean trusted;
  private int count;
  private long estimate;
  private long compiled;
  private Runnable watcher = () -> {};

  private Patterns(@Nullable Patterns before, boolean trusted) {
    this.before = before;
    this.trusted = trusted;
    this.count = before == null ? 0 : before.count;
    this.estimate = before == null ? 0 : before.estimate;
  }

  /** Makes the patterns for a block of a token, which comes after another or is the first. */
  static Patterns after(@Nullable Patterns before) {
    return new Patterns(before, false);
  }

  /** Makes the patterns for a service's own code. */
  static Patterns ofAuthorizer() {
    return new Patterns(null, true);
  }

  /** Returns a pattern, or null if it is not kept. */
  @Nullable Constant constant(String text) {
    for (Patterns patterns = this; patterns != null; patterns = patterns.before) {
      Constant known = patterns.own.get(text);
      if (known != null) {
        return known;
      }
    }
    PatternCost cost = PatternCost.of(text);
    if (trusted) {
      return put(new Constant(text, cost, NOT_CHARGED));
    }
    long bytes = cost.bytes(text.length());
    if (cost.isTooLarge() || bytes > MAX_KEPT - estimate) {
      return null;
    }
    estimate += bytes;
    return put(new Constant(text, cost, count++));
  }

  private Constant put(Constant constant) {
    own.put(constant.text, constant);
    return constant;
  }

  /** Returns the texts that are not regular expressions, or too large; compiles all others. */
  List<String> unusable() {
    List<String> unusable = new ArrayList<>();
    for (Constant constant : own.values()) {
      if (!constant.isUsable()) {
        unusable.add(constant.text);
      }
    }
    unusable.sort(null);
    return unusable;
  }

  /** Estimates, from above, the bytes that the block's patterns take now. */
  synchronized long compiledBytes() {
    return compiled;
  }

  /** Sets the watcher that is told whenever {@link #compiledBytes} changes. */
  synchronized void watch(Runnable newWatcher) {
    watcher = newWatcher;
  }

  private void compiled(long bytes) {
    Runnable told;
    synchronized (this) {
      compiled += bytes;
      told = watcher;
    }
    told.run();
  }

  /** A pattern that is written in a block. */
  final class Constant {
    private final String text;
    private final PatternCost cost;
    private final int number;
    private volatile @Nullable Regex regex;

    private Constant(String text, PatternCost cost, int number) {
      this.text = text;
      this.cost = cost;
      this.number = number;
    }

    Regex get(Frame frame) {
      if (number != NOT_CHARGED && frame.regexes().isFirstUse(number)) {
        frame.budget.charge(cost.work());
      }
      Regex known = regex;
      return known == null ? compile() : known;
    }

    private Regex compile() {
      Regex made;
      synchronized (this) {
        Regex known = regex;
        if (known != null) {
          return known;
        }
        made = Regex.compile(text, cost);
        regex = made;
      }
      compiled(made.bytes());
      return made;
    }

    private boolean isUsable() {
      try {
        return compile().isValid();
      } catch (TaperException e) {
        return false;
      }
    }
  }
}
