package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.testing.FullSize;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@FullSize
class CanonicalNumberTest {
  private static final int RANDOM_DOUBLES = FullSize.Cases.of(8_000, 100_000);

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
          0e999999999, 0, 0, 0
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
          -9223372036855, -9223372036855, -9223372036855,
          9007199254740991, 9007199254740991, 9007199254740991,
          9007199254740992, 9007199254740992, 9007199254740992,
          9007199254740993, 9007199254740993, 9007199254740993,
          -9007199254740993, -9007199254740993, -9007199254740993,
          9.007199254740992e15, 9007199254740992, 9007199254740992,
          1e16, 10000000000000000, 10000000000000000,
          9223372036854775807, 9223372036854775807, 9223372036854775807,
          -9223372036854775808, -9223372036854775808, -9223372036854775808,
          9223372036854775808, 9223372036854775808, ,
          -9223372036854775809, -9223372036854775809, ,
          18446744073709551616, 18446744073709551616, ,
          1e20, 100000000000000000000, ,
          123456789012345678901, 123456789012345678901, ,
          1e21, 1e+21, ,
          1234567890123456789012, 1.234567890123456789012e+21, ,
          123456789012345678901.5, 123456789012345678901.5, ,
          1234567890123456789012.5, 1.2345678901234567890125e+21, ,
          -0.0000012, -0.0000012, ,
          2e23, 2e+23, ,
          -1e400, -1e+400, ,
          1e999, 1e+999, ,
          1e-999, 1e-999, ,
          1.5, 1.5, , 1500000
          1.50, 1.5, , 1500000
          -1.5, -1.5, , -1500000
          15e-1, 1.5, , 1500000
          0.1, 0.1, , 100000
          0.000001, 0.000001, , 1
          -0.000001, -0.000001, , -1
          1e-6, 0.000001, , 1
          0.0000001, 1e-7, ,
          1e-7, 1e-7, ,
          12e-8, 1.2e-7, ,
          0.1234567, 0.1234567, ,
          1.0000001, 1.0000001, ,
          0.1000000000000000001, 0.1000000000000000001, ,
          0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827, ,
          19.99, 19.99, , 19990000
          123456789.123456, 123456789.123456, , 123456789123456
          9007199254740992.5, 9007199254740992.5, ,
          9223372036854.5, 9223372036854.5, , 9223372036854500000
          9223372036854.775807, 9223372036854.775807, , 9223372036854775807
          9223372036854.775808, 9223372036854.775808, ,
          -9223372036854.775808, -9223372036854.775808, , -9223372036854775808
          9223372036855.5, 9223372036855.5, ,
          """)
  void argJson_number_isStatedExactly(
      String json, String canonical, @Nullable Long integer, @Nullable Long millionths) {
    ToolCall call = ToolCall.of("t").argJson("n", json);

    assertThat(call.toJson()).isEqualTo("{\"args\":{\"n\":" + canonical + "},\"tool\":\"t\"}");
    assertThat(call.facts().named("arg")).isEqualTo(facts("arg", integer));
    assertThat(call.facts().named("arg_decimal")).isEqualTo(facts("arg_decimal", millionths));
    assertThat(call.facts().named("arg_number"))
        .isEqualTo(
            integer == null
                ? List.of(Fact.of("arg_number", new Term.Str("n"), new Term.Str(canonical)))
                : List.of());
    assertThat(ToolCall.of("t").arg("n", new BigDecimal(json))).isEqualTo(call);
    assertThat(CanonicalJson.of(json)).isEqualTo(canonical);
    assertThat(CanonicalJson.of(canonical)).isEqualTo(canonical);
  }

  /** Java has no number with such an exponent, and needs none. */
  @ParameterizedTest
  @ValueSource(strings = {"0e99999999999", "-0.0E-99999999999", "0.00e+2147483648"})
  void argJson_zeroWithAnyExponent_isZero(String json) {
    assertThat(ToolCall.of("t").argJson("n", json)).isEqualTo(ToolCall.of("t").arg("n", 0));
    assertThat(CanonicalJson.of(json)).isEqualTo("0");
  }

  private static List<Fact> facts(String name, @Nullable Long value) {
    return value == null
        ? List.of()
        : List.of(Fact.of(name, new Term.Str("n"), new Term.Int(value)));
  }

  /** Of what no double can hold nothing is lost: neighbours have neither digest nor text alike. */
  @ParameterizedTest
  @CsvSource({
    "9007199254740992, 9007199254740993",
    "9007199254740991, 9007199254740993",
    "0.1, 0.1000000000000000001",
    "1e400, 1.0000000000000000001e400",
    "1e-400, 0",
  })
  void argJson_numbersThatDoublesConfuse_differ(String one, String other) {
    assertThat(ToolCall.of("t").argJson("n", one).digest())
        .isNotEqualTo(ToolCall.of("t").argJson("n", other).digest());
    assertThat(ToolCall.of("t").argJson("n", "[" + one + "]").facts())
        .isNotEqualTo(ToolCall.of("t").argJson("n", "[" + other + "]").facts());
  }

  static List<String> tooLong() {
    return List.of(
        "1e1000",
        "-1e1000",
        "1e-1000",
        "10e999",
        "0.1e-999",
        "1e999999999",
        "1e-999999999",
        "1e99999999999",
        "1e-99999999999",
        "10e2147483647",
        "1".repeat(65),
        "1" + "0".repeat(64),
        "0." + "1".repeat(63),
        "-" + "1".repeat(64),
        "1".repeat(60) + "e-99", // 64 characters, and 65 when canonical
        "1" + "0".repeat(60_000));
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void argJson_numberWithoutACanonicalForm_isRefusedWithItsName(String json) {
    String subject = "argument \"n\" ";
    refused(subject, () -> ToolCall.of("t").argJson("n", json));
    refused(subject, () -> ToolCall.of("t").argJson("n", "[" + json + "]"));
    refused(subject, () -> ToolCall.parse("{\"tool\":\"t\",\"args\":{\"n\":" + json + "}}"));
    refused(subject, () -> SentTool.of("t", "{\"n\":" + json + "}"));
    refused(subject, () -> SentTool.of("t", "{\"a\":[1,{\"b\":2}],\"n\":[{\"x\":" + json + "}]}"));
    refused(subject, () -> SentMcp.of("tools/call", "{\"arguments\":{\"n\":[" + json + "]}}"));
    refused(subject, () -> SentMcp.of("resources/read", "{\"n\":" + json + "}"));
    refused("a number ", () -> CanonicalJson.of("[" + json + "]"));
  }

  private static void refused(
      String subject, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, call);
    org.assertj.core.api.Assertions.assertThatThrownBy(call).hasMessageStartingWith(subject);
  }

  @Test
  void of_longestNumbers_areTaken() {
    for (String json : new String[] {"1".repeat(21), "0.00000" + "1".repeat(57)}) {
      assertThat(CanonicalJson.of(json)).isEqualTo(json);
    }
    String spelledOut = "1." + "0".repeat(62);
    assertThat(spelledOut).hasSize(64);
    assertThat(CanonicalJson.of(spelledOut)).isEqualTo("1");
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> CanonicalJson.of(spelledOut + "0"));
    String exponent = "1." + "1".repeat(58) + "e+99";
    assertThat(exponent).hasSize(64);
    assertThat(CanonicalJson.of(exponent)).isEqualTo(exponent);
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
        "1_000",
        "\u0661"
      })
  void argJson_noNumberOfJson_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").argJson("n", json));
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 53) + 1, -(1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE})
  void arg_integerBeyondDoubles_isStatedExactly(long value) {
    ToolCall call = ToolCall.of("t").arg("n", value);

    assertThat(call.facts().named("arg")).isEqualTo(facts("arg", value));
    assertThat(call.arguments().integer("n")).isEqualTo(value);
  }

  /** No JSON value is bytes, so a fraction inside equals no other value. */
  @Test
  void argJson_fractionInside_isBytesOfItsCanonicalText() {
    ToolCall call =
        ToolCall.of("t").argJson("n", "[1.50, {\"a\": 1e-7}, 5.0, 9223372036854775808]");

    assertThat(call.toJson())
        .isEqualTo("{\"args\":{\"n\":[1.5,{\"a\":1e-7},5,9223372036854775808]},\"tool\":\"t\"}");
    assertThat(call.facts().toDatalog())
        .contains(
            "arg(\"n\", [hex:312e35, {\"a\": hex:31652d37}, 5,"
                + " hex:39323233333732303336383534373735383038]);");
    assertThat(ToolCall.of("t").argJson("n", "[\"1.5\"]").facts())
        .isNotEqualTo(ToolCall.of("t").argJson("n", "[1.5]").facts());
    assertThat(ToolCall.parse(call.toJson())).isEqualTo(call);
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

  /** Written out, these would take gigabytes. */
  @ParameterizedTest
  @ValueSource(strings = {"1e2000000000", "1e-2000000000", "-1e2147483647"})
  void arg_hugeExponent_isRefusedUnwritten(String value) {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").arg("n", new BigDecimal(value)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void arg_doubleThatJsonDoesNotHave_isRefused(double value) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").arg("n", value));
  }

  /** What RFC 8785 has for numbers (appendix B), what Java 17 prints too long, and ties. */
  @ParameterizedTest
  @CsvSource({
    "0x0p0, 0",
    "-0x0p0, 0",
    "0x0.0000000000001p-1022, 5e-324",
    "-0x0.0000000000001p-1022, -5e-324",
    "0x1.fffffffffffffp1023, 1.7976931348623157e+308",
    "0x1p53, 9007199254740992",
    "0x1p68, 295147905179352830000",
    "9.999999999999997e22, 9.999999999999997e+22",
    "1.0E23, 1e+23",
    "1.0000000000000001e23, 1.0000000000000001e+23",
    "2e23, 2e+23",
    "2e-3, 0.002",
    "2.2250738585072014E-308, 2.2250738585072014e-308",
    "333333333.33333329, 333333333.3333333",
    "5.684341886080802e-14, 5.684341886080802e-14", // the closest 16 digits are of another double
    "70368744177664.125, 70368744177664.12", // as close as .13: the even one
    "70368744177664.375, 70368744177664.38",
    "1125899906842624.25, 1125899906842624.2",
    "1125899906842624.75, 1125899906842624.8",
  })
  void arg_double_isWrittenAsEcmaScriptDoes(double value, String expected) {
    assertThat(ToolCall.of("t").arg("n", value).arguments().json("n")).isEqualTo(expected);
  }

  static DoubleStream edges() {
    DoubleStream two = IntStream.rangeClosed(-1074, 1023).mapToDouble(e -> Math.scalb(1.0, e));
    DoubleStream ten =
        IntStream.rangeClosed(-324, 308).mapToDouble(e -> Double.parseDouble("1e" + e));
    DoubleStream five =
        IntStream.rangeClosed(-324, 307).mapToDouble(e -> Double.parseDouble("5e" + e));
    return DoubleStream.concat(two, DoubleStream.concat(ten, five))
        .flatMap(value -> DoubleStream.of(value, Math.nextUp(value), Math.nextDown(value), -value));
  }

  @Test
  void arg_doublesAtTheEdges_areWrittenAsTheOracleDoes() throws IOException {
    int compared = 0;
    for (double value : edges().toArray()) {
      compare(value);
      compared++;
    }
    assertThat(compared).isGreaterThan(13_000);
  }

  @Test
  void arg_randomDoubles_areWrittenAsTheOracleDoes() throws IOException {
    Random random = new Random(8785);
    for (int i = 0; i < RANDOM_DOUBLES; i++) {
      double value =
          switch (i % 4) {
            case 0, 1 -> Double.longBitsToDouble(random.nextLong());
            // Between 2^45 and 2^52: where two shortest texts can be as close.
            case 2 -> (random.nextLong() >>> 11 | 1) / (double) (1L << random.nextInt(8));
            default -> random.nextInt(1_000_000) / 100.0;
          };
      if (Double.isFinite(value)) {
        compare(value);
      }
    }
  }

  private static void compare(double value) throws IOException {
    CanonicalNumber number = CanonicalNumber.of(value, () -> "it");
    String json = number.json();
    if (value == 0 || Math.abs(value) >= Double.MIN_NORMAL) {
      assertThat(json).isEqualTo(NumberToJSON.serializeNumber(value));
    } else { // where the oracle is wrong: it prints 1e-320 with 146 zeros
      assertThat(Double.parseDouble(json)).isEqualTo(value);
      int digits = number.value().precision() - 1;
      for (RoundingMode mode : List.of(RoundingMode.DOWN, RoundingMode.UP)) {
        BigDecimal shorter = new BigDecimal(value).round(new MathContext(digits, mode));
        assertThat(digits > 0 && shorter.doubleValue() == value).isFalse();
      }
    }
    assertThat(CanonicalJson.of(json)).isEqualTo(json);
  }

  /** A number keeps its value, whatever its text. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void of_randomNumber_keepsItsValue(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < RANDOM_DOUBLES / 5; i++) {
      BigDecimal value =
          BigDecimal.valueOf(random.nextLong() >> random.nextInt(63), random.nextInt(40) - 20);
      String json = CanonicalNumber.of(value, () -> "it").json();
      assertThat(new BigDecimal(json)).isEqualByComparingTo(value);
      assertThat(CanonicalJson.of(json)).isEqualTo(json);
    }
  }

  @Test
  void write_anyNumber_asOfItsExactDigits() {
    Random random = new Random(7);
    int written = 0;
    for (int i = 0; i < 200_000; i++) {
      String text = number(random);
      StringBuilder out = new StringBuilder("x");
      String before = out.toString();
      boolean isWritten = CanonicalNumber.write(text.toCharArray(), 0, text.length(), out);
      written += isWritten ? 1 : 0;

      assertThat(out.toString())
          .as(text)
          .isEqualTo(isWritten ? before + CanonicalNumber.parse(text, () -> "it").json() : before);
    }
    assertThat(written).isBetween(100_000, 199_000);
  }

  /** A number as JSON has it, with few digits or many. */
  private static String number(Random random) {
    StringBuilder out = new StringBuilder(random.nextBoolean() ? "-" : "");
    if (random.nextInt(4) == 0) {
      out.append('0');
    } else {
      out.append(1 + random.nextInt(9));
      digits(random, random.nextInt(12), out);
    }
    if (random.nextBoolean()) {
      out.append('.');
      digits(random, 1 + random.nextInt(12), out);
    }
    if (random.nextBoolean()) {
      out.append(random.nextBoolean() ? 'e' : 'E');
      out.append(List.of("", "+", "-", "0", "-00").get(random.nextInt(5)));
      out.append(random.nextInt(random.nextBoolean() ? 30 : 1010));
    }
    return out.toString();
  }

  private static void digits(Random random, int count, StringBuilder out) {
    for (int i = 0; i < count; i++) {
      out.append(random.nextInt(3) == 0 ? random.nextInt(10) : 0);
    }
  }

  @Test
  void params_namesInAnyOrder_asIfEachWasReadAlone() {
    String sent =
        "{\"c\":[{\"z\":1e20,\"a\":{}}],\"_meta\":{\"b\":0},\"b\":{\"y\":0,\"x\":\",\",\"\u00e9\":1},\"a\":-0.0}";

    assertThat(SentMcp.of("m", sent).params())
        .isEqualTo(
            "{\"a\":0,\"b\":{\"x\":\",\",\"y\":0,\"\u00e9\":1},\"c\":[{\"a\":{},\"z\":100000000000000000000}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "10, true",
    "19, true",
    "-1, true",
    "-90, true",
    "-0, false",
    "0.5, false",
    "1e5, false",
    "123456789012345678901, true",
    "1234567890123456789012, false",
  })
  void isCanonical_ofANumberOfJson_isTrueOfShortIntegers(String json, boolean isCanonical) {
    char[] text = ("[" + json + ",9.").toCharArray();

    assertThat(CanonicalNumber.isCanonical(text, 1, json.length())).isEqualTo(isCanonical);
  }

  /** Without a BigDecimal as with one, or not at all. */
  @Test
  void write_anyNumber_isItsCanonicalTextOrNothing() {
    SplittableRandom random = new SplittableRandom(11);
    int written = 0;
    for (int i = 0; i < 20_000; i++) {
      int digits = random.nextInt(1, 21);
      StringBuilder json = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
      json.append(random.nextInt(4) == 0 ? "0" : String.valueOf(random.nextInt(1, 10)));
      boolean hasPoint = json.charAt(json.length() - 1) == '0' || random.nextBoolean();
      json.append(hasPoint ? "." : "");
      for (int j = 0; j < digits; j++) {
        json.append(random.nextInt(3) == 0 ? 0 : random.nextInt(10));
      }
      if (random.nextBoolean()) {
        json.append(random.nextBoolean() ? "e" : "E")
            .append(List.of("", "+", "-").get(random.nextInt(3)))
            .append(random.nextInt(random.nextBoolean() ? 30 : 1_010));
      }
      written += sameText(json.toString()) ? 1 : 0;
    }
    assertThat(written).isBetween(10_000, 19_900);
    assertThat(sameText("123456789012345678e981")).isTrue();
    assertThat(sameText("123456789012345678e982")).isTrue();
    assertThat(sameText("123456789012345678e983")).isFalse();
    assertThat(sameText("1e999")).isTrue();
    assertThat(sameText("0.1e999")).isTrue();
    assertThat(sameText("1e-999")).isTrue();
    assertThat(sameText("10e-999")).isTrue();
    assertThat(sameText("0.1e-999")).isFalse();
    assertThat(sameText("0." + "0".repeat(44) + "123456789012345678")).isTrue();
    assertThat(sameText("0." + "0".repeat(45) + "123456789012345678")).isFalse();
    assertThat(sameText("1234567890123456789")).isFalse();
  }

  private static boolean sameText(String json) {
    StringBuilder out = new StringBuilder("x");
    boolean isWritten = CanonicalNumber.write((json + ",").toCharArray(), 0, json.length(), out);
    if (isWritten) {
      assertThat(out.substring(1))
          .as(json)
          .isEqualTo(CanonicalNumber.parse(json, () -> "n").json());
    } else {
      assertThat(out).hasToString("x");
    }
    return isWritten;
  }
}
