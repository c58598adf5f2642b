package dev.taper.server.connect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes names of files from what is in them. */
final class ShortDigest {
  /** Characters; 64 bits. */
  static final int LENGTH = 16;

  private ShortDigest() {}

  /** The first 64 bits of the SHA-256 of all parts, each on a line, in hexadecimal. */
  static String of(String... parts) {
    byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
