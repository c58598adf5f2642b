package dev.taper.datalog.regex;

import dev.taper.TaperException;
import java.util.HashMap;
import java.util.Map;

/**
 * Matches many patterns for one reader that explains a decision and does not make it. Each pattern
 * is compiled once, and all of them together take a bounded amount of work and memory. Beyond that
 * it gives no answer. Thread-safe.
 */
public final class PatternMemo {
  /** The most steps for compiling and searching, a fifth of what an evaluation may take. */
  private static final long MAX_WORK = 200_000;

  /** The most bytes that it keeps. */
  private static final long MAX_BYTES = 512 << 10;

  private final Map<String, Regex> compiled = new HashMap<>();
  private long work = MAX_WORK;
  private long room = MAX_BYTES;

  /**
   * Returns whether a pattern is found in a text.
   *
   * @param otherwise the answer if finding out takes more work than is left
   */
  public synchronized boolean find(String pattern, String text, boolean otherwise) {
    try {
      Regex regex = compiled.get(pattern);
      if (regex == null) {
        if (!spend(Math.max(1, pattern.length() / 16))) {
          return otherwise; // to find out what it costs takes work, too
        }
        PatternCost cost = PatternCost.of(pattern);
        if (!spend(cost.work())) {
          return otherwise;
        }
        regex = Regex.compile(pattern, cost);
        if (regex.bytes() <= room) {
          room -= regex.bytes();
          compiled.put(pattern, regex);
        }
      }
      return spend(1 + regex.steps(text.length())) ? regex.find(text) : otherwise;
    } catch (TaperException e) {
      return otherwise; // too large for anybody
    }
  }

  /** Returns the steps taken so far. */
  public synchronized long work() {
    return MAX_WORK - work;
  }

  /**
   * Counts other work of the same reader; false, and nothing is counted, if so much is not left.
   */
  public synchronized boolean spend(long steps) {
    if (steps > work) {
      return false;
    }
    work -= steps;
    return true;
  }
}
