package dev.taper.agent.call;

import dev.taper.Given;
import org.jspecify.annotations.Nullable;

/** Says what was given instead of a proof, where that can be seen. */
final class ProofMistakes {
  private static final String SWAPPED = "is a token: were the two swapped?";
  private static final int SHORTEST_TOKEN = 120; // in bytes; a block with a key and a signature

  private ProofMistakes() {}

  /** What is wrong with a text; the other reason if that cannot be seen. */
  static String ofText(@Nullable String text, String otherwise) {
    String mistake = Given.mistake(text);
    if (mistake != null || text == null) {
      return mistake == null ? otherwise : mistake;
    }
    // The first field of a token is its root key id or its first block: 0x08 or 0x0a.
    return text.startsWith("biscuit:") || (text.startsWith("C") && text.length() > SHORTEST_TOKEN)
        ? SWAPPED
        : otherwise;
  }

  /** What is wrong with bytes that do not start with a proof's version. */
  static String ofBytes(byte[] bytes, String otherwise) {
    boolean token = bytes.length >= SHORTEST_TOKEN && (bytes[0] == 0x08 || bytes[0] == 0x0a);
    return token ? SWAPPED : otherwise;
  }
}
