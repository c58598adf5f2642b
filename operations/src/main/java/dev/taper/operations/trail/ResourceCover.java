package dev.taper.operations.trail;

import dev.taper.TaperException;
import dev.taper.agent.grant.Grant;
import java.util.Collection;
import java.util.HashSet;
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
      String pattern = resource == null ? null : grantable(resource);
      if (pattern == null) {
        return new ResourceCover(new TreeSet<>(), true);
      }
      patterns.add(pattern);
      wider |= !pattern.equals(resource);
    }
    while (patterns.size() > most) {
      wider = true;
      SortedSet<String> collapsed = collapsed(patterns);
      if (collapsed == null) {
        return new ResourceCover(new TreeSet<>(), true);
      }
      patterns = collapsed;
    }
    return new ResourceCover(distinct(patterns), wider);
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
   */
  private static @Nullable String grantable(String resource) {
    String pattern = isOpen(resource) ? resource + "*" : resource;
    while (pattern != null && !isGrantable(pattern)) {
      pattern = parent(pattern);
    }
    return pattern;
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
    String text = pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : pattern;
    int end = isOpen(text) ? text.length() - 1 : text.length();
    while (end > 0 && SEPARATORS.indexOf(text.charAt(end - 1)) < 0) {
      end--;
    }
    return end == 0 ? null : text.substring(0, end) + "*";
  }

  /** Puts the deepest patterns below their parents; null if one has none. */
  private static @Nullable SortedSet<String> collapsed(Collection<String> patterns) {
    int deepest = patterns.stream().mapToInt(ResourceCover::depth).max().orElse(0);
    SortedSet<String> collapsed = new TreeSet<>();
    for (String pattern : patterns) {
      if (depth(pattern) < deepest) {
        collapsed.add(pattern);
        continue;
      }
      String parent = parent(pattern);
      while (parent != null && !isGrantable(parent)) {
        parent = parent(parent);
      }
      if (parent == null) {
        return null;
      }
      collapsed.add(parent);
    }
    return distinct(collapsed);
  }

  /** More for what is below, and most for exact patterns: these are joined before any prefix. */
  private static int depth(String pattern) {
    int separators = (int) pattern.chars().filter(c -> SEPARATORS.indexOf(c) >= 0).count();
    return separators + (pattern.endsWith("*") ? 0 : EXACT);
  }

  /** Drops what another pattern covers. */
  private static SortedSet<String> distinct(SortedSet<String> patterns) {
    Set<String> all = new HashSet<>(patterns);
    SortedSet<String> distinct = new TreeSet<>(patterns);
    distinct.removeIf(pattern -> isBelow(pattern, all));
    return distinct;
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
