package dev.taper.server.serve.lists;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that many fetch again and again, with an entity tag, so that it is sent only when it
 * changed. Immutable and thread-safe.
 */
final class ServedFile {
  private static final byte[] NOTHING = {};

  private final byte[] bytes;
  private final String tag;
  private final HttpAnswer whole;
  private final HttpAnswer unchanged;

  ServedFile(String contentType, byte[] bytes) {
    this.bytes = bytes;
    this.tag = '"' + HexFormat.of().formatHex(sha256(bytes), 0, 16) + '"';
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ETag", tag);
    fields.put("Cache-Control", "no-cache"); // caches keep it, and ask each time
    this.unchanged = new HttpAnswer(304, fields, NOTHING);
    fields.put("Content-Type", contentType);
    this.whole = new HttpAnswer(200, fields, bytes);
  }

  /** What is sent; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** True if it is the same content. */
  boolean has(byte[] other) {
    return MessageDigest.isEqual(bytes, other);
  }

  /** The answer to whoever fetches it, and may have it already. */
  HttpAnswer answer(IncomingRequest request) {
    List<String> known = request.field("if-none-match");
    for (String values : known) {
      for (String value : values.split(",", -1)) {
        String one = value.strip();
        if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
          return unchanged;
        }
      }
    }
    return whole;
  }
}
