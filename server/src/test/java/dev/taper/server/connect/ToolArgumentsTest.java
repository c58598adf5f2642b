package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model is told when its arguments make no sense: what was wanted, and what came. */
class ToolArgumentsTest {
  private static ToolArguments given(@Nullable Object value) {
    Map<String, @Nullable Object> members = new HashMap<>();
    members.put("call", value);
    try {
      return ToolArguments.of(members, List.of("call"));
    } catch (MistakeException e) {
      throw new AssertionError(e);
    }
  }

  private static void mistake(String message, ThrowingCallable read) {
    MistakeException mistake = catchThrowableOfType(MistakeException.class, read);
    assertThat(mistake).hasMessage(message);
  }

  @Test
  void id_wholeNumber_isTakenAsTheTextThatItIs() throws Exception {
    assertThat(given(1).id("call")).isEqualTo("1");
    assertThat(given(12L).id("call")).isEqualTo("12");
    assertThat(given("1").id("call")).isEqualTo("1");
    mistake(
        "The argument call has to be text in quotes; it was 1.5 without quotes.",
        () -> given(1.5).id("call"));
    mistake("The argument call is missing.", () -> given(null).id("call"));
  }

  @Test
  void text_somethingElse_saysWhatWasWantedAndWhatCame() {
    mistake(
        "The argument call has to be text in quotes; it was 7 without quotes.",
        () -> given(7).text("call"));
    mistake(
        "The argument call has to be text in quotes; it was true without quotes.",
        () -> given(true).text("call"));
    mistake(
        "The argument call has to be text in quotes; it was an object.",
        () -> given(Map.of()).text("call"));
    mistake(
        "The argument call has to be text in quotes; it was a list.",
        () -> given(List.of("1")).text("call"));
  }

  @Test
  void others_somethingElse_sayWhatWasWantedAndWhatCame() {
    mistake(
        "The argument call has to be a list of 1 to 64 texts; it has 0.",
        () -> given(List.of()).texts("call"));
    mistake(
        "The argument call has to be text in quotes; it was 1 without quotes.",
        () -> given(List.of(1)).texts("call"));
    mistake(
        "The argument call has to be a whole number from 1 to 5; it was text in quotes.",
        () -> given("3").integer("call", 1, 1, 5));
    mistake(
        "The argument call has to be a whole number from 1 to 5; it was 6 without quotes.",
        () -> given(6).integer("call", 1, 1, 5));
    mistake(
        "The argument call has to be true or false without quotes; it was text in quotes.",
        () -> given("true").flag("call"));
    mistake(
        "The arguments have to be one object with members among call, reason; they were a list.",
        () -> ToolArguments.of(List.of(), List.of("call", "reason")));
  }
}
