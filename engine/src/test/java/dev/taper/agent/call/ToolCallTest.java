package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallTest {
  private static final ToolCall CALL =
      ToolCall.of("jira.search")
          .on("jira:project/ACME/Q3/12")
          .operation("read")
          .arg("limit", 50)
          .arg("fuzzy", true)
          .arg("query", "open bugs")
          .arg("price", new BigDecimal("19.99"))
          .argJson("tags", "[\"a\",1,null,{\"k\":[]}]")
          .argJson("after", "null")
          .arg("url", "https://acme.com/x")
          .arg("path", "/data/x")
          .text("code", "// a comment");

  @Test
  void facts_wholeCall_areStatedInOrder() {
    assertThat(CALL.facts().toDatalog())
        .isEqualTo(
            """
            tool("jira.search");
            operation("read");
            resource("jira:project/ACME/Q3/12");
            arg_names({"after", "code", "fuzzy", "limit", "path", "price", "query", "tags", "url"});
            arg("after", null);
            arg("code", "// a comment");
            arg("fuzzy", true);
            arg("limit", 50);
            arg_decimal("limit", 50000000);
            arg("path", "/data/x");
            arg_path("path", "/data/x");
            arg_decimal("price", 19990000);
            arg_number("price", "19.99");
            arg("query", "open bugs");
            arg("tags", ["a", 1, null, {"k": []}]);
            arg("url", "https://acme.com/x");
            arg_url("url", "https", "acme.com", 443, "/x");
            arg_host_class("url", "public");
            """);
  }

  @Test
  void facts_toolAlone_leaveOutWhatIsNotNamed() {
    assertThat(ToolCall.of("t").facts().toDatalog()).isEqualTo("tool(\"t\");\narg_names({,});\n");
  }

  @Test
  void toJson_wholeCall_isCanonicalAndReadsBack() {
    assertThat(CALL.toJson())
        .isEqualTo(
            "{\"args\":{\"after\":null,\"code\":\"// a comment\",\"fuzzy\":true,\"limit\":50,"
                + "\"path\":\"/data/x\",\"price\":19.99,\"query\":\"open bugs\","
                + "\"tags\":[\"a\",1,null,{\"k\":[]}],\"url\":\"https://acme.com/x\"},"
                + "\"operation\":\"read\",\"resource\":\"jira:project/ACME/Q3/12\","
                + "\"tool\":\"jira.search\"}");
    assertThat(ToolCall.parse(CALL.toJson(), Set.of("code"))).isEqualTo(CALL);
  }

  @Test
  void toJson_nothingNamed_keepsArgs() {
    assertThat(ToolCall.of("t").toJson()).isEqualTo("{\"args\":{},\"tool\":\"t\"}");
    assertThat(ToolCall.parse("{\"tool\":\"t\"}")).isEqualTo(ToolCall.of("t"));
  }

  @Test
  void digest_knownCall_isTheDigestOfItsJson() {
    // printf '{"args":{},"tool":"t"}' | sha256sum
    assertThat(HexFormat.of().formatHex(ToolCall.of("t").digest()))
        .isEqualTo("a9c1b56f2d5711641e3a95a211412b31f9042cd471d093fc67e268e679fd0f45");
    assertThat(CALL.digest())
        .isEqualTo(Digests.sha256(CALL.toJson().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void digest_anyPartChanged_isAnother() {
    ToolCall call = ToolCall.of("t").operation("o").on("r").arg("a", 1);
    assertThat(
            java.util.stream.Stream.of(
                    call,
                    ToolCall.of("u").operation("o").on("r").arg("a", 1),
                    ToolCall.of("t").operation("p").on("r").arg("a", 1),
                    ToolCall.of("t").operation("o").on("s").arg("a", 1),
                    ToolCall.of("t").operation("o").arg("a", 1),
                    ToolCall.of("t").on("r").arg("a", 1),
                    ToolCall.of("t").operation("o").on("r"),
                    ToolCall.of("t").operation("o").on("r").arg("a", 2),
                    ToolCall.of("t").operation("o").on("r").arg("a", "1"),
                    ToolCall.of("t").operation("o").on("r").argJson("a", "[1]"),
                    ToolCall.of("t").operation("o").on("r").arg("b", 1),
                    call.arg("b", 1))
                .map(c -> HexFormat.of().formatHex(c.digest())))
        .doesNotHaveDuplicates();
  }

  @Test
  void argumentsDigest_isThatOfTheArgumentsAlone() {
    byte[] expected = Digests.sha256("{\"a\":1,\"b\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    ToolCall call = ToolCall.of("t").arg("b", "x").arg("a", 1);

    assertThat(call.argumentsDigest()).isEqualTo(expected);
    assertThat(call.operation("o").on("r").argumentsDigest()).isEqualTo(expected);
    assertThat(call.arg("c", 1).argumentsDigest()).isNotEqualTo(expected);
  }

  /** Calls are alike that do one thing to one resource; without a catalog, all arguments count. */
  @Test
  void likeness_callsThatAreAlike_haveOne() {
    ToolCall call = ToolCall.of("t").operation("o").on("r");
    ToolCall bare = ToolCall.of("t").operation("o");

    assertThat(bare.arg("a", 1).likeness()).isEqualTo(bare.arg("a", 1).likeness());
    assertThat(
            java.util.stream.Stream.of(
                    call,
                    call.arg("a", 1),
                    call.arg("a", 2),
                    call.arg("b", 1),
                    ToolCall.of("t").on("r"),
                    ToolCall.of("u").operation("o").on("r"),
                    ToolCall.of("t").operation("u").on("r"),
                    ToolCall.of("t").operation("o").on("u"),
                    ToolCall.of("to").on("r"),
                    bare,
                    bare.arg("a", 1),
                    bare.arg("a", 2),
                    ToolCall.of("t"))
                .map(c -> HexFormat.of().formatHex(c.likeness())))
        .doesNotHaveDuplicates();
  }

  @Test
  void withers_anyOrder_giveTheSameCall() {
    ToolCall one = ToolCall.of("t").arg("b", 1).on("r").arg("a", "x").operation("o");
    ToolCall other = ToolCall.of("t").operation("o").arg("a", "x").arg("b", 1).on("r");
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.arguments().names()).containsExactly("a", "b");
  }

  @Test
  void withers_onACall_leaveItAsItWas() {
    ToolCall call = ToolCall.of("t").arg("a", 1);
    String before = call.toJson();
    ToolCall changed = call.operation("o").on("r").arg("b", 2);
    assertThat(call.toJson()).isEqualTo(before);
    assertThat(changed).isNotEqualTo(call);
    assertThat(call.operation()).isNull();
    assertThat(call.resource()).isNull();
  }

  @Test
  void equals_freeTextOrNot_differs() {
    assertThat(ToolCall.of("t").arg("a", "/x")).isNotEqualTo(ToolCall.of("t").text("a", "/x"));
  }

  @Test
  void toString_call_keepsArgumentsToItself() {
    assertThat(CALL).hasToString("jira.search read on jira:project/ACME/Q3/12");
    assertThat(ToolCall.of("t")).hasToString("t");
    assertThat(ToolCall.of("t").on("https://a.example/x?key=1"))
        .hasToString("t on https://a.example/x?\u2026");
    assertThat(ToolCall.of("t").on("https://a.example/#key"))
        .hasToString("t on https://a.example/#\u2026");
    assertThat(ToolCall.of("t").on("?key")).hasToString("t on ?\u2026");
  }

  static String[] malformed() {
    return new String[] {
      "",
      " ",
      "null",
      "[]",
      "\"t\"",
      "{",
      "{}",
      "{\"tool\":\"t\"",
      "{\"tool\":\"t\"}}",
      "{\"tool\":\"t\"} {}",
      "{\"tool\":\"t\"},",
      "{\"tool\":\"t\",}",
      "{\"tool\":\"t\"}\0",
      "\ufeff{\"tool\":\"t\"}",
      "{tool:\"t\"}",
      "{'tool':'t'}",
      "{\"tool\":\"t\"} // comment",
      "{/**/\"tool\":\"t\"}",
      "{\"tool\":null}",
      "{\"tool\":1}",
      "{\"tool\":[\"t\"]}",
      "{\"tool\":{}}",
      "{\"Tool\":\"t\"}",
      "{\"tool\":\"t\",\"tool\":\"u\"}",
      "{\"tool\":\"t\",\"\\u0074ool\":\"u\"}",
      "{\"tool\":\"t\",\"operation\":null}",
      "{\"tool\":\"t\",\"operation\":[\"read\"]}",
      "{\"tool\":\"t\",\"operation\":\"read\",\"operation\":\"read\"}",
      "{\"tool\":\"t\",\"resource\":null}",
      "{\"tool\":\"t\",\"resource\":7}",
      "{\"tool\":\"t\",\"args\":null}",
      "{\"tool\":\"t\",\"args\":[]}",
      "{\"tool\":\"t\",\"args\":\"{}\"}",
      "{\"tool\":\"t\",\"args\":{},\"args\":{}}",
      "{\"tool\":\"t\",\"args\":{\"a\":1,\"a\":1}}",
      "{\"tool\":\"t\",\"args\":{\"a\":1,\"\\u0061\":2}}",
      "{\"tool\":\"t\",\"args\":{\"a\":{\"b\":1,\"b\":2}}}",
      "{\"tool\":\"t\",\"args\":{\"\":1}}",
      "{\"tool\":\"t\",\"args\":{\" a\":1}}",
      "{\"tool\":\"t\",\"args\":{\"a\\u0000\":1}}",
      "{\"tool\":\"t\",\"args\":{\"a\\ud800\":1}}",
      "{\"tool\":\"t\",\"args\":{\"e\\u0301\":1}}",
      "{\"tool\":\"t\",\"args\":{\"a\":NaN}}",
      "{\"tool\":\"t\",\"args\":{\"a\":undefined}}",
      "{\"tool\":\"t\",\"args\":{\"a\":}}",
      "{\"tool\":\"t\",\"args\":{\"a\":[1,]}}",
      "{\"tool\":\"t\",\"args\":{\"a\":\"\n\"}}",
      "{\"tool\":\"t\",\"args\":{\"a\":\"\\x\"}}",
      "{\"tool\":\"t\",\"args\":{\"a\":\"\\ud83\"}}",
      "{\"tool\":\"t\",\"audience\":\"svc:jira\"}",
      "{\"tool\":\"t\",\"arguments\":{}}",
      nested(15),
      "{\"tool\":\"t\",\"args\":{\"a\":" + "[".repeat(60_000) + "}}",
      "{\"tool\":\"t\",\"args\":{\"a\":\"" + "x".repeat(ToolCall.MAX_BYTES) + "\"}}",
      "{\"tool\":\"t\",\"args\":{\"a\":\"" + "\u20ac".repeat(22_000) + "\"}}",
      "{\"tool\":\"t\"}" + " ".repeat(ToolCall.MAX_BYTES),
      arguments(65),
    };
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void parse_malformedRequest_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.parse(json));
  }

  static String[] badValues() {
    return new String[] {
      "\"\\u0000\"",
      "\"e\\u0301\"",
      "[\"\\u0000\"]",
      "{\"a\":\"e\\u0301\"}",
      "{\"e\\u0301\":1}",
      "{\"\\u0000\":1}",
      "[1e1000]",
      "{\"a\":1e-1000}",
    };
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void argJson_valueThatHasNoExactForm_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("a", json));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        () -> ToolCall.parse("{\"tool\":\"t\",\"args\":{\"a\":" + json + "}}"));
  }

  /** No two texts may have the same bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "[[\"\\ud800\"]]",
        "{\"\\ud800\":1}",
        "{\"\\ud83d\":1}"
      })
  void argJson_halfASurrogatePair_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").argJson("a", json));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> CanonicalJson.of(json));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentTool.of("t", "{\"a\":" + json + "}"));
  }

  @Test
  void parse_limits_areReachedAndNotPassed() {
    assertThat(ToolCall.parse(nested(14)).arguments().names()).containsExactly("a");
    assertThat(ToolCall.parse(arguments(64)).arguments().names()).hasSize(64);
    String shell = "{\"args\":{\"a\":\"\"},\"tool\":\"t\"}";
    String value = "x".repeat(ToolCall.MAX_BYTES - shell.length());
    ToolCall largest = ToolCall.of("t").arg("a", value);
    assertThat(largest.toJson()).hasSize(ToolCall.MAX_BYTES);
    assertThat(ToolCall.parse(largest.toJson())).isEqualTo(largest);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").arg("a", value + "x"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> largest.operation("o"));
  }

  @Test
  void argJson_depth_leavesRoomForTheRequest() {
    String deep = "[".repeat(14) + "]".repeat(14);
    ToolCall call = ToolCall.of("t").argJson("a", deep);
    assertThat(ToolCall.parse(call.toJson())).isEqualTo(call);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").argJson("a", "[" + deep + "]"));
  }

  @Test
  void argJson_moreThanOneValue_isRefused() {
    for (String json : new String[] {"", "1 2", "1,2", "1}", "1},\"tool\":\"u\"", "\"a\":1"}) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").argJson("a", json));
    }
  }

  @Test
  void arg_sameNameTwice_isRefused() {
    ToolCall call = ToolCall.of("t").arg("a", 1);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> call.arg("a", 1));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> call.text("a", "x"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> call.argJson("a", "[1]"));
  }

  @Test
  void arg_oneTooMany_isRefused() {
    ToolCall call = ToolCall.parse(arguments(64));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> call.arg("more", 1));
  }

  @Test
  void parse_message_namesTheArgument() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> ToolCall.of("t").arg("target", "http://2130706433/"))
        .hasMessageStartingWith("argument \"target\" ");
  }

  @Test
  void parse_freeText_letsSourceCodeThrough() {
    String json = "{\"tool\":\"t\",\"args\":{\"code\":\"/* a */\\n// b\",\"path\":\"/a\"}}";
    Refused.with(ErrorCode.AMBIGUOUS_PATH, () -> ToolCall.parse(json));
    CallFacts facts = ToolCall.parse(json, Set.of("code", "absent")).facts();
    assertThat(facts.named("arg_path")).hasSize(1);
    assertThat(facts.named("arg")).hasSize(2);
  }

  @Test
  void parse_urlsInsideArrays_giveNoFacts() {
    CallFacts facts =
        ToolCall.of("t").argJson("urls", "[\"https://acme.com/\",\"/etc/passwd\"]").facts();
    assertThat(facts.named("arg_url")).isEmpty();
    assertThat(facts.named("arg_path")).isEmpty();
    assertThat(facts.named("arg")).hasSize(1);
  }

  @Test
  void arg_numberThatJsonLacks_isRefusedByItsName() {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        "argument \"n\" is not a number that JSON has",
        () -> ToolCall.of("t").arg("n", Double.NaN));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        "argument \"n\" has an exponent beyond 999",
        () -> ToolCall.of("t").arg("n", new BigDecimal("1e1000")));
  }

  @Test
  void argJson_elementThatIsAmbiguous_isRefusedByItsNumber() {
    Refused.with(
        ErrorCode.AMBIGUOUS_URL,
        "element 2 of argument \"urls\" has user information",
        () -> ToolCall.of("t").argJson("urls", "[\"https://a.b/\",\"https://a@b/\"]"));
  }

  @Test
  void parse_hostileSizes_takeBoundedTime() {
    String wide = "[" + "1,".repeat(32_000) + "1]";
    String marks = "\"" + "a\u0301".repeat(1) + "\u0302".repeat(20_000) + "\"";
    assertTimeout(
        Duration.ofMinutes(1),
        () -> {
          assertThat(ToolCall.of("t").argJson("a", wide).facts().named("arg")).hasSize(1);
          Refused.with(
              ErrorCode.INVALID_ARGUMENT_VALUE, () -> ToolCall.of("t").argJson("a", marks));
          Refused.with(
              ErrorCode.INVALID_ARGUMENT_VALUE,
              () -> ToolCall.of("t").argJson("a", "1" + "0".repeat(60_000)));
        });
  }

  /** A request whose only argument is nested so deep, the document two levels more. */
  private static String nested(int depth) {
    return "{\"tool\":\"t\",\"args\":{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}}";
  }

  private static String arguments(int count) {
    StringBuilder out = new StringBuilder("{\"tool\":\"t\",\"args\":{");
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",").append("\"a").append(i).append("\":").append(i);
    }
    return out.append("}}").toString();
  }
}
