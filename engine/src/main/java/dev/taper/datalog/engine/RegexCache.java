package dev.taper.datalog.engine;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions that only evaluation brought to light, for the length of one evaluation. It
 * is filled once and then left as it is: an evaluation with more patterns pays for each use.
 */
final class RegexCache {
  private static final int CAPACITY = 16;

  /** Compiling costs so many steps a character; programs are at most a small multiple larger. */
  private static final int STEPS_PER_CHARACTER = 16;

  private @Nullable Map<String, Regex> compiled;

  Regex get(String text, Budget budget) {
    if (compiled == null) {
      compiled = new HashMap<>();
    }
    Regex regex = compiled.get(text);
    if (regex == null) {
      budget.charge(64 + (long) text.length() * STEPS_PER_CHARACTER);
      regex = Regex.compile(text);
      budget.charge(regex.size());
      if (compiled.size() < CAPACITY) {
        compiled.put(text, regex);
      }
    }
    return regex;
  }
}
