package dev.taper.operations.trail;

import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.SeenCalls.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Grants that cover some calls and, unless these are too many, no others: each grant is a product
 * of tools, operations and resources of which every combination was seen. A grant cannot ask for a
 * call without an operation or resource, so where one was seen, any will do.
 *
 * @param grants the grants
 * @param isWider true if resources were so many that prefixes stand for them, or nothing
 */
record CallCover(List<Grant> grants, boolean isWider) {
  /** How many resources a grant names at most, tried one after the other. */
  private static final int[] MOST = {64, 8, 0};

  /** The most characters of one list of a grant: the text of a grant is bounded. */
  private static final int MAX_TEXT = 2_500;

  private static final int MAX_LIST = 64;

  CallCover {
    grants = List.copyOf(grants);
  }

  private record Group(SortedSet<String> tools, SortedSet<String> operations, ResourceCover on) {}

  static CallCover of(Collection<Seen> calls) {
    for (int most : MOST) {
      List<Group> groups = groups(calls, most);
      List<Grant> grants = new ArrayList<>();
      joined(joined(groups, true), false).forEach(group -> add(group, grants));
      if (grants.size() <= Grants.MAX_ALTERNATIVES) {
        grants.sort(Comparator.comparing(Grant::toString));
        return new CallCover(grants, groups.stream().anyMatch(group -> group.on().isWider()));
      }
    }
    throw OperationException.refused(
        "too_varied",
        "the calls are too many for the grants of one block; select fewer, by task or agent");
  }

  private static List<Group> groups(Collection<Seen> calls, int most) {
    Map<String, Map<String, Set<@Nullable String>>> resources = new TreeMap<>();
    for (Seen call : calls) {
      resources
          .computeIfAbsent(call.tool(), tool -> new TreeMap<>())
          .computeIfAbsent(Objects.requireNonNullElse(call.operation(), ""), any -> new HashSet<>())
          .add(call.resource());
    }
    List<Group> groups = new ArrayList<>();
    resources.forEach(
        (tool, byOperation) -> {
          ResourceCover whatever = null;
          for (Map.Entry<String, Set<@Nullable String>> one : byOperation.entrySet()) {
            ResourceCover on = ResourceCover.of(one.getValue(), most);
            if (one.getKey().isEmpty()) {
              whatever = on; // comes first, and covers every operation
            } else if (whatever != null) {
              on = on.without(whatever);
            }
            if (on != null) {
              groups.add(
                  new Group(set(tool), one.getKey().isEmpty() ? set() : set(one.getKey()), on));
            }
          }
        });
    return groups;
  }

  private static SortedSet<String> set(String... texts) {
    return new TreeSet<>(List.of(texts));
  }

  /** Joins the groups that differ in nothing but their tools, or their operations. */
  private static List<Group> joined(List<Group> groups, boolean byTools) {
    Map<String, Group> joined = new TreeMap<>();
    for (Group group : groups) {
      SortedSet<String> same = byTools ? group.operations() : group.tools();
      boolean unnamed = group.operations().isEmpty();
      // No text of these has a line feed.
      String key = unnamed + "\n" + String.join("\n", same) + "\n\n" + group.on();
      joined.merge(
          key,
          group,
          (a, b) ->
              new Group(
                  union(a.tools(), b.tools()), union(a.operations(), b.operations()), a.on()));
    }
    return List.copyOf(joined.values());
  }

  private static SortedSet<String> union(SortedSet<String> a, SortedSet<String> b) {
    SortedSet<String> all = new TreeSet<>(a);
    all.addAll(b);
    return all;
  }

  private static void add(Group group, List<Grant> grants) {
    for (List<String> tools : parts(group.tools())) {
      for (List<String> operations : parts(group.operations())) {
        for (List<String> resources : parts(group.on().patterns())) {
          Grant grant = Grant.tools(tools.toArray(new String[0]));
          if (!operations.isEmpty()) {
            grant = grant.operations(operations.toArray(new String[0]));
          }
          if (!resources.isEmpty()) {
            grant = grant.resources(resources.toArray(new String[0]));
          }
          grants.add(grant);
        }
      }
    }
  }

  /** Parts that a grant can hold; one empty part of nothing. */
  private static List<List<String>> parts(Collection<String> texts) {
    List<List<String>> parts = new ArrayList<>();
    List<String> part = new ArrayList<>();
    int length = 0;
    for (String text : texts) {
      if (!part.isEmpty() && (part.size() == MAX_LIST || length + text.length() > MAX_TEXT)) {
        parts.add(part);
        part = new ArrayList<>();
        length = 0;
      }
      part.add(text);
      length += text.length();
    }
    parts.add(part);
    return parts;
  }
}
