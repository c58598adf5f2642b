package dev.taper.agent.grant;

import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Expression.BinaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * A tool, or all tools below a dotted prefix: {@code jira.search}, {@code jira.*}. The prefix ends
 * with its dot, so {@code crm.*} does not cover {@code crmx.read}.
 *
 * @param text the pattern as written
 */
public record ToolPattern(String text) {
  /**
   * Checks the pattern.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} unless it is a
   *     name of dotted segments of ASCII letters, digits, {@code _} and {@code -}, the last of
   *     which may be a star
   */
  public ToolPattern {
    if (text.equals("*")) {
      throw Require.refuse("a bare * grants every tool: use Grant.anyTool() to mean it");
    }
    Require.canonical(
        Canonical::tool, text.endsWith(".*") ? text.substring(0, text.length() - 2) : text);
  }

  /** True for all tools below a prefix, false for a single tool. */
  public boolean isPrefix() {
    return text.endsWith("*");
  }

  /** True if the pattern covers the tool. */
  public boolean matches(String tool) {
    return isPrefix() ? tool.startsWith(stem()) : tool.equals(text);
  }

  private String stem() {
    return text.substring(0, text.length() - 1);
  }

  /** The pattern as written. */
  @Override
  public String toString() {
    return text;
  }

  static TextSet setOf(List<ToolPattern> patterns) {
    List<String> exact = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (ToolPattern p : patterns) {
      if (p.isPrefix()) {
        prefixes.add(p.stem());
      } else {
        exact.add(p.text);
      }
    }
    return TextSet.of(BinaryOp.PREFIX, exact, prefixes);
  }
}
