package dev.taper;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that an author probably meant, by edit distance. */
public final class Nearest {
  /** Longer words get no hint: this bounds the work, and no keyword is longer. */
  private static final int MAX_LENGTH = 32;

  private Nearest() {}

  /**
   * Returns the candidate nearest to a word, or null if none is near; case and underscores count
   * less.
   */
  public static @Nullable String of(String word, Iterable<String> candidates) {
    if (word.length() > MAX_LENGTH) {
      return null;
    }
    String plain = plain(word);
    String best = null;
    int bestDistance = Math.max(1, plain.length() / 3) + 1;
    for (String candidate : candidates) {
      if (candidate.length() <= MAX_LENGTH) {
        int distance = distance(plain, plain(candidate));
        if (distance < bestDistance) {
          best = candidate;
          bestDistance = distance;
        }
      }
    }
    return best;
  }

  /**
   * What to say behind a name that nobody knows: the nearest one that there is, or else all of
   * them.
   */
  public static String hint(String unknown, Collection<String> known) {
    String nearest = of(unknown, known);
    return nearest == null
        ? "; there are " + String.join(", ", known)
        : "; did you mean " + nearest + "?";
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "");
  }

  /** Returns Levenshtein's distance, with one row of memory. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
