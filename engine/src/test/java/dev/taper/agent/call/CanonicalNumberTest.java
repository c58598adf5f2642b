package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.taper.ErrorCode;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.testing.Refused;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalNumberTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # JSON, canonical, integer, millionths
          0, 0, 0, 0
          -0, 0, 0, 0
          0.0, 0, 0, 0
          -0.0e5, 0, 0, 0
          0e400, 0, 0, 0
          5, 5, 5, 5000000
          5.0, 5, 5, 5000000
          5e0, 5, 5, 5000000
          50e-1, 5, 5, 5000000
          0.5e1, 5, 5, 5000000
          5E+2, 500, 500, 500000000
          -5, -5, -5, -5000000
          100, 100, 100, 100000000
          9223372036854, 9223372036854, 9223372036854, 9223372036854000000
          9223372036855, 9223372036855, 9223372036855,
          9007199254740991, 9007199254740991, 9007199254740991,
          9007199254740992, 9007199254740992, 9007199254740992,
          -9007199254740992, -9007199254740992, -9007199254740992,
          9.007199254740992e15, 9007199254740992, 9007199254740992,
          1.5, 1.5, , 1500000
          1.50, 1.5, , 1500000
          -1.5, -1.5, , -1500000
          15e-1, 1.5, , 1500000
          0.1, 0.1, , 100000
          0.000001, 0.000001, , 1
          -0.000001, -0.000001, , -1
          1e-6, 0.000001, , 1
          19.99, 19.99, , 19990000
          123456789.123456, 123456789.123456, , 123456789123456
          9223372036854.5, 9223372036854.5, , 9223372036854500000
          """)
  void argJson_exactNumber_givesFacts(
      String json, String canonical, Long integer, Long millionths) {
    ToolCall call = ToolCall.of("t").argJson("n", json);

    assertThat(call.toJson()).isEqualTo("{\"args\":{\"n\":" + canonical + "},\"tool\":\"t\"}");
    assertThat(call.facts().named("arg"))
        .isEqualTo(integer == null ? java.util.List.of() : facts("arg", integer));
    assertThat(call.facts().named("arg_decimal"))
        .isEqualTo(millionths == null ? java.util.List.of() : facts("arg_decimal", millionths));
    assertThat(ToolCall.of("t").arg("n", new BigDecimal(json))).isEqualTo(call);
  }

  private static java.util.List<Fact> facts(String name, long value) {
    return java.util.List.of(Fact.of(name, new Term.Str("n"), new Term.Int(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "-9007199254740993",
        "9007199254740992.5",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "1e16",
        "1e400",
        "-1e400",
        "1e999999999",
        "1e-999999999",
        "1e99999999999",
        "1e-99999999999",
        "10e2147483647",
        "1e-7",
        "0.0000001",
        "0.1234567",
        "1.0000001",
        "9223372036854.775807", // exact in millionths, but no double holds it
        "9223372036855.5",
        "1234567890.123456",
        "99999999999999.5",
        "0.10000000000000000000000000000000000000000000000000000000000000000001",
      })
  void argJson_inexactNumber_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("n", json));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        () -> ToolCall.parse("{\"tool\":\"t\",\"args\":{\"n\":" + json + "}}"));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("n", "[" + json + "]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        "1.",
        ".5",
        "0x10",
        "1e",
        "--1",
        "1_000"
      })
  void argJson_noNumberOfJson_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").argJson("n", json));
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 53) + 1, -(1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE})
  void arg_integerBeyondDoubles_isRefused(long value) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").arg("n", value));
  }

  @Test
  void argJson_fractionInside_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("n", "[1.5]"));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("n", "{\"a\":1.5}"));
    assertThat(ToolCall.of("t").argJson("n", "[5.0]").toJson())
        .isEqualTo("{\"args\":{\"n\":[5]},\"tool\":\"t\"}");
  }

  @Test
  void argJson_integerAndString_areDifferent() {
    ToolCall integer = ToolCall.of("t").argJson("n", "5");
    ToolCall string = ToolCall.of("t").argJson("n", "\"5\"");

    assertThat(integer.digest()).isNotEqualTo(string.digest());
    assertThat(string.facts().named("arg"))
        .containsExactly(Fact.of("arg", new Term.Str("n"), new Term.Str("5")));
    assertThat(string.facts().named("arg_decimal")).isEmpty();
  }

  @Test
  void of_hugeExponents_takeNoTime() {
    assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          Refused.with(
              ErrorCode.INVALID_ARGUMENT_VALUE,
              () -> ToolCall.of("t").arg("n", new BigDecimal("1e2000000000")));
          Refused.with(
              ErrorCode.INVALID_ARGUMENT_VALUE,
              () -> ToolCall.of("t").arg("n", new BigDecimal("1e-2000000000")));
        });
  }

  static long[] seeds() {
    return new long[] {1, 2, 3, 4, 5};
  }

  /** What is accepted survives the way through a double: every JSON reader sees the same number. */
  @ParameterizedTest
  @MethodSource("seeds")
  void of_acceptedNumber_isADouble(long seed) {
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      BigDecimal value =
          BigDecimal.valueOf(random.nextLong() >> random.nextInt(63), random.nextInt(9));
      CanonicalNumber number;
      try {
        number = CanonicalNumber.of(value, "it");
      } catch (dev.taper.TaperException e) {
        continue;
      }
      accepted++;
      assertThat(number.value()).isEqualByComparingTo(value);
      double nearest = Double.parseDouble(number.json());
      assertThat(
              new BigDecimal(String.format(java.util.Locale.ROOT, "%.17g", nearest))
                  .round(new java.math.MathContext(number.isInteger() ? 16 : 15)))
          .isEqualByComparingTo(value);
    }
    assertThat(accepted).isGreaterThan(5_000);
  }
}
