package dev.taper.agent.call;

import dev.taper.ErrorCode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number that every reader understands alike: an integer that a double holds exactly (to
 * 2^53), or a decimal of at most 6 decimals and 15 digits, which survive the way through a double.
 * Nothing is ever rounded.
 *
 * @param value without trailing zeros
 */
record ExactNumber(BigDecimal value) {
  private static final int MAX_TEXT = 64;
  private static final int MAX_DIGITS = 15;
  private static final int DECIMALS = 6;
  private static final long MAX_INTEGER = 1L << 53;

  static ExactNumber parse(String text, String subject) {
    if (text.length() > MAX_TEXT) {
      throw inexact(subject, "has more than " + MAX_TEXT + " characters");
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw inexact(subject, "is not a number, or has too large an exponent");
    }
    return of(value, subject);
  }

  static ExactNumber of(BigDecimal number, String subject) {
    if (number.signum() == 0) {
      return new ExactNumber(BigDecimal.ZERO);
    }
    // Lengths come first: writing out 1e999999999 would take gigabytes.
    if (number.precision() > MAX_TEXT || (long) number.precision() - number.scale() > 16) {
      throw inexact(subject, "is beyond 2^53");
    }
    BigDecimal value = number.stripTrailingZeros();
    if (value.scale() > DECIMALS) {
      throw inexact(subject, "has more than " + DECIMALS + " decimals");
    }
    if (value.scale() > 0 && value.precision() > MAX_DIGITS) {
      throw inexact(subject, "has a fraction and more than " + MAX_DIGITS + " digits");
    }
    ExactNumber exact = new ExactNumber(value);
    if (exact.isInteger()) {
      if (Math.abs(value.longValueExact()) > MAX_INTEGER) {
        throw inexact(subject, "is beyond 2^53");
      }
    } else if (exact.millionths() == null) {
      throw inexact(subject, "has a fraction and is too large for its millionths to fit 64 bits");
    }
    return exact;
  }

  boolean isInteger() {
    return value.scale() <= 0;
  }

  long integer() {
    return value.longValueExact();
  }

  /** The number times a million, or null if that does not fit 64 bits. */
  @Nullable Long millionths() {
    BigDecimal scaled = value.movePointRight(DECIMALS);
    return scaled.toBigIntegerExact().bitLength() < Long.SIZE
        ? (Long) scaled.longValueExact()
        : null;
  }

  /**
   * The number as RFC 8785 writes it. Within the bounds of this type, that is plain notation:
   * exponents begin at 1e21 and 1e-7.
   */
  String json() {
    return value.toPlainString();
  }

  private static dev.taper.TaperException inexact(String subject, String why) {
    return Text.refuse(ErrorCode.INVALID_ARGUMENT_VALUE, subject, why);
  }
}
