package dev.taper.agent.call;

import dev.taper.Given;
import org.jspecify.annotations.Nullable;

/** Says what was given instead of a proof, where that can be seen. */
final class ProofMistakes {
  private static final String SWAPPED = "is a token: were the two swapped?";
  private static final int SHORTEST_TOKEN = 120; // in bytes; a block with a key and a signature

  // A token starts with one of these fields; in base64url, with C or E.
  private static final byte ROOT_KEY_ID = 0x08;
  private static final byte AUTHORITY = 0x12;

  private ProofMistakes() {}

  /** What is wrong with a text; the other reason if that cannot be seen. */
  static String ofText(@Nullable String text, String otherwise) {
    String mistake = Given.mistake(text);
    if (mistake != null || text == null) {
      return mistake == null ? otherwise : mistake;
    }
    boolean token =
        text.startsWith("biscuit:")
            || (text.length() > SHORTEST_TOKEN && (text.startsWith("C") || text.startsWith("E")));
    return token ? SWAPPED : otherwise;
  }

  /** What is wrong with bytes that do not start with a proof's version. */
  static String ofBytes(byte[] bytes, String otherwise) {
    boolean token =
        bytes.length >= SHORTEST_TOKEN && (bytes[0] == ROOT_KEY_ID || bytes[0] == AUTHORITY);
    return token ? SWAPPED : otherwise;
  }
}
