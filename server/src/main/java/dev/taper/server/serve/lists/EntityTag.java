package dev.taper.server.serve.lists;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The entity tag of something that many fetch again and again. Immutable and thread-safe.
 *
 * @param text as header fields have it
 */
record EntityTag(String text) {
  private static final int TAG_BYTES = 16;
  private static final byte[] NOTHING = {};

  /** The tag of a content, by its digest. */
  static EntityTag of(byte[] sha256) {
    return new EntityTag('"' + HexFormat.of().formatHex(sha256, 0, TAG_BYTES) + '"');
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ETag", text);
    fields.put("Cache-Control", "no-cache"); // caches keep it, and ask each time
    return fields;
  }

  /** The header fields of an answer with the content. */
  Map<String, String> fields(String contentType) {
    Map<String, String> fields = fields();
    fields.put("Content-Type", contentType);
    return fields;
  }

  /** The answer without it. */
  HttpAnswer unchanged() {
    return new HttpAnswer(304, fields(), NOTHING);
  }

  /** True if who asks has the content already. */
  boolean isKnownBy(IncomingRequest request) {
    for (String values : request.field("if-none-match")) {
      for (String value : values.split(",", -1)) {
        String one = value.strip();
        if (one.equals("*") || one.equals(text) || one.equals("W/" + text)) {
          return true;
        }
      }
    }
    return false;
  }
}
