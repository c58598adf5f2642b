package dev.taper.integrations.http;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Content-Digest} (RFC 9530): algorithms with their digests, of which SHA-256 counts.
 */
final class ContentDigest {
  private static final String SHA256 = "sha-256=:";

  private ContentDigest() {}

  /** The SHA-256 digest of the content; null if the request has no such field. */
  static byte @Nullable [] of(IncomingRequest request) throws RefusedException {
    String value = Fields.single(request, "content-digest");
    if (value == null) {
      return null;
    }
    byte[] found = null;
    for (String member : value.split(",", -1)) {
      String one = member.strip();
      if (!one.startsWith(SHA256)) {
        continue; // another algorithm
      }
      if (found != null) {
        throw invalid();
      }
      found = bytes(one);
    }
    if (found == null) {
      throw invalid();
    }
    return found;
  }

  private static byte[] bytes(String member) throws RefusedException {
    String rest = member.substring(SHA256.length());
    if (!rest.endsWith(":")) {
      throw invalid();
    }
    String text = rest.substring(0, rest.length() - 1);
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == 32 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // as below
    }
    throw invalid();
  }

  private static RefusedException invalid() {
    return Fields.invalid("the field content-digest has no digest sha-256, or another form");
  }
}
