package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextTest {
  static String[] plain() {
    return new String[] {
      "",
      " ",
      "two\nlines\tand a tab\r\n",
      "\u0001\u001f\u007f",
      "caf\u00e9",
      "\u0430\u0431\u0432",
      "\ud83d\ude00",
      "a\u200db",
      "\ufeff",
      "x\u0301".repeat(100), // many marks, but never many in a row
      "x" + "\u0302".repeat(30),
    };
  }

  @Test
  void isLonger_countsBytesAndNotCharacters() {
    for (String letter : List.of("a", "\u00e9", "\u20ac", "\ud83d\ude00")) {
      for (int count = 0; count < 40; count++) {
        String text = letter.repeat(count);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(Text.isLonger(text, 30)).as(text).isEqualTo(bytes > 30);
      }
    }
  }

  static String[] notPlain() {
    return new String[] {
      "\0",
      "a\0",
      "a\0b",
      "\ud800",
      "\udc00",
      "\udfff",
      "a\ud83d",
      "\ude00\ud83d",
      "\ud83dx",
      "cafe\u0301", // decomposed
      "\u212b", // the angstrom sign becomes a letter
      "\ufb33", // excluded from composition
      "\u1100\u1161", // jamo that compose
      "q\u0307\u0323", // marks out of order
      "x" + "\u0302".repeat(31),
    };
  }

  @Test
  void isWellFormed_isWhatHasBytes() {
    String[] parts = {"", "a", "\ud7ff", "\ue000", "\ud800", "\udbff", "\udc00", "\udfff"};
    for (String first : parts) {
      for (String second : parts) {
        for (String third : parts) {
          String text = first + second + third;
          assertThat(Text.isWellFormed(text)).isEqualTo(isWellFormed(text));
        }
      }
    }
  }

  @Test
  void shortText_anyLength_hasBytesAndIsNoLonger() {
    assertThat(ShortText.of("ab", 1)).isEqualTo("\u2026");
    assertThat(ShortText.of("a", 1)).isEqualTo("a");
    assertThat(ShortText.of("\ud83d\ude00", 1)).isEqualTo("\u2026");
    assertThat(ShortText.of("\ud800\ud7ff\udfff\ue000", 4)).isEqualTo("\ufffd\ud7ff\ufffd\ue000");
  }

  static String[] labels() {
    return new String[] {
      "svc:jira",
      "https://jira.acme.com",
      "a b",
      "caf\u00e9",
      "\u65e5\u672c\u8a9e",
      "\ud83d\ude00",
      "a".repeat(1024),
      "\u00e9".repeat(512),
    };
  }

  static String[] notLabels() {
    return new String[] {
      "",
      " ",
      " a",
      "a ",
      "a\n",
      "\ta",
      "a\u0000",
      "a\u0080b",
      "a\u0085b",
      "a\u00a0b", // no-break space
      "a\u2003b", // em space
      "a\u3000b", // ideographic space
      "a\u200bb",
      "a\u200eb",
      "a\u202eb",
      "a\u2028b",
      "a\u2060b",
      "a\ufeffb",
      "a\u00adb",
      "a\ufe0f", // variation selector
      "a\u034fb", // combining grapheme joiner
      "a\u3164b", // Hangul filler
      "a\ue000", // private use
      "a\uffff", // not a character
      "a\u0378", // unassigned
      "a\udb40\udc41", // a tag character
      "a".repeat(1025),
      "\u00e9".repeat(513),
    };
  }

  @ParameterizedTest
  @MethodSource("plain")
  void plain_oneSpelling_isAccepted(String text) {
    assertThat(Canonical.text(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("notPlain")
  void plain_ambiguousText_isRefused(String text) {
    Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> Canonical.text(text));
    Refused.with(
        isWellFormed(text) ? ErrorCode.INVALID_ARGUMENT_VALUE : ErrorCode.INVALID_REQUEST,
        () -> ToolCall.of("t").arg("a", text));
  }

  /** Prose has any form that has bytes; it is stated if it can be, and opaque if not. */
  @ParameterizedTest
  @MethodSource({"plain", "notPlain"})
  void text_anyText_isStatedExactlyOrNotAtAll(String text) {
    if (!isWellFormed(text)) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").text("a", text));
      return;
    }
    ToolCall call = ToolCall.of("t").text("a", text);
    boolean stated = List.of(plain()).contains(text);

    assertThat(call.facts().named("arg")).hasSize(stated ? 1 : 0);
    assertThat(call.facts().named("arg_opaque")).hasSize(stated ? 0 : 1);
    assertThat(call.arguments().string("a")).isEqualTo(text);
    assertThat(call.arguments().opaqueNames()).hasSize(stated ? 0 : 1);
  }

  private static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @ParameterizedTest
  @MethodSource("labels")
  void label_visibleText_isAccepted(String text) {
    assertThat(Canonical.audience(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource({"notLabels", "notPlain"})
  void label_anythingElse_isRefused(String text) {
    if (text.isEmpty()) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.argumentName(text));
    }
    Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.audience(text));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").arg(text, 1));
  }

  @Test
  void label_invisibleCharacter_isNamedAsPeopleLookItUp() {
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "the audience holds U+202E at index 1, which cannot be seen",
        () -> Canonical.audience("a\u202eb"));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "the audience holds U+E0041 at index 2,",
        () -> Canonical.audience("ab\udb40\udc41"));
  }

  @Test
  void argumentName_length_isBounded() {
    assertThat(Canonical.argumentName("a".repeat(256))).hasSize(256);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.argumentName("a".repeat(257)));
  }

  @Test
  void plain_longRunsOfMarks_takeLinearTime() {
    String marks = "x" + "\u0302\u0323".repeat(500_000);
    assertTimeout(
        Duration.ofMinutes(1),
        () -> Refused.with(ErrorCode.INVALID_ARGUMENT_VALUE, () -> Canonical.text(marks)));
  }

  @Test
  void label_whatDisplaysMayLeaveOut_isRefused() {
    int[] ignorable = {
      0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f, 0x3164, 0xfe00, 0xfe0f, 0xffa0,
      0xe0100, 0xe01ef
    };
    for (int c : ignorable) {
      String label = "a" + Character.toString(c) + "b";
      Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.audience(label));
    }
    for (int c : new int[] {0x115e, 0x180a, 0x1820, 0xfdfd, 0xfe10, 0xffa1, 0x3163, 0x3165}) {
      String label = "a" + Character.toString(c) + "b";
      assertThat(Canonical.audience(label)).isEqualTo(label);
    }
  }
}
