package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.math.BigDecimal;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a handler reads of a call: the values that were judged, in their types. */
class CallArgumentsTest {
  private static final CallArguments ARGUMENTS =
      ToolCall.of("t")
          .arg("count", 50)
          .arg("whole", new BigDecimal("5.0"))
          .arg("price", new BigDecimal("19.990"))
          .argJson("big", "9223372036854775808")
          .arg("text", "a \"b\"")
          .text("prose", "cafe\u0301")
          .arg("flag", false)
          .argJson("none", "null")
          .argJson("list", "[1, 2.50, \"x\"]")
          .argJson("map", "{\"b\": 1, \"a\": {}}")
          .arguments();

  @Test
  void getters_rightType_giveTheValue() {
    assertThat(ARGUMENTS.integer("count")).isEqualTo(50);
    assertThat(ARGUMENTS.integer("whole")).isEqualTo(5);
    assertThat(ARGUMENTS.number("count")).isEqualTo(new BigDecimal("50"));
    assertThat(ARGUMENTS.number("price")).isEqualTo(new BigDecimal("19.99"));
    assertThat(ARGUMENTS.number("big")).isEqualByComparingTo("9223372036854775808");
    assertThat(ARGUMENTS.string("text")).isEqualTo("a \"b\"");
    assertThat(ARGUMENTS.string("prose")).isEqualTo("cafe\u0301");
    assertThat(ARGUMENTS.bool("flag")).isFalse();
    assertThat(ToolCall.of("t").arg("flag", true).arguments().bool("flag")).isTrue();
    assertThat(ARGUMENTS.json("none")).isEqualTo("null");
    assertThat(ARGUMENTS.json("list")).isEqualTo("[1,2.5,\"x\"]");
    assertThat(ARGUMENTS.json("map")).isEqualTo("{\"a\":{},\"b\":1}");
    assertThat(ARGUMENTS.json("text")).isEqualTo("\"a \\\"b\\\"\"");
  }

  @Test
  void getters_wrongTypeOrName_areRefused() {
    refused("argument \"text\" is not a number", () -> ARGUMENTS.number("text"));
    refused("argument \"price\" is not an integer of 64 bits", () -> ARGUMENTS.integer("price"));
    refused("argument \"big\" is not an integer of 64 bits", () -> ARGUMENTS.integer("big"));
    refused("argument \"prose\" is not a number", () -> ARGUMENTS.number("prose"));
    refused("argument \"count\" is not a string", () -> ARGUMENTS.string("count"));
    refused("argument \"none\" is not a string", () -> ARGUMENTS.string("none"));
    refused("argument \"list\" is not a string", () -> ARGUMENTS.string("list"));
    refused("argument \"none\" is not true or false", () -> ARGUMENTS.bool("none"));
    refused("argument \"text\" is not true or false", () -> ARGUMENTS.bool("text"));
    refused("argument \"Count\" is not there", () -> ARGUMENTS.integer("Count"));
    refused("argument \"a\\u{202e}\" is not there", () -> ARGUMENTS.json("a\u202e"));
  }

  private static void refused(String message, ThrowingCallable call) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, call);
    org.assertj.core.api.Assertions.assertThatThrownBy(call).hasMessage(message);
  }

  @Test
  void names_allArguments_areThere() {
    assertThat(ARGUMENTS.names())
        .containsExactly(
            "big", "count", "flag", "list", "map", "none", "price", "prose", "text", "whole");
    assertThat(ARGUMENTS.has("none")).isTrue();
    assertThat(ARGUMENTS.has("absent")).isFalse();
    assertThat(ARGUMENTS.unit("count")).isNull();
    assertThat(ARGUMENTS.unit("absent")).isNull();
    assertThat(ARGUMENTS).hasToString(ARGUMENTS.names().toString());
  }

  @Test
  void millionths_ofWhatIsNoAmount_isNone() {
    assertThat(ARGUMENTS.millionths("price")).isEqualTo(19_990_000L);
    assertThat(ARGUMENTS.millionths("count")).isEqualTo(50_000_000L);
    for (String name : new String[] {"big", "text", "none", "absent"}) {
      assertThat(ARGUMENTS.millionths(name)).isNull();
    }
  }

  @Test
  void equals_arguments_areThoseOfTheSameNamesAndValues() {
    CallArguments one = ToolCall.of("t").arg("a", 1).arguments();
    assertThat(one).isEqualTo(ToolCall.of("u").arg("a", 1).arguments());
    assertThat(one).hasSameHashCodeAs(ToolCall.of("u").arg("a", 1).arguments());
    assertThat(one).isNotEqualTo(ToolCall.of("t").arg("a", 2).arguments());
    assertThat(one).isNotEqualTo(ToolCall.of("t").arg("b", 1).arguments());
  }

  @Test
  void toJson_arguments_isOneCanonicalObject() {
    assertThat(CanonicalJson.of(ARGUMENTS.toJson())).isEqualTo(ARGUMENTS.toJson());
    assertThat(CanonicalJson.members(ARGUMENTS.toJson()).keySet()).isEqualTo(ARGUMENTS.names());
  }

  /** Nothing is said of prose in an odd form, and only text of a number that is out of range. */
  @Test
  void unstated_argumentsThatFactsPassOver_areNamed() {
    assertThat(ARGUMENTS.opaqueNames()).containsExactly("prose");
    assertThat(ARGUMENTS.unstated())
        .containsOnlyKeys("big", "price", "prose")
        .containsEntry("price", Set.of("arg"))
        .containsEntry("big", Set.of("arg", "arg_decimal"))
        .containsEntry(
            "prose",
            Set.of(
                "arg",
                "arg_decimal",
                "arg_number",
                "arg_url",
                "arg_host_class",
                "arg_ip",
                "arg_each_host",
                "arg_path"));
  }
}
