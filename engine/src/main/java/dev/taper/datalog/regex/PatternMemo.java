package dev.taper.datalog.regex;

import dev.taper.TaperException;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers about many patterns for one reader, who wants to explain something rather than to decide
 * it: each pattern is compiled once, and all of it together takes a bounded amount of work and
 * memory. What is beyond is not answered. Thread-safe.
 */
public final class PatternMemo {
  /** Steps for compiling and looking, a fifth of what an evaluation may take. */
  private static final long MAX_WORK = 200_000;

  /** What it keeps, in bytes. */
  private static final long MAX_BYTES = 512 << 10;

  private final Map<String, Regex> compiled = new HashMap<>();
  private long work = MAX_WORK;
  private long room = MAX_BYTES;

  /**
   * Whether a pattern is found in a text.
   *
   * @param otherwise the answer if that takes more work than is left
   */
  public synchronized boolean find(String pattern, String text, boolean otherwise) {
    try {
      Regex regex = compiled.get(pattern);
      if (regex == null) {
        PatternCost cost = PatternCost.of(pattern);
        if (!spend(pattern.length() / 16 + cost.work())) {
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

  /** The steps that were taken so far. */
  public synchronized long work() {
    return MAX_WORK - work;
  }

  private boolean spend(long steps) {
    if (steps > work) {
      return false;
    }
    work -= steps;
    return true;
  }
}
