package dev.taper.agent.call;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number by its exact decimal digits, never rounded. Its text lays the digits out as
 * ECMAScript's {@code Number::toString} does (ECMA-262, section 6.1.6.1.20), so it agrees with RFC
 * 8785 on every number that a double prints, and still tells 2^53 from 2^53 + 1. What messages call
 * the number is asked only if it is refused.
 *
 * @param value without trailing zeros
 * @param millionths the number times a million, or null if that has a fraction or more than 64 bits
 */
record CanonicalNumber(BigDecimal value, @Nullable Long millionths) {
  /** The most characters of a number, as it is sent and in its canonical form. */
  static final int MAX_TEXT = 64;

  /** Zero is zero with any exponent, also with one that no number of Java has. */
  private static final Pattern ZERO = Pattern.compile("-?0(\\.0+)?[eE][+-]?[0-9]+");

  /** The largest exponent, in either direction. */
  private static final int MAX_EXPONENT = 999;

  /** Below this many digits before the point there is no exponent. */
  private static final int PLAIN_DIGITS = 21;

  /** A fraction with at most so many zeros behind the point has no exponent. */
  private static final int PLAIN_ZEROS = 6;

  /** What a fraction without an exponent starts with, at the longest. */
  private static final String SMALL = "0.00000";

  /** With so many digits, the sign, point, zeros and exponent that a number may have too fit. */
  private static final int SURELY_SHORT = 40;

  /** Every integer of so many digits has 64 bits. */
  private static final int LONG_DIGITS = 18;

  private static final int DECIMALS = 6;

  private static final List<RoundingMode> CLOSEST_FIRST =
      List.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP);

  private CanonicalNumber(BigDecimal value) {
    this(value, integer(value.scaleByPowerOfTen(DECIMALS))); // which writes out no zeros
  }

  /**
   * True of a short integer as JSON has it, whose text is canonical; a zero with a sign is none.
   */
  static boolean isCanonical(char[] text, int offset, int length) {
    if (length > PLAIN_DIGITS) {
      return false;
    }
    int start = text[offset] == '-' && text[offset + 1] != '0' ? 1 : 0;
    for (int i = start; i < length; i++) {
      if (text[offset + i] < '0' || text[offset + i] > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes the canonical text of a number as JSON has it, and makes nothing besides: nobody may
   * have vouched for it yet.
   *
   * @return false if it has too many digits or too large an exponent for that; nothing is written
   */
  static boolean write(char[] text, int offset, int length, StringBuilder out) {
    long digits = 0;
    int count = 0;
    int scale = 0;
    int at = offset;
    int end = offset + length;
    boolean isFraction = false;
    for (; at < end && text[at] != 'e' && text[at] != 'E'; at++) {
      char c = text[at];
      if (c == '.') {
        isFraction = true;
      } else if (c != '-') {
        digits = digits * 10 + (c - '0');
        count += digits == 0 ? 0 : 1;
        scale += isFraction ? 1 : 0;
        if (count > LONG_DIGITS || length > MAX_TEXT) {
          return false;
        }
      }
    }
    int exponent = at < end ? exponent(text, at + 1, end) : 0;
    if (exponent > MAX_EXPONENT) {
      return false;
    }
    if (digits == 0) {
      out.append('0');
      return true;
    }
    for (; digits % 10 == 0; digits /= 10) {
      count--;
      scale--;
    }
    int point = count - scale + exponent; // the value is 0.digits × 10^point
    if (Math.abs(point - 1) > MAX_EXPONENT) {
      return false;
    }
    if (text[offset] == '-') {
      out.append('-');
    }
    int start = out.length();
    layOut(out.append(digits), start, count, point);
    return true;
  }

  /** An exponent, or one that is too large. */
  private static int exponent(char[] text, int from, int end) {
    int exponent = 0;
    for (int i = from; i < end; i++) {
      if (text[i] >= '0' && text[i] <= '9') { // and no sign
        exponent = exponent * 10 + (text[i] - '0');
      }
      if (exponent > MAX_EXPONENT) {
        return Integer.MAX_VALUE;
      }
    }
    return text[from] == '-' ? -exponent : exponent;
  }

  /** Adds a point, zeros or an exponent to the digits that end the text. */
  private static void layOut(StringBuilder out, int start, int count, int point) {
    if (point > PLAIN_DIGITS || point <= -PLAIN_ZEROS) {
      if (count > 1) {
        out.insert(start + 1, '.');
      }
      out.append('e').append(point > 0 ? "+" : "").append(point - 1);
    } else if (point <= 0) {
      out.insert(start, SMALL, 0, 2 - point);
    } else if (point < count) {
      out.insert(start + point, '.');
    } else {
      zeros(out, point - count);
    }
  }

  private static void zeros(StringBuilder out, int count) {
    for (int i = 0; i < count; i++) {
      out.append('0');
    }
  }

  static CanonicalNumber parse(String text, Supplier<String> subject) {
    if (text.length() > MAX_TEXT) {
      throw inexact(subject, "has more than " + MAX_TEXT + " characters");
    }
    try {
      return of(new BigDecimal(text), subject);
    } catch (NumberFormatException e) {
      if (ZERO.matcher(text).matches()) {
        return of(BigDecimal.ZERO, subject);
      }
      throw inexact(subject, "is not a number, or has an exponent beyond " + MAX_EXPONENT);
    }
  }

  static CanonicalNumber of(BigDecimal number, Supplier<String> subject) {
    if (number.signum() == 0) {
      return new CanonicalNumber(BigDecimal.ZERO);
    }
    // Lengths come first: writing out 1e999999999 would take gigabytes.
    long exponent = (long) number.precision() - number.scale() - 1;
    if (Math.abs(exponent) > MAX_EXPONENT) {
      throw inexact(subject, "has an exponent beyond " + MAX_EXPONENT);
    }
    CanonicalNumber canonical = new CanonicalNumber(number.stripTrailingZeros());
    int digits = canonical.value.precision();
    if (digits > SURELY_SHORT && (digits > MAX_TEXT || canonical.json().length() > MAX_TEXT)) {
      throw inexact(subject, "has more than " + MAX_TEXT + " characters");
    }
    return canonical;
  }

  /**
   * The number whose digits are the fewest that read back as a double; of several the closest, of
   * two as close the even one. {@code Double.toString} of Java 17 may print more.
   */
  static CanonicalNumber of(double number, Supplier<String> subject) {
    if (!Double.isFinite(number)) {
      throw inexact(subject, "is not a number that JSON has");
    }
    return of(shortest(number), subject);
  }

  /**
   * The decimal with the fewest digits that reads back as a double; of several the closest. It
   * costs the same for every double: to round the exact value, which can have 767 digits, would
   * cost a sender's bytes a hundredfold.
   *
   * @param number neither infinite nor NaN
   */
  static BigDecimal shortest(double number) {
    // Schubfach (Giulietti 2020). Java 17's own text can have a digit too many.
    BigDecimal found = new BigDecimal(NumberOutput.toString(number, true)).stripTrailingZeros();
    boolean mayBeLonger = found.precision() == 2 && Math.abs(number) < Double.MIN_NORMAL;
    return mayBeLonger ? oneDigit(found, number) : found;
  }

  /** Schubfach gives two digits at least; where doubles have few bits, one can be enough. */
  private static BigDecimal oneDigit(BigDecimal two, double number) {
    for (RoundingMode mode : CLOSEST_FIRST) {
      BigDecimal one = two.round(new MathContext(1, mode));
      if (one.doubleValue() == number) {
        return one;
      }
    }
    return two;
  }

  /** True if it has no fraction. */
  boolean isInteger() {
    return value.scale() <= 0;
  }

  /** The number as an integer, or null if it has a fraction or more than 64 bits. */
  @Nullable Long integer() {
    return integer(value);
  }

  private static @Nullable Long integer(BigDecimal number) {
    long digits = (long) number.precision() - number.scale();
    if (number.scale() > 0 || digits > LONG_DIGITS + 1) {
      return null; // a fraction, as no number here has zeros behind its last digit
    }
    if (digits <= LONG_DIGITS) {
      return number.setScale(0).longValue(); // most numbers, without a BigInteger
    }
    BigInteger exact = number.toBigIntegerExact();
    return exact.bitLength() < Long.SIZE ? (Long) exact.longValue() : null;
  }

  /** The canonical text. */
  String json() {
    if (value.scale() <= 0 && (long) value.precision() - value.scale() <= LONG_DIGITS) {
      return Long.toString(value.setScale(0).longValue());
    }
    String digits = digits(); // of a number that is not zero
    int count = digits.length();
    int point = count - value.scale(); // the value is 0.digits × 10^point
    StringBuilder out = new StringBuilder(count + 8);
    if (value.signum() < 0) {
      out.append('-');
    }
    int start = out.length();
    layOut(out.append(digits), start, count, point);
    return out.toString();
  }

  /** The digits, most often without a BigInteger. */
  private String digits() {
    return value.precision() <= LONG_DIGITS
        ? Long.toString(Math.abs(value.scaleByPowerOfTen(value.scale()).longValue()))
        : value.unscaledValue().abs().toString();
  }

  private static TaperException inexact(Supplier<String> subject, String why) {
    return Text.refuse(ErrorCode.INVALID_ARGUMENT_VALUE, subject.get(), why);
  }
}
