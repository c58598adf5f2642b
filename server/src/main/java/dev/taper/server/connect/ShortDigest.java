package dev.taper.server.connect;

import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Makes names of files from what is in them. */
final class ShortDigest {
  /** Characters; 64 bits. */
  static final int LENGTH = 16;

  private ShortDigest() {}

  /** The first 64 bits of the SHA-256 of all parts, each on a line, in hexadecimal. */
  static String of(String... parts) {
    byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256(text)).substring(0, LENGTH);
  }
}
