package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Checks the parts of a record, so that it has one form, which can be read again. */
final class Checked {
  /** The most characters of a name; longer ones are refused, because a name must not be cut. */
  static final int MAX_TEXT = 4096;

  /** The largest number; beyond it, JSON's numbers are not exact. */
  static final long MAX_NUMBER = 1L << 53;

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final boolean[] HEX = new boolean['f' + 1];

  static {
    "0123456789abcdef".chars().forEach(digit -> HEX[digit] = true);
  }

  private Checked() {}

  static String text(String value, String what) {
    if (value.length() > MAX_TEXT) {
      throw malformed(what + " has more than " + MAX_TEXT + " characters");
    }
    return wellFormed(value, what);
  }

  static void textOrNull(@Nullable String value, String what) {
    if (value != null) {
      text(value, what);
    }
  }

  /**
   * Refuses half a surrogate pair: it has no bytes in UTF-8, so nobody could read it as written.
   */
  private static String wellFormed(String value, String what) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (!Character.isSurrogatePair(
            value.charAt(i), i + 1 < value.length() ? value.charAt(i + 1) : 0)) {
          throw malformed(what + " holds half of a surrogate pair");
        }
        i++;
      }
    }
    return value;
  }

  static void hex(String value, int bytes, String what) {
    int others = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      others += c < HEX.length && HEX[c] ? 0 : 1; // a record has seven hashes
    }
    if (value.length() != 2 * bytes || others > 0) {
      throw malformed(what + " is not " + 2 * bytes + " hex digits in lower case");
    }
  }

  /** Returns the bytes of a text in base64url, which has one spelling. */
  static byte[] base64(String value, String what) {
    text(value, what);
    byte[] bytes = Given.base64(value);
    if (bytes == null) {
      throw malformed(what + " is not base64url without padding");
    }
    return bytes;
  }

  static void natural(long value, String what) {
    if (value < 0 || value > MAX_NUMBER) {
      throw malformed(what + " is not between 0 and 2^53");
    }
  }

  static void naturalOrNull(@Nullable Number value, String what) {
    if (value != null) {
      natural(value.longValue(), what);
    }
  }

  static Instant time(Instant value) {
    if (value.isBefore(FIRST) || value.isAfter(END)) {
      throw malformed("a time is not between the years 1970 and 9999");
    }
    return value.truncatedTo(ChronoUnit.MILLIS);
  }

  static TaperException malformed(String why) {
    return new TaperException(ErrorCode.MALFORMED_AUDIT_RECORD, why);
  }
}
