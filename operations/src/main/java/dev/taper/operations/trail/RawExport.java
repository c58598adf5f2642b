package dev.taper.operations.trail;

import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditRecord;
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

  private RawExport() {}

  /**
   * A record as a line.
   *
   * @param found the record, and which log it is in
   * @param names who is who, or null
   */
  static String line(AuditLogs.Found found, @Nullable NamesFile names) {
    JsonFields line = new JsonFields().put("format", FORMAT);
    line.putIfPresent("log", found.log().isEmpty() ? null : found.log());
    return line.putAll(members(found.record(), names)).toJson();
  }

  /** What the lines of an export and other JSON say of a record. */
  static JsonFields members(AuditRecord record, @Nullable NamesFile names) {
    Map<String, String> known = names == null ? Map.of() : known(record, names);
    return new JsonFields()
        .put("hash", record.hash())
        .putIfPresent("names", known.isEmpty() ? null : known)
        .json("record", SafeJson.escaped(record.json()));
  }

  private static Map<String, String> known(AuditRecord record, NamesFile names) {
    Map<String, String> known = new TreeMap<>();
    Matcher keys = KEY.matcher(record.json());
    while (keys.find()) {
      String name = RecordWords.name(names, keys.group(1));
      if (name != null) {
        known.put(keys.group(1), name);
      }
    }
    return known;
  }
}
