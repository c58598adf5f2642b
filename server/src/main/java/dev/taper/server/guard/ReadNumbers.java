package dev.taper.server.guard;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers that are judged by digits which a server does not see. Most servers read a fraction
 * as a double, so that 99.99999999999999999 is below 100 when it is judged, and 100 when it is
 * used. Pure.
 */
final class ReadNumbers {
  private static final int MOST_DIGITS = 17;

  private ReadNumbers() {}

  /** True if a double has the digits of each fraction in a value, and no number is beyond it. */
  static boolean areExact(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      return members.values().stream().allMatch(ReadNumbers::areExact);
    }
    if (value instanceof Collection<?> elements) {
      return elements.stream().allMatch(ReadNumbers::areExact);
    }
    return !(value instanceof Number number) || isExact(new BigDecimal(number.toString()));
  }

  private static boolean isExact(BigDecimal number) {
    double read = number.doubleValue();
    if (!Double.isFinite(read)) {
      return false;
    }
    return number.signum() == 0
        || number.stripTrailingZeros().scale() <= 0
        || shortest(read).compareTo(number) == 0;
  }

  /** The fewest digits that read back as a double. */
  private static BigDecimal shortest(double read) {
    BigDecimal exact = new BigDecimal(read);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shorter.doubleValue() == read) {
        return shorter;
      }
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
  }
}
