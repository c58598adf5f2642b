package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadNumbersTest {
  private static final int BYTES = 64 * 1024;

  /** Each takes tens of bytes to send, and has hundreds of digits as a double. */
  private static final List<String> AWKWARD =
      List.of(
          "1.1000000000000002e-305",
          "1.1000000000000002e-300",
          "2.2250738585072014e-308",
          "4.9e-324",
          "1.7976931348623157e-5",
          "0." + "1".repeat(1000),
          "1" + "0".repeat(900) + ".0",
          "1.0" + "0".repeat(900),
          "1e308",
          "1e-307",
          "1e-999999999",
          "1e999999999");

  @Test
  void areExact_awkwardNumbers_allocateLittleForEachByte() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String text : AWKWARD) {
      List<BigDecimal> numbers = new ArrayList<>();
      for (int bytes = 0; bytes < BYTES; bytes += text.length() + 1) {
        numbers.add(new BigDecimal(text));
      }
      boolean first = ReadNumbers.areExact(numbers.get(0));
      long before = threads.getCurrentThreadAllocatedBytes();
      for (BigDecimal number : numbers) {
        assertSame(first, ReadNumbers.areExact(number));
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated / BYTES).as(text).isLessThan(64);
    }
  }

  private static void assertSame(boolean first, boolean other) {
    if (first != other) { // AssertJ would allocate more than what is measured
      throw new AssertionError("equal numbers are judged differently");
    }
  }

  /** Rounding the exact value, digit by digit, as it says what the answer is. */
  @Test
  void areExact_anyDecimal_isWhatRoundingTheExactValueSays() {
    Random random = new Random(39);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isFinite(value) || Math.abs(Math.abs(value) - 1e-307) < 1e-306) {
        continue; // next to the smallest
      }
      int digits = 1 + random.nextInt(19);
      RoundingMode mode = random.nextBoolean() ? RoundingMode.HALF_EVEN : RoundingMode.UP;
      BigDecimal number = new BigDecimal(value).round(new MathContext(digits, mode));
      assertThat(ReadNumbers.areExact(number)).as("%s", number).isEqualTo(isExact(number));
    }
    for (String text : List.of("0.1", "9007199254740993", "0.30000000000000001", "1e400", "0e9")) {
      BigDecimal number = new BigDecimal(text);
      assertThat(ReadNumbers.areExact(number)).as(text).isEqualTo(isExact(number));
    }
  }

  private static boolean isExact(BigDecimal number) {
    double read = number.doubleValue();
    if (number.signum() == 0) {
      return true;
    }
    return Math.abs(read) < 1e308
        && Math.abs(read) > 1e-306
        && (number.stripTrailingZeros().scale() <= 0 || shortest(read).compareTo(number) == 0);
  }

  private static BigDecimal shortest(double read) {
    BigDecimal exact = new BigDecimal(read);
    for (int digits = 1; digits < 17; digits++) {
      for (RoundingMode mode :
          List.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP)) {
        BigDecimal shorter = exact.round(new MathContext(digits, mode));
        if (shorter.doubleValue() == read) {
          return shorter;
        }
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }
}
