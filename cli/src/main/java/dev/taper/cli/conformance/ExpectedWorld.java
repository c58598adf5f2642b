package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Compares a world with the one of a case, section by section, in any order. */
final class ExpectedWorld {
  // The reference implementation writes its largest block number where the authorizer is meant.
  private static final String LARGEST = "18446744073709551615";

  /** An origin is a set, and written as {@link ActualWorld} does: numbers are short before long. */
  private static final Comparator<String> AUTHORIZER_FIRST =
      Comparator.comparing((String name) -> !name.equals(ActualWorld.AUTHORIZER))
          .thenComparing(String::length)
          .thenComparing(Comparator.naturalOrder());

  private ExpectedWorld() {}

  static void compare(JsonNode expected, ActualWorld actual, List<Mismatch> mismatches) {
    section(expected, "facts", Datalog::fact, actual.facts(), mismatches);
    section(expected, "rules", Datalog::rule, actual.rules(), mismatches);
    section(expected, "checks", Datalog::check, actual.checks(), mismatches);
    JsonNode policies = expected.get("policies");
    if (policies != null) {
      Comparison.ordered(
          "world policies", policies, Datalog::policy, actual.policies(), mismatches);
    }
  }

  private static void section(
      JsonNode world,
      String name,
      Function<String, ?> reader,
      List<String> actual,
      List<Mismatch> mismatches) {
    JsonNode section = world.get(name);
    if (section == null) {
      return;
    }
    List<String> expected = new ArrayList<>();
    for (JsonNode group : section) {
      String origin = origin(group.path("origin"));
      for (JsonNode element : group.path(name)) {
        expected.add(ActualWorld.line(origin, Meaning.of(reader, element.asText())));
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
    names.sort(AUTHORIZER_FIRST);
    return ActualWorld.origin(names);
  }

  private static String name(JsonNode block) {
    String text = block.asText();
    return block.isNull() || text.equals(LARGEST) ? ActualWorld.AUTHORIZER : text;
  }
}
