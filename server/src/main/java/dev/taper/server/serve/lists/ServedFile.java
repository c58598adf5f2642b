package dev.taper.server.serve.lists;

import dev.taper.crypto.Digests;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import java.security.MessageDigest;

/**
 * Something that many fetch again and again, with an entity tag, so that it is sent only when it
 * changed. Immutable and thread-safe.
 */
final class ServedFile {
  private final byte[] bytes;
  private final EntityTag tag;
  private final HttpAnswer whole;

  ServedFile(String contentType, byte[] bytes) {
    this.bytes = bytes;
    this.tag = EntityTag.of(Digests.sha256(bytes));
    this.whole = new HttpAnswer(200, tag.fields(contentType), bytes);
  }

  /** True if it is the same content. */
  boolean has(byte[] other) {
    return MessageDigest.isEqual(bytes, other);
  }

  /** The answer to whoever fetches it, and may have it already. */
  HttpAnswer answer(IncomingRequest request) {
    return tag.isKnownBy(request) ? tag.unchanged() : whole;
  }
}
