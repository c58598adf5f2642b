package dev.taper.server.guard;

import dev.taper.agent.call.CanonicalJson;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers that are judged by digits which a server does not see. Most servers read a fraction
 * as a double, so that 99.99999999999999999 is below 100 when it is judged, and 100 when it is
 * used. Pure.
 */
final class ReadNumbers {
  /** As many digits survive in a double within the exponents below: IEEE 754's 15. */
  private static final int SAFE_DIGITS = 15;

  /** Below a power of ten with this exponent, a double is finite; above the other, it is normal. */
  private static final int MAX_EXPONENT = 308;

  private static final int MIN_EXPONENT = -306;

  /** No double needs more digits. */
  private static final int MAX_DIGITS = 17;

  /** A number with more digits has no canonical form anyway. */
  private static final int MAX_TEXT = 64;

  private ReadNumbers() {}

  /**
   * True if a double has the digits of each fraction in a value, and no number is beyond what it
   * has with all its digits. It looks at each digit a few times only.
   */
  static boolean areExact(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      return members.values().stream().allMatch(ReadNumbers::areExact);
    }
    if (value instanceof Collection<?> elements) {
      return elements.stream().allMatch(ReadNumbers::areExact);
    }
    return !(value instanceof Number number) || isExact(decimal(number));
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
  }

  private static boolean isExact(BigDecimal number) {
    if (number.signum() == 0) {
      return true;
    }
    if (number.precision() > MAX_TEXT) {
      return false; // first: to look at long digits takes longer than to send them
    }
    BigDecimal digits = number.stripTrailingZeros();
    long exponent = (long) digits.precision() - digits.scale();
    if (exponent > MAX_EXPONENT || exponent < MIN_EXPONENT) {
      return false;
    }
    return digits.scale() <= 0
        || digits.precision() <= SAFE_DIGITS
        || (digits.precision() <= MAX_DIGITS
            && CanonicalJson.shortest(digits.doubleValue()).compareTo(digits) == 0);
  }
}
