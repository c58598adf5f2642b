package dev.taper.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The one digest that is used everywhere. */
public final class Digests {
  /**
   * Kept for each thread, because looking one up and making it takes as long as hashing a block.
   */
  private static final ThreadLocal<MessageDigest> KEPT = ThreadLocal.withInitial(Digests::sha256);

  private static final byte[] NOTHING = {};

  private Digests() {}

  /** Starts a new SHA-256 computation, for one thread. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the SHA-256 digest of bytes: 32 bytes, a new array. Nothing of the input is kept. */
  public static byte[] sha256(byte[] bytes) {
    return sha256(NOTHING, bytes);
  }

  /** Returns the SHA-256 digest of a text in UTF-8, as 64 hex digits in lower case. */
  public static String sha256Hex(String text) {
    return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the SHA-256 digest of a tag and bytes, one behind the other, likewise. */
  public static byte[] sha256(byte[] tag, byte[] bytes) {
    MessageDigest digest = KEPT.get();
    try {
      digest.update(tag);
      return digest.digest(bytes);
    } finally {
      digest.reset(); // wipes what was buffered
    }
  }

  /**
   * Returns the SHA-256 digest of a tag and of texts in UTF-8, each with its length in bytes before
   * it, so that no two lists of texts have one digest.
   */
  public static byte[] ofTexts(byte[] tag, List<String> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      out.writeBytes(bytes);
    }
    return sha256(tag, out.toByteArray());
  }
}
