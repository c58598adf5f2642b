package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are approved before anybody knows them: some tools, and perhaps only some operations
 * and resources of theirs, with any arguments. Immutable and thread-safe.
 *
 * @param tools tools, or prefixes such as {@code jira.*}; between 1 and {@link #MAX}
 * @param operations the operations; empty for any, or none
 * @param resources resources, or prefixes with a star at the end; empty for any, or none
 */
public record CallPattern(
    SortedSet<String> tools, SortedSet<String> operations, SortedSet<String> resources) {
  /** The most tools of one pattern, operations and resources. */
  public static final int MAX = 64;

  /**
   * Checks the parts, and copies them.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#INVALID_REQUEST}
   *     if there is no tool or too many of something, or one could never cover a call
   */
  public CallPattern {
    tools = checked(tools);
    operations = checked(operations);
    resources = checked(resources);
    if (tools.isEmpty()) {
      throw refuse("a pattern of calls names a tool at least");
    }
    for (String tool : tools) {
      ToolPattern unused = new ToolPattern(tool);
    }
    operations.forEach(Canonical::operation);
    for (String resource : resources) {
      if (!new ResourcePattern(resource).text().equals(resource)) {
        throw refuse("a prefix of resources ends with a star, unlike " + resource);
      }
    }
  }

  private static SortedSet<String> checked(SortedSet<String> texts) {
    if (texts.size() > MAX) {
      throw refuse("a pattern of calls has at most " + MAX + " tools, operations or resources");
    }
    // A list has no order of its own that the set would go on with.
    return Collections.unmodifiableSortedSet(new TreeSet<>(List.copyOf(texts)));
  }

  /**
   * Takes the tools, operations and resources of a grant.
   *
   * @param grant such as {@code Grant.parse("jira.close on jira:project/ACME/*")}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it says anything else, or is for
   *     any tool
   */
  public static CallPattern of(Grant grant) {
    if (!grant.constraints().isEmpty() || !grant.activations().isEmpty()) {
      throw refuse("a pattern of calls says nothing of arguments and activations: " + grant);
    }
    SortedSet<String> tools = new TreeSet<>();
    grant.tools().forEach(tool -> tools.add(tool.text()));
    return new CallPattern(
        tools, new TreeSet<>(grant.operations()), new TreeSet<>(grant.resources()));
  }

  /** True if the call is one of these. */
  public boolean covers(ToolCall call) {
    boolean covered = false;
    for (String tool : tools) {
      covered |= new ToolPattern(tool).matches(call.tool());
    }
    return covered && coversOperation(call.operation()) && coversResource(call.resource());
  }

  private boolean coversOperation(@Nullable String operation) {
    return operations.isEmpty() || (operation != null && operations.contains(operation));
  }

  private boolean coversResource(@Nullable String resource) {
    boolean covered = resources.isEmpty();
    for (String pattern : resources) {
      covered |= resource != null && new ResourcePattern(pattern).matches(resource);
    }
    return covered;
  }

  private static TaperException refuse(String what) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, what);
  }

  /** The pattern as the text of a grant, such as {@code jira.* read on jira:project/ACME/*}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(GrantText.words(tools));
    if (!operations.isEmpty()) {
      parts.add(GrantText.words(operations));
    }
    return String.join(" ", parts)
        + (resources.isEmpty() ? "" : " on " + GrantText.words(resources));
  }
}
