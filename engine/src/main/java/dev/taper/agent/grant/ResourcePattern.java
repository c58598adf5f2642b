package dev.taper.agent.grant;

import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Expression.BinaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * A resource, or all that start with a prefix that ends at a boundary: {@code
 * jira:project/ACME/Q3/12}, {@code jira:project/ACME/*}. The star may be left out after {@code /}
 * and {@code :}. A prefix covers exactly what starts with it: {@code x/*} covers {@code x/} and
 * {@code x/y}, not {@code x}.
 *
 * @param text the pattern; a prefix ends with a star
 */
record ResourcePattern(String text) {
  /**
   * Checks the pattern, and adds the star that was left out.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it could never
   *     cover the name of a resource, or has a star anywhere but after a final {@code /} or {@code
   *     :}
   */
  public ResourcePattern {
    if (isOpen(text)) {
      text = text + "*";
    }
    String stem = text.endsWith("*") ? text.substring(0, text.length() - 1) : text;
    if (stem.indexOf('*') >= 0) {
      throw Require.refuse("a resource can have a star only at its end, unlike " + text);
    }
    if (text.endsWith("*") && !isOpen(stem)) {
      throw Require.refuse(
          "a prefix of resources must end with / or : before its star, unlike " + text);
    }
    Require.canonical(Canonical::resource, text.endsWith("*") ? stem + "x" : stem);
  }

  private static boolean isOpen(String text) {
    return text.endsWith("/") || text.endsWith(":");
  }

  /** True for all resources that start with a prefix, false for a single one. */
  boolean isPrefix() {
    return text.endsWith("*");
  }

  /** True if the pattern covers the resource. */
  boolean matches(String resource) {
    return isPrefix() ? resource.startsWith(stem()) : resource.equals(text);
  }

  private String stem() {
    return text.substring(0, text.length() - 1);
  }

  /** The pattern as written, with its star. */
  @Override
  public String toString() {
    return text;
  }

  static TextSet setOf(List<ResourcePattern> patterns) {
    List<String> exact = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (ResourcePattern p : patterns) {
      if (p.isPrefix()) {
        prefixes.add(p.stem());
      } else {
        exact.add(p.text);
      }
    }
    return TextSet.of(BinaryOp.PREFIX, exact, prefixes);
  }
}
