package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Compares a world with the one of a case, section by section, whatever the order. */
final class ExpectedWorld {
  // The reference implementation writes its largest block number where the authorizer is meant.
  private static final String LARGEST = "18446744073709551615";

  private ExpectedWorld() {}

  static void compare(JsonNode expected, ActualWorld actual, List<Mismatch> mismatches) {
    section(expected, "facts", actual.facts(), mismatches);
    section(expected, "rules", actual.rules(), mismatches);
    section(expected, "checks", actual.checks(), mismatches);
    JsonNode policies = expected.get("policies");
    if (policies != null) {
      Comparison.ordered("world policies", policies, actual.policies(), mismatches);
    }
  }

  private static void section(
      JsonNode world, String name, List<String> actual, List<Mismatch> mismatches) {
    JsonNode section = world.get(name);
    if (section == null) {
      return;
    }
    List<String> expected = new ArrayList<>();
    for (JsonNode group : section) {
      String origin = origin(group.path("origin"));
      for (JsonNode element : group.path(name)) {
        expected.add(ActualWorld.line(origin, element.asText()));
      }
    }
    Comparison.unordered("world " + name, expected, actual, mismatches);
  }

  private static String origin(JsonNode origin) {
    if (!origin.isArray()) {
      return name(origin);
    }
    List<String> names = new ArrayList<>();
    origin.forEach(block -> names.add(name(block)));
    return ActualWorld.origin(names);
  }

  private static String name(JsonNode block) {
    String text = block.asText();
    return block.isNull() || text.equals(LARGEST) ? ActualWorld.AUTHORIZER : text;
  }
}
