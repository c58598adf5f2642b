package dev.taper.cli.findings;

import dev.taper.cli.output.Json;
import dev.taper.crypto.PublicKey;
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
  static void write(PrintStream out, String member, Map<PublicKey, String> keys) {
    Json.object(
        out,
        json -> {
          json.writeArrayFieldStart(member);
          for (Map.Entry<PublicKey, String> each : keys.entrySet()) {
            json.writeStartObject();
            json.writeStringField("key", each.getKey().toString());
            json.writeStringField("found", each.getValue());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
