package dev.taper.cli.findings;

import dev.taper.cli.output.Json;
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
    Json.object(
        out,
        json -> {
          json.writeArrayFieldStart(member);
          for (Map.Entry<String, String> each : keys.entrySet()) {
            json.writeStartObject();
            boolean isKey = !HeldBackFile.isOfMany(each.getKey());
            json.writeStringField(isKey ? "key" : "all_of", each.getKey());
            json.writeStringField("found", each.getValue());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
