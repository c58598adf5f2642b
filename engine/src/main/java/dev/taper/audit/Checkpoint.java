package dev.taper.audit;

import dev.taper.crypto.PublicKey;
import java.time.Instant;
import java.util.Base64;

/**
 * A signature over everything before it. What is signed is the record itself without its signature,
 * which names the hash of the record before; so one signature covers the whole chain up to here.
 *
 * @param time when it was signed
 * @param key whose signature it is
 * @param signature the signature in base64url without padding
 */
public record Checkpoint(Instant time, PublicKey key, String signature) implements AuditContent {
  /** Cuts the time to milliseconds. */
  public Checkpoint {
    time = Checked.time(time);
  }

  @Override
  public AuditKind kind() {
    return AuditKind.CHECKPOINT;
  }

  /** True if the key signed the payload. */
  boolean signs(byte[] payload) {
    try {
      return key.verify(payload, Base64.getUrlDecoder().decode(signature));
    } catch (IllegalArgumentException e) {
      return false; // not base64url, so no signature
    }
  }
}
