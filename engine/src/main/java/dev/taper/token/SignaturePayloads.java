package dev.taper.token;

import dev.taper.crypto.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What exactly a signature covers (Biscuit specification, "Signed payload generation"). Version 0
 * just joins the parts; version 1 puts a NUL-delimited tag before each and covers the previous
 * signature, so that a block cannot be moved to another token that was signed with the same key.
 */
final class SignaturePayloads {
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
   * What the signature of a block covers.
   *
   * @param version the payload's version, 0 or 1
   * @param payload the block's bytes
   * @param nextKey who signs the next block
   * @param previousSignature the signature of the block before, or null for the authority block
   * @param externalSignature the third party's signature, or null for a first-party block
   */
  static byte[] block(
      int version,
      byte[] payload,
      PublicKey nextKey,
      byte @Nullable [] previousSignature,
      byte @Nullable [] externalSignature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 320);
    if (version == 0) {
      out.writeBytes(payload);
      if (externalSignature != null) {
        out.writeBytes(externalSignature);
      }
      number(out, nextKey.algorithm().wireId());
      out.writeBytes(nextKey.bytes());
      return out.toByteArray();
    }
    out.writeBytes(BLOCK);
    out.writeBytes(VERSION);
    number(out, version);
    out.writeBytes(PAYLOAD);
    out.writeBytes(payload);
    out.writeBytes(ALGORITHM);
    number(out, nextKey.algorithm().wireId());
    out.writeBytes(NEXT_KEY);
    out.writeBytes(nextKey.bytes());
    if (previousSignature != null) {
      out.writeBytes(PREVIOUS_SIGNATURE);
      out.writeBytes(previousSignature);
    }
    if (externalSignature != null) {
      out.writeBytes(EXTERNAL_SIGNATURE);
      out.writeBytes(externalSignature);
    }
    return out.toByteArray();
  }

  /** What a third party's signature covers; only version 1 is in use. */
  static byte[] external(byte[] payload, byte[] previousSignature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 128);
    out.writeBytes(EXTERNAL);
    out.writeBytes(VERSION);
    number(out, 1);
    out.writeBytes(PAYLOAD);
    out.writeBytes(payload);
    out.writeBytes(PREVIOUS_SIGNATURE);
    out.writeBytes(previousSignature);
    return out.toByteArray();
  }

  /** What the final signature of a sealed token covers, whatever the version of the last block. */
  static byte[] seal(byte[] payload, PublicKey nextKey, byte[] signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 128);
    out.writeBytes(payload);
    number(out, nextKey.algorithm().wireId());
    out.writeBytes(nextKey.bytes());
    out.writeBytes(signature);
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }

  private static byte[] tag(String name) {
    return ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
  }
}
