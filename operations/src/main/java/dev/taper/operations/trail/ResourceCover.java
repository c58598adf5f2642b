package dev.taper.operations.trail;

import dev.taper.TaperException;
import dev.taper.agent.grant.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of resources, as grants have them, that cover some resources. Too many are covered by
 * their longest prefixes, the deepest level first.
 *
 * @param patterns exact resources, and prefixes with a star at the end; empty if any resource will
 *     do, or none
 * @param isWider true if they cover more than was asked for, because that was too much
 */
record ResourceCover(SortedSet<String> patterns, boolean isWider) {
  private static final String SEPARATORS = "/:";

  /** More than any pattern has separators. */
  private static final int EXACT = 10_000;

  /**
   * Covers resources.
   *
   * @param seen the resources; null stands for a call without one
   * @param most the most patterns
   */
  static ResourceCover of(Set<@Nullable String> seen, int most) {
    if (seen.contains(null)) {
      return new ResourceCover(new TreeSet<>(), false);
    }
    SortedSet<String> patterns = new TreeSet<>();
    boolean wider = false;
    for (String resource : seen) {
      String pattern = resource == null ? null : ofResource(resource);
      if (pattern == null) {
        return new ResourceCover(new TreeSet<>(), true);
      }
      patterns.add(pattern);
      wider |= pattern.endsWith("*"); // a resource may be called so
    }
    return patterns.size() > most
        ? new ResourceCover(joined(patterns, most), true)
        : new ResourceCover(distinct(patterns), wider);
  }

  /** What is left of these patterns beside others; null if nothing is. */
  @Nullable ResourceCover without(ResourceCover others) {
    if (others.patterns.isEmpty()) {
      return null;
    }
    SortedSet<String> left = new TreeSet<>();
    for (String pattern : patterns) {
      if (!others.patterns.contains(pattern) && !isBelow(pattern, others.patterns)) {
        left.add(pattern);
      }
    }
    return left.isEmpty() && !patterns.isEmpty() ? null : new ResourceCover(left, isWider);
  }

  /**
   * The exact pattern of a resource, or the longest that a grant can have; null if there is none.
   * What stands behind a star can be no pattern.
   */
  private static @Nullable String ofResource(String resource) {
    int star = resource.indexOf('*');
    String text = star < 0 ? resource : resource.substring(0, star);
    return grantable(isOpen(text) ? text + "*" : star < 0 ? text : parent(text));
  }

  /** The pattern, or the longest above it that a grant can have; null if there is none. */
  private static @Nullable String grantable(@Nullable String pattern) {
    String above = pattern;
    while (above != null && !isGrantable(above)) {
      above = parent(above);
    }
    return above;
  }

  private static boolean isOpen(String text) {
    return !text.isEmpty() && SEPARATORS.indexOf(text.charAt(text.length() - 1)) >= 0;
  }

  private static boolean isGrantable(String pattern) {
    try {
      return Grant.anyTool().resources(pattern).resources().contains(pattern);
    } catch (TaperException e) {
      return false;
    }
  }

  /** The longest prefix above a pattern; null if there is none. */
  private static @Nullable String parent(String pattern) {
    String text = stem(pattern);
    int end = isOpen(text) ? text.length() - 1 : text.length();
    while (end > 0 && SEPARATORS.indexOf(text.charAt(end - 1)) < 0) {
      end--;
    }
    return end == 0 ? null : text.substring(0, end) + "*";
  }

  /**
   * Puts the deepest patterns below what is above them, as few as are needed; empty if one has
   * nothing above it. A resource can have hundreds of levels, so these are halved.
   */
  private static SortedSet<String> joined(Collection<String> patterns, int most) {
    SortedSet<String> best = new TreeSet<>();
    int known = 0; // nothing is left at the top
    int highest = patterns.stream().mapToInt(ResourceCover::depth).max().orElse(0) - 1;
    while (known < highest) {
      int middle = highest - (highest - known) / 2;
      SortedSet<String> cut = cut(patterns, middle);
      if (cut.size() <= most) {
        known = middle;
        best = cut;
      } else {
        highest = middle - 1;
      }
    }
    return best;
  }

  /** The patterns, or what is above them as deep as that at most; empty if one has nothing. */
  private static SortedSet<String> cut(Collection<String> patterns, int depth) {
    SortedSet<String> cut = new TreeSet<>();
    for (String pattern : patterns) {
      String above = depth(pattern) <= depth ? pattern : grantable(above(pattern, depth));
      if (above == null) {
        return new TreeSet<>();
      }
      cut.add(above);
    }
    return distinct(cut);
  }

  /** The longest prefix above a pattern of so many separators at most; null if there is none. */
  private static @Nullable String above(String pattern, int separators) {
    int end = 0;
    int last = stem(pattern).length() - (pattern.endsWith("*") ? 1 : 0);
    int found = 0;
    for (int i = 0; i < last && found < separators; i++) {
      if (SEPARATORS.indexOf(pattern.charAt(i)) >= 0) {
        end = i + 1;
        found++;
      }
    }
    return end == 0 ? null : pattern.substring(0, end) + "*";
  }

  /** More for what is below, and most for exact patterns: these are joined before any prefix. */
  private static int depth(String pattern) {
    int separators = (int) pattern.chars().filter(c -> SEPARATORS.indexOf(c) >= 0).count();
    return separators + (pattern.endsWith("*") ? 0 : EXACT);
  }

  /** Drops what another pattern covers: that is what follows it where they are sorted. */
  private static SortedSet<String> distinct(SortedSet<String> patterns) {
    List<String> sorted = new ArrayList<>(patterns);
    sorted.sort(Comparator.comparing(ResourceCover::stem));
    SortedSet<String> distinct = new TreeSet<>();
    String prefix = null;
    for (String pattern : sorted) {
      if (prefix == null || !pattern.startsWith(prefix)) {
        distinct.add(pattern);
        prefix = pattern.endsWith("*") ? stem(pattern) : prefix;
      }
    }
    return distinct;
  }

  private static String stem(String pattern) {
    return pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : pattern;
  }

  private static boolean isBelow(String pattern, Collection<String> others) {
    for (String above = parent(pattern); above != null; above = parent(above)) {
      if (others.contains(above)) {
        return true;
      }
    }
    return false;
  }

  /** The patterns, a line each; the same for covers of the same resources. */
  @Override
  public String toString() {
    return String.join("\n", patterns);
  }
}
