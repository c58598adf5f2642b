package dev.taper.agent.grant;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all calls of a tool have in common, before there is one. Immutable and thread-safe.
 *
 * @param name the tool
 * @param operation what every call does; null if none says so
 * @param resourceStart what the resource of every call starts with; null if none has a resource
 * @param resourceIsWhole whether that is all of it
 * @param arguments the arguments that a call may have
 * @param required those that every call has
 */
public record ToolOutline(
    String name,
    @Nullable String operation,
    @Nullable String resourceStart,
    boolean resourceIsWhole,
    Set<String> arguments,
    Set<String> required) {
  /** Counts comparisons, up to the most that may be made. For one thread. */
  public static final class Work {
    private long left;

    /** Allows so many comparisons. */
    public Work(long most) {
      this.left = most;
    }

    /** Counts some more; false if that is too much, now and from now on. */
    boolean allows(long more) {
      left -= Math.max(1, more);
      return left >= 0;
    }

    /** True if not everything could be compared. */
    public boolean isUsedUp() {
      return left < 0;
    }
  }

  /** Copies the names. */
  public ToolOutline {
    arguments = Set.copyOf(arguments);
    required = Set.copyOf(required);
  }

  /** False only if no call can be within all of these; what is null is not restricted. */
  boolean mayFit(
      @Nullable TextSet tools,
      @Nullable TextSet operations,
      @Nullable TextSet resources,
      List<ConstraintBody> constraints) {
    if ((tools != null && !tools.test(name))
        || (operations != null && (operation == null || !operations.test(operation)))
        || (resources != null && !mayBeOn(resources))) {
      return false;
    }
    return constraints.stream().allMatch(this::maySatisfy);
  }

  /** False only if no call is on one of the resources. */
  private boolean mayBeOn(TextSet resources) {
    String start = resourceStart;
    if (start == null) {
      return false;
    }
    if (resourceIsWhole) {
      return resources.test(start);
    }
    for (String prefix : resources.affixes()) {
      if (prefix.startsWith(start) || start.startsWith(prefix)) {
        return true;
      }
    }
    var from = resources.exact().tailSet(start);
    return !from.isEmpty() && from.first().startsWith(start);
  }

  /** False only if no call can satisfy the constraint, since it never has the argument. */
  private boolean maySatisfy(ConstraintBody constraint) {
    return constraint instanceof OnlyArguments only
        ? only.names().containsAll(required)
        : arguments.contains(constraint.argument());
  }
}
