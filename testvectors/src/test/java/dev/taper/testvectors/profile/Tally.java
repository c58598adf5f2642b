package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** How often what came out, group by group. Not thread-safe. */
final class Tally {
  private final Map<String, Map<String, Integer>> groups = new TreeMap<>();
  private final Map<String, Integer> cases = new TreeMap<>();

  /** Counts a case and its results. */
  void add(String group, JsonNode results) {
    cases.merge(group, 1, Integer::sum);
    if (results.isArray()) {
      results.forEach(result -> count(group, result));
    } else {
      count(group, results);
    }
  }

  private void count(String group, JsonNode result) {
    JsonNode stated = result.has("expect") ? result.get("expect") : result;
    String code = stated.path("code").asText("ok");
    groups.computeIfAbsent(group, any -> new TreeMap<>()).merge(code, 1, Integer::sum);
  }

  void add(Tally other) {
    other.cases.forEach((group, count) -> cases.merge(group, count, Integer::sum));
    other.groups.forEach(
        (group, codes) ->
            codes.forEach(
                (code, count) ->
                    groups
                        .computeIfAbsent(group, any -> new TreeMap<>())
                        .merge(code, count, Integer::sum)));
  }

  /** How many cases there were. */
  long cases() {
    return cases.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** All codes that came out, with {@code ok}. */
  Map<String, Integer> codes(String group) {
    return groups.getOrDefault(group, Map.of());
  }

  /** All groups with their codes, those that came out most often first. */
  String text() {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (group, codes) -> {
          int all = codes.values().stream().mapToInt(Integer::intValue).sum();
          int good = codes.getOrDefault("ok", 0);
          text.append(
              String.format(
                  "%-16s %7d cases, %7d results, %d%% refused%n",
                  group, cases.get(group), all, 100L * (all - good) / all));
          codes.entrySet().stream()
              .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
              .forEach(e -> text.append(String.format("  %7d %s%n", e.getValue(), e.getKey())));
        });
    return text.toString();
  }
}
