package dev.taper.cli.findings;

import dev.taper.JsonFields;
import dev.taper.cli.io.Json;
import dev.taper.operations.findings.HeldBackFile;
import java.io.PrintStream;
import java.util.Map;

/** Keys with what was found of each, as JSON. */
final class HeldKeys {
  private HeldKeys() {}

  /**
   * Writes an object with them.
   *
   * @param member what they are
   */
  static void write(PrintStream out, String member, Map<String, String> keys) {
    Json.result(
        out,
        new JsonFields()
            .rows(
                member,
                keys.entrySet(),
                each ->
                    new JsonFields()
                        .put(HeldBackFile.isOfMany(each.getKey()) ? "all_of" : "key", each.getKey())
                        .put("found", each.getValue())));
  }
}
