package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * Says what was given instead of a token, where that can be seen. Looked at only once a token was
 * refused; the code stays the same.
 */
final class TokenMistakes {
  private static final int PROOF_VERSION = 2;
  private static final int APPROVAL_VERSION = 1;
  private static final int PROOF_FORMS = 4;
  private static final int ALGORITHMS = 2;
  private static final int SHORTEST = 90; // shorter than any proof or approval

  private TokenMistakes() {}

  /** The refusal of a text that is no base64url. */
  static TaperException ofText(@Nullable String text, TaperException e) {
    String mistake = Given.mistake(text);
    return mistake == null ? e : new TaperException(e.code(), "the token " + mistake, e);
  }

  /** The refusal of a text that is not there. */
  static TaperException missing() {
    return new TaperException(ErrorCode.MALFORMED_TOKEN, "the token " + Given.mistake(null));
  }

  /** The refusal of bytes that are no token. */
  static TaperException ofBytes(byte[] bytes, TaperException e) {
    String mistake = e.code() == ErrorCode.MALFORMED_TOKEN ? mistake(bytes) : null;
    return mistake == null ? e : new TaperException(e.code(), mistake, e);
  }

  private static @Nullable String mistake(byte[] bytes) {
    if (bytes.length < SHORTEST) {
      return null;
    }
    // No token starts with either: these would be fields with the number 0.
    if (bytes[0] == PROOF_VERSION
        && bytes[1] >= 1
        && bytes[1] <= PROOF_FORMS
        && bytes[2] >= 0
        && bytes[2] < ALGORITHMS) {
      return "this is a holder's proof, not a token: were the two swapped?";
    }
    if (bytes[0] == APPROVAL_VERSION && bytes[1] >= 0 && bytes[1] < ALGORITHMS) {
      return "this is an approval, not a token: were the two swapped?";
    }
    return isText(bytes) ? "these bytes are a token's text in base64url: decode the text" : null;
  }

  private static boolean isText(byte[] bytes) {
    for (byte b : bytes) {
      boolean digit = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
      if (!digit && b != '-' && b != '_' && b != '=' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
