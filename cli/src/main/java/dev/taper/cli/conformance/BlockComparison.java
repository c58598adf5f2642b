package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.datalog.Block;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a token's blocks with those of a case. */
final class BlockComparison {
  private BlockComparison() {}

  static void compare(JsonNode expected, List<Block.Decoded> actual, List<Mismatch> mismatches) {
    if (expected.size() != actual.size()) {
      mismatches.add(
          new Mismatch(
              "blocks", Integer.toString(expected.size()), Integer.toString(actual.size())));
      return;
    }
    for (int i = 0; i < actual.size(); i++) {
      block("block " + i, expected.get(i), actual.get(i), mismatches);
    }
  }

  private static void block(
      String name, JsonNode expected, Block.Decoded actual, List<Mismatch> mismatches) {
    JsonNode code = expected.get("code");
    if (code != null && !code.isNull()) {
      String found = actual.block().toString();
      if (!Meaning.ofBlock(code.asText()).equals(Meaning.ofBlock(found))) {
        mismatches.add(new Mismatch(name + " code", code.asText(), found));
      }
    }
    text(name + " version", expected.get("version"), String.valueOf(actual.version()), mismatches);
    text(
        name + " external key",
        expected.get("external_key"),
        String.valueOf(actual.externalKey()),
        mismatches);
    list(name + " symbols", expected.get("symbols"), actual.symbols(), mismatches);
    list(name + " public keys", expected.get("public_keys"), actual.publicKeys(), mismatches);
  }

  private static void text(
      String what, @Nullable JsonNode expected, String actual, List<Mismatch> mismatches) {
    if (expected != null && !expected.asText().equals(actual)) {
      mismatches.add(new Mismatch(what, expected.asText(), actual));
    }
  }

  private static void list(
      String what, @Nullable JsonNode expected, List<?> actual, List<Mismatch> mismatches) {
    if (expected != null) {
      Comparison.ordered(what, expected, actual, mismatches);
    }
  }
}
