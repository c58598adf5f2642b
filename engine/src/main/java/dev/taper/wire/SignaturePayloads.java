package dev.taper.wire;

import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bytes that a signature covers (Biscuit specification, "Signed payload generation").
 * Version 0 just joins the parts; version 1 puts a NUL-delimited tag before each and covers the
 * previous signature, so that a block cannot be moved to another token that was signed with the
 * same key.
 */
public final class SignaturePayloads {
  private static final byte[] NOTHING = {};
  private static final byte[] BLOCK = tag("BLOCK");
  private static final byte[] EXTERNAL = tag("EXTERNAL");
  private static final byte[] VERSION = tag("VERSION");
  private static final byte[] PAYLOAD = tag("PAYLOAD");
  private static final byte[] ALGORITHM = tag("ALGORITHM");
  private static final byte[] NEXT_KEY = tag("NEXTKEY");
  private static final byte[] PREVIOUS_SIGNATURE = tag("PREVSIG");
  private static final byte[] EXTERNAL_SIGNATURE = tag("EXTERNALSIG");

  private SignaturePayloads() {}

  /**
   * Makes the bytes that the signature of a block covers.
   *
   * @param version the payload's version, 0 or 1
   * @param payload the block's bytes
   * @param nextKey the key that signs the next block
   * @param previousSignature the signature of the block before, or null for the authority block
   * @param externalSignature the third party's signature, or null for a first-party block
   */
  public static byte[] block(
      int version,
      byte[] payload,
      PublicKey nextKey,
      byte @Nullable [] previousSignature,
      byte @Nullable [] externalSignature) {
    byte[] key = nextKey.bytes();
    byte[] algorithm = number(nextKey.algorithm().wireId());
    byte[] external = externalSignature == null ? NOTHING : externalSignature;
    if (version == 0) {
      return join(payload, external, algorithm, key);
    }
    return join(
        BLOCK,
        VERSION,
        number(version),
        PAYLOAD,
        payload,
        ALGORITHM,
        algorithm,
        NEXT_KEY,
        key,
        previousSignature == null ? NOTHING : PREVIOUS_SIGNATURE,
        previousSignature == null ? NOTHING : previousSignature,
        externalSignature == null ? NOTHING : EXTERNAL_SIGNATURE,
        external);
  }

  /** Makes the bytes that a third party's signature covers; only version 1 is in use. */
  public static byte[] external(byte[] payload, byte[] previousSignature) {
    return join(
        EXTERNAL, VERSION, number(1), PAYLOAD, payload, PREVIOUS_SIGNATURE, previousSignature);
  }

  /**
   * Makes the bytes that the final signature of a sealed token covers; the last block's version
   * does not matter.
   */
  public static byte[] seal(byte[] payload, PublicKey nextKey, byte[] signature) {
    return join(payload, number(nextKey.algorithm().wireId()), nextKey.bytes(), signature);
  }

  /**
   * Joins parts in one array of the right size, because every block that is verified passes here.
   */
  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] joined = new byte[length];
    int position = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, position, part.length);
      position += part.length;
    }
    return joined;
  }

  /** Writes a number in 32 bits, little-endian. */
  private static byte[] number(int value) {
    return new byte[] {
      (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
    };
  }

  private static byte[] tag(String name) {
    return ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
  }
}
