package dev.taper.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Refused;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The cases of all implementations are the vectors {@code shown-calls}. */
class ShownCallTest {
  private static final ToolCatalog PAY =
      ToolCatalog.parse(
          Catalogs.tool(
              "\"operation\":\"write\",\"arguments\":{"
                  + "\"amount\":{\"type\":\"number\",\"unit\":\"EUR\",\"role\":\"amount\"},"
                  + "\"a_note\":{\"type\":\"string\",\"role\":\"text\"},"
                  + "\"to\":{\"type\":\"string\",\"role\":\"touched\"},"
                  + "\"urgent\":{\"type\":\"boolean\"}}"));

  private static List<String> labels(ShownCall shown) {
    return shown.rows().stream().map(row -> row.label() + " " + row.value()).toList();
  }

  @Test
  void of_callOfACatalog_showsWhatItTouchesThenTheAmountThenTheRest() {
    ToolCall call =
        PAY.call("t", "{\"a_note\":\"hi\",\"amount\":250,\"to\":\"acc:1\",\"urgent\":true}");

    ShownCall shown = ShownCall.of(call, PAY.tools().get("t"));

    assertThat(labels(shown))
        .containsExactly(
            "tool t",
            "operation write",
            "resource none",
            "touches \"to\": \"acc:1\"",
            "amount \"amount\": 250 EUR",
            "argument \"urgent\": true",
            "text \"a_note\": \"hi\"");
    assertThat(shown.whole()).isTrue();
    assertThat(shown.digest()).hasSize(64);
  }

  /** Where a tool names none, what has no role beside an amount is what a call touches. */
  @Test
  void of_toolWithoutATouchedRole_touchesWhatHasNoRole() {
    ToolCatalog catalog =
        ToolCatalog.parse(
            Catalogs.tool(
                "\"operation\":\"write\",\"arguments\":{"
                    + "\"amount\":{\"type\":\"number\",\"role\":\"amount\"},"
                    + "\"note\":{\"type\":\"string\",\"role\":\"text\"},"
                    + "\"to\":{\"type\":\"string\"}}"));
    ToolCall call = catalog.call("t", "{\"amount\":250,\"note\":\"hi\",\"to\":\"acc:1\"}");

    assertThat(labels(ShownCall.of(call, catalog.tools().get("t"))))
        .endsWith("touches \"to\": \"acc:1\"", "amount \"amount\": 250", "text \"note\": \"hi\"");
  }

  /** Whatever else is long, what happens to whom stands before it. */
  @Test
  void of_longCommentBeforeTheRecipient_showsTheRecipientFirst() {
    ToolCall call =
        ToolCall.of("pay").text("comment", "x".repeat(500) + "\u202e").arg("to", "attacker");

    ShownCall shown = ShownCall.of(call, null);

    assertThat(labels(shown).get(3)).isEqualTo("argument \"to\": \"attacker\"");
    assertThat(labels(shown).get(4)).endsWith("xxx\\u{202e}\"");
    assertThat(shown.columns()).isEqualTo(3 * 64 + 64 + 9 * 64);
    assertThat(ShownCall.of(call, null, (int) shown.columns())).isEqualTo(shown);
    assertThat(ShownCall.of(call, null, (int) shown.columns() - 1).whole()).isFalse();
  }

  /** Each may be short: what counts is how much there is to read. */
  @Test
  void of_moreThanFits_isCutAndSaysSo() {
    ToolCall call =
        ToolCall.of("t").text("a", "x".repeat(500)).arg("b", 1).text("n".repeat(100), "y");

    ShownCall shown = ShownCall.of(call, null, 600);

    assertThat(shown.whole()).isFalse();
    assertThat(labels(shown).get(3)).isEqualTo("argument \"b\": 1");
    assertThat(shown.arguments().get(1).name()).contains("… (102 characters, SHA-256 ");
    assertThat(shown.arguments().get(2).value())
        .startsWith("\"xxx")
        .contains("… (502 characters, SHA-256 ")
        .hasSizeLessThan(200);
    assertThat(ShownCall.of(call, null).whole()).isTrue();
    assertThat(ShownCall.of(call.text("c", "z".repeat(8192)), null).whole()).isFalse();
  }

  /** A short row takes a line of what is read, too: who is asked sees it scroll away. */
  @Test
  void of_manyShortArguments_isNotWhole() {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < 128; i++) {
      values.put("a" + i, "1");
    }
    assertThat(ofArguments(values).whole()).as("128 lines").isTrue();
    values.put("b", "1");
    assertThat(ofArguments(values).whole()).as("129 lines").isFalse();
    assertThat(ShownCall.of(ToolCall.of("t").arg("a", 1).arg("b", 2), null, 256).whole()).isFalse();
  }

  private static ShownCall ofArguments(Map<String, String> values) {
    return ShownCall.of(
        List.of(), ShownCall.Given.arguments(values), null, "0".repeat(64), ShownCall.COLUMNS);
  }

  @Test
  void of_oneNameInTwoKinds_showsBoth_andTwiceInOneIsRefused() {
    ShownCall.Given argument = new ShownCall.Given("argument", "to", "\"attacker\"", null);
    ShownCall.Given beside = new ShownCall.Given("params", "to", "\"alice\"", null);
    String digest = "0".repeat(64);
    assertThat(labels(ShownCall.of(List.of(), List.of(beside, argument), null, digest, 600)))
        .containsExactly("argument \"to\": \"attacker\"", "params \"to\": \"alice\"");
    ShownCall.Given amount = new ShownCall.Given("params", "amount", "5", null);
    ShownCall shown =
        ShownCall.of(List.of(), List.of(amount), PAY.tools().get("t"), digest, ShownCall.COLUMNS);
    assertThat(shown.arguments())
        .singleElement()
        .satisfies(
            other -> {
              assertThat(other.role()).isNull();
              assertThat(other.unit()).isNull();
            });
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "twice",
        () -> ShownCall.of(List.of(), List.of(argument, argument), null, digest, 600));
  }

  @Test
  void of_noDigest_isRefused() {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "64 hex digits",
        () -> ShownCall.of(List.of(), List.of(), null, "x", 100));
  }

  @Test
  void of_catalogWithoutRoles_callsNothingTouched() {
    ToolCatalog plain =
        ToolCatalog.parse(
            Catalogs.tool(
                "\"operation\":\"write\",\"arguments\":{"
                    + "\"amount\":{\"type\":\"number\",\"unit\":\"EUR\"}}"));
    CatalogTool tool = Objects.requireNonNull(plain.tools().get("t"));

    ShownCall shown = ShownCall.of(plain.call("t", "{\"amount\":250}"), tool);

    assertThat(labels(shown)).endsWith("argument \"amount\": 250");
    assertThat(tool.hasRoles()).isFalse();
    assertThat(Objects.requireNonNull(PAY.tools().get("t")).hasRoles()).isTrue();
  }

  @Test
  void of_moreArgumentsThanAreShown_saysHowManyAreNot() {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < 70; i++) {
      values.put("a" + i, "1");
    }
    ShownCall shown =
        ShownCall.of(List.of(), ShownCall.Given.arguments(values), null, "0".repeat(64), 100);

    assertThat(shown.arguments()).hasSize(64);
    assertThat(shown.omitted()).isEqualTo(6);
  }

  @Test
  void of_rows_takeFullLinesOf64() {
    for (int length : new int[] {59, 60}) { // with its quotes and its name's
      ToolCall call = ToolCall.of("t").text("n", "x".repeat(length));
      assertThat(ShownCall.of(call, null).columns()).isEqualTo(3 * 64 + (length == 59 ? 64 : 128));
    }
  }

  /** Of two arguments, one that is long comes last; one that is just not keeps its place. */
  @Test
  void of_argumentsAroundTheLengthOfLongOnes_areInTheirOrder() {
    for (int length : new int[] {115, 116}) {
      ToolCall call = ToolCall.of("t").text("a", "x".repeat(length)).text("b", "y");
      assertThat(ShownCall.of(call, null).arguments().get(0).name())
          .isEqualTo(length == 115 ? "\"a\"" : "\"b\"");
    }
  }
}
