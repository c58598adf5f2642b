package dev.taper.operations.trail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.NamesFile;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records as they stand, for other programs: one line of JSON each, which docs/audit.md describes.
 */
final class RawExport {
  /** What the member {@code format} says. */
  static final String FORMAT = "taper/1 audit export";

  private static final Pattern KEY =
      Pattern.compile("\"((?:ed25519/[0-9a-f]{64}|secp256r1/[0-9a-f]{66})(?=[ \"]))");
  private static final JsonFactory FACTORY = SafeJson.factory();

  private RawExport() {}

  /**
   * A record as a line.
   *
   * @param found the record, and which log it is in
   * @param names who is who, or null
   */
  static String line(AuditLogs.Found found, @Nullable NamesFile names) {
    AuditRecord record = found.record();
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      if (!found.log().isEmpty()) {
        json.writeStringField("log", found.log());
      }
      members(json, record, names);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Writes what the lines of an export and other JSON say of a record. */
  static void members(JsonGenerator json, AuditRecord record, @Nullable NamesFile names)
      throws IOException {
    json.writeStringField("hash", record.hash());
    Map<String, String> known = names == null ? Map.of() : known(record, names);
    if (!known.isEmpty()) {
      json.writeObjectFieldStart("names");
      for (Map.Entry<String, String> each : known.entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    json.writeFieldName("record");
    json.writeRawValue(SafeJson.escaped(record.json()));
  }

  private static Map<String, String> known(AuditRecord record, NamesFile names) {
    Map<String, String> known = new TreeMap<>();
    Matcher keys = KEY.matcher(record.json());
    while (keys.find()) {
      try {
        String name = names.name(PublicKey.parse(keys.group(1)));
        if (name != null) {
          known.put(keys.group(1), name);
        }
      } catch (TaperException e) {
        // no point of the curve, and so nobody's key
      }
    }
    return known;
  }
}
