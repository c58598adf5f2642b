package dev.taper.assurance.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one block allows in the small world: one grant, and perhaps an end. Empty sets of resources
 * and values stand for any.
 *
 * @param end the first second in which it allows nothing any more
 */
record BlockRights(Set<String> tools, Set<String> resources, Set<Long> values, long end) {
  static final List<String> TOOLS = List.of("jira.read", "jira.write");
  static final List<String> RESOURCES = List.of("jira:a", "jira:b");
  static final List<Long> VALUES = List.of(1L, 2L);

  static final long EARLY = 10;
  static final long LATE = 20;

  /** Without an end. */
  static final long NEVER = Long.MAX_VALUE;

  /** True if the grant covers a call, whenever it is made. */
  boolean covers(Call call) {
    return tools.contains(call.tool())
        && (resources.isEmpty() || resources.contains(call.resource()))
        && (values.isEmpty() || values.contains(call.value()));
  }

  /**
   * Some blocks that show all there is: for each part one that allows all of it, and one that
   * allows less.
   */
  static List<BlockRights> some() {
    return all(
        List.of(Set.copyOf(TOOLS), Set.of(TOOLS.get(0))),
        List.of(Set.of(), Set.of(RESOURCES.get(0))),
        List.of(Set.of(), Set.of(VALUES.get(0))),
        List.of(NEVER, EARLY));
  }

  /** Two tools and two ends, for longer chains. */
  static List<BlockRights> few() {
    return all(
        List.of(Set.copyOf(TOOLS), Set.of(TOOLS.get(0))),
        List.of(Set.of()),
        List.of(Set.of()),
        List.of(NEVER, EARLY));
  }

  /** All blocks. */
  static List<BlockRights> all() {
    return all(
        List.of(Set.copyOf(TOOLS), Set.of(TOOLS.get(0)), Set.of(TOOLS.get(1))),
        List.of(Set.of(), Set.of(RESOURCES.get(0)), Set.of(RESOURCES.get(1))),
        List.of(Set.of(), Set.of(VALUES.get(0)), Set.of(VALUES.get(1))),
        List.of(NEVER, EARLY, LATE));
  }

  private static List<BlockRights> all(
      List<Set<String>> tools,
      List<Set<String>> resources,
      List<Set<Long>> values,
      List<Long> ends) {
    List<BlockRights> all = new ArrayList<>();
    for (Set<String> tool : tools) {
      for (Set<String> resource : resources) {
        for (Set<Long> value : values) {
          ends.forEach(end -> all.add(new BlockRights(tool, resource, value, end)));
        }
      }
    }
    return all;
  }

  /** The grant as people write it. */
  String grant() {
    StringBuilder text = new StringBuilder(String.join(", ", tools));
    if (!resources.isEmpty()) {
      text.append(" on ").append(String.join(", ", resources));
    }
    values.forEach(value -> text.append(" where n = ").append(value));
    return text.toString();
  }
}
