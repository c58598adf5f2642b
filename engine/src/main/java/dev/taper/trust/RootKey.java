package dev.taper.trust;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A root key that is trusted: one entry of a Biscuit web key set.
 *
 * @param publicKey the key, a valid point of its curve
 * @param keyId the number that tokens name the key by, from 0 to 2<sup>32</sup>-1
 * @param issuer free text, at most 1024 characters, or null
 * @param expiresAt the first moment at which the key is no longer trusted, in the years 0 to 9999,
 *     or null if there is none
 */
public record RootKey(
    PublicKey publicKey, long keyId, @Nullable String issuer, @Nullable Instant expiresAt) {
  private static final long MAX_KEY_ID = 0xffff_ffffL;
  private static final int MAX_ISSUER_CHARS = 1024;
  private static final Instant MIN_EXPIRY = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant END_OF_EXPIRY = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if the key is not a point of its curve,
   *     {@link ErrorCode#INVALID_ARGUMENT} if another part is out of its range
   */
  public RootKey {
    publicKey.validate();
    if (keyId < 0 || keyId > MAX_KEY_ID) {
      throw invalid("a key id is between 0 and " + MAX_KEY_ID);
    }
    if (issuer != null
        && (issuer.length() > MAX_ISSUER_CHARS
            || !StandardCharsets.UTF_8.newEncoder().canEncode(issuer))) {
      throw invalid("an issuer is Unicode text of at most " + MAX_ISSUER_CHARS + " characters");
    }
    if (expiresAt != null && (expiresAt.isBefore(MIN_EXPIRY) || expiresAt.isAfter(END_OF_EXPIRY))) {
      throw invalid("an expiry is in the years 0 to 9999");
    }
  }

  /** A key without issuer or expiry. */
  public static RootKey of(long keyId, PublicKey publicKey) {
    return new RootKey(publicKey, keyId, null, null);
  }

  /**
   * Whether the key is no longer trusted at a moment; at the very moment of its expiry, it is not.
   */
  public boolean isExpiredAt(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
