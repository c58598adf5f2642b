package dev.taper.testvectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects facts by origin, in the one order in which they are written and compared. */
final class FactGroups {
  private final Map<List<Integer>, SortedSet<String>> groups =
      new TreeMap<>(FactGroups::compareOrigins);

  void add(List<Integer> origin, String fact) {
    groups.computeIfAbsent(origin, key -> new TreeSet<>()).add(fact);
  }

  List<Vector.Facts> list() {
    List<Vector.Facts> facts = new ArrayList<>();
    groups.forEach((origin, group) -> facts.add(new Vector.Facts(origin, List.copyOf(group))));
    return facts;
  }

  /** The authorizer first, then by the lowest block that differs. */
  private static int compareOrigins(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
