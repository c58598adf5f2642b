package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.testing.Refused;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class McpJsonTest {
  private static final int LARGE = 1 << 16;

  @Test
  void write_doubles_haveTheFewestDigits() {
    assertThat(McpJson.write(2.0E-3, LARGE)).isEqualTo("0.002");
    assertThat(McpJson.write(Math.pow(2, -44), LARGE)).isEqualTo("5.684341886080802E-14");
    assertThat(McpJson.write(Double.MIN_VALUE, LARGE)).isEqualTo("5E-324");
    assertThat(McpJson.write(Double.parseDouble("2e23"), LARGE)).isEqualTo("2E+23");
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        BigDecimal shortest = CanonicalJson.shortest(value);
        assertThat(shortest.doubleValue()).isEqualTo(value);
        assertThat(shortest.precision())
            .isLessThanOrEqualTo(new BigDecimal(Double.toString(value)).precision());
      }
    }
  }

  /** They are written without the text that they have of themselves. */
  @Test
  void write_decimals_areAsTheyWriteThemselves() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      BigInteger digits = new BigInteger(random.nextInt(80), random);
      int scale = random.nextInt(i % 2 == 0 ? 12 : 60) - random.nextInt(30);
      BigDecimal decimal = new BigDecimal(i % 3 == 0 ? digits.negate() : digits, scale);
      assertThat(McpJson.write(decimal, 1000)).isEqualTo(decimal.toString());
    }
    for (String text : List.of("0", "0.0", "0E+20", "0E-7", "-0.000001", "1E-7", "1E+2147483647")) {
      assertThat(McpJson.write(new BigDecimal(text), 1000)).isEqualTo(text);
    }
  }

  @Test
  void read_integersOfAnyLength_areWhatTheyAre() {
    for (int length = 1; length < 100; length++) {
      for (String sign : List.of("", "-")) {
        String text = sign + "9".repeat(length);
        Object read = McpJson.read("{\"a\":" + text + "}", 1000).get("a");
        assertThat(read).isInstanceOfAny(Integer.class, Long.class, BigInteger.class);
        assertThat(read).hasToString(text);
      }
    }
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    Map<String, Object> message = new HashMap<>();
    message.put(
        "a",
        Arrays.<@Nullable Object>asList(
            1, 2L << 40, new BigInteger("9".repeat(30)), true, null, "x\"\n"));
    message.put("b", Map.of("c", List.of(), "d", Map.of()));

    String json = McpJson.write(message, LARGE);

    assertThat(McpJson.read(json, LARGE)).isEqualTo(message);
  }

  @Test
  void read_exponentThatNoNumberHas_isRefused() {
    assertThat(McpJson.read("{\"a\":1e2147483647}", LARGE)).containsKey("a");
    for (String number : List.of("1e2147483648", "1e678901234567890", "-1E-678901234567890")) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> McpJson.read("{\"a\":" + number + "}", LARGE));
    }
  }

  @Test
  void readForHandler_fractions_areDoublesUnlessThatLosesDigits() {
    Map<String, ?> read =
        McpJson.readForHandler("{\"a\":0.1,\"b\":0.1000000000000000055511151231257827,\"c\":5}");

    assertThat(read.get("a")).isEqualTo(0.1);
    assertThat(read.get("b")).isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
    assertThat(read.get("c")).isEqualTo(5);
  }

  @Test
  void read_notOneObject_isRefused() {
    for (String bad :
        List.of("", "[]", "1", "{", "{}{}", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{\"a\":[}")) {
      assertThatThrownBy(() -> McpJson.read(bad, LARGE)).as(bad).isInstanceOf(TaperException.class);
    }
    String deep = "{\"a\":".repeat(80) + "1" + "}".repeat(80);
    assertThatThrownBy(() -> McpJson.read(deep, LARGE)).isInstanceOf(TaperException.class);
  }

  @Test
  void write_whatJsonHasNoFormFor_isRefused() {
    List<Object> self = new ArrayList<>();
    self.add(self);
    for (Object bad :
        List.<Object>of(
            Double.NaN, Float.POSITIVE_INFINITY, new Object(), Map.of(1, 2), "\ud800", self)) {
      assertThatThrownBy(() -> McpJson.write(List.of(bad), LARGE))
          .isInstanceOf(TaperException.class);
    }
    assertThatThrownBy(() -> McpJson.write(List.<Object>of("x".repeat(99), 1), 50))
        .isInstanceOf(TaperException.class);
  }

  @Test
  void readAndWrite_asLargeAsIsAsked_areTaken() {
    String json = "{\"a\":\"xyz\",\"b\":[1,23]}";
    Map<String, ?> message = McpJson.read(json, json.length());

    assertThat(McpJson.write(message, json.length())).isEqualTo(json);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> McpJson.read(json, json.length() - 1));
    for (int length = 0; length < json.length(); length++) {
      int most = length;
      Refused.with(ErrorCode.INVALID_REQUEST, "larger than", () -> McpJson.write(message, most));
    }
  }

  @Test
  void write_deeperThanIsRead_isRefused() {
    String deep = "{\"a\":".repeat(63) + "1" + "}".repeat(63);
    assertThat(McpJson.write(McpJson.read(deep, LARGE), LARGE)).isEqualTo(deep);

    Object lists = 1;
    Object maps = 1;
    for (int i = 0; i < 64; i++) {
      lists = List.of(lists);
      maps = Map.of("a", maps);
    }
    for (Object tooDeep : List.of(lists, maps)) {
      Refused.with(ErrorCode.INVALID_REQUEST, "too deep", () -> McpJson.write(tooDeep, LARGE));
    }
  }

  @Test
  void write_floats_areWrittenAsTheDoublesThatTheyAre() {
    assertThat(McpJson.write(0.5f, LARGE)).isEqualTo("0.5");
    assertThat(McpJson.write(0.1f, LARGE)).isEqualTo("0.10000000149011612");
    Refused.with(ErrorCode.INVALID_REQUEST, () -> McpJson.write(new AtomicInteger(1), LARGE));
  }
}
