package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Compares lists of texts. */
final class Comparison {
  private Comparison() {}

  /** Compares with a JSON array of texts, order included. */
  static void ordered(String what, JsonNode expected, List<?> actual, List<Mismatch> mismatches) {
    ordered(what, expected, text -> text, actual, mismatches);
  }

  /** Compares with a JSON array of texts that a reader understands, order included. */
  static void ordered(
      String what,
      JsonNode expected,
      Function<String, ?> reader,
      List<?> actual,
      List<Mismatch> mismatches) {
    List<String> wanted = new ArrayList<>();
    expected.forEach(element -> wanted.add(Meaning.of(reader, element.asText())));
    List<String> found = new ArrayList<>();
    actual.forEach(element -> found.add(element.toString()));
    if (!expected.isArray() || !wanted.equals(found)) {
      mismatches.add(new Mismatch(what, expected.toString(), found.toString()));
    }
  }

  /** Compares two lists in any order; a mismatch names only what differs. */
  static void unordered(
      String what, List<String> expected, List<String> actual, List<Mismatch> mismatches) {
    List<String> missing = without(expected, actual);
    List<String> surplus = without(actual, expected);
    if (!missing.isEmpty() || !surplus.isEmpty()) {
      mismatches.add(new Mismatch(what, missing.toString(), surplus.toString()));
    }
  }

  private static List<String> without(List<String> from, List<String> other) {
    List<String> left = new ArrayList<>(from);
    for (String element : other) {
      left.remove(element);
    }
    Collections.sort(left);
    return left;
  }
}
