package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Term;
import dev.taper.testing.DatalogGenerator;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile text ends in a coded error, in bounded time and on a common stack. */
final class HostileInputTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int MANY = 20_000;

  static Stream<String> towers() {
    return Stream.of(
        "check if " + "!".repeat(MANY) + "true;",
        "check if " + "(".repeat(MANY) + "1" + ")".repeat(MANY) + ";",
        "check if " + "(".repeat(MANY),
        "check if " + "1||1&&1<1^1|1&1+1*(".repeat(MANY) + "1",
        "check if " + "1.contains(".repeat(MANY),
        "check if " + "[1].any($x -> ".repeat(MANY),
        "check if 1" + ".length()".repeat(MANY) + ";",
        "check if 1" + ".try_or(1)".repeat(MANY) + ";",
        "check if 1" + " + 1".repeat(MANY) + ";",
        "check if 1" + " && 1".repeat(MANY) + ";",
        "a(" + "[".repeat(MANY),
        "a(" + "{".repeat(MANY),
        "a(" + "{ {".repeat(MANY),
        "a(" + "{1:".repeat(MANY),
        "a(" + "[{\"k\": ".repeat(MANY));
  }

  @ParameterizedTest
  @MethodSource("towers")
  void parse_highTower_isSyntaxErrorSoon(String source) {
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> Datalog.block(source))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000)));
  }

  static Stream<String> large() {
    int length = Cursor.MAX_LENGTH - 100;
    return Stream.of(
        " ".repeat(length),
        "//" + "/".repeat(length),
        "// x\n".repeat(length / 5),
        "a(1);".repeat(length / 5),
        "a(\"" + "x".repeat(length) + "\");",
        "a(" + "1,".repeat(length / 2) + "1);",
        "a({" + "1,".repeat(length / 2) + "1});",
        "a".repeat(length) + "(1);",
        "check if " + "!".repeat(200) + "1" + " ".repeat(length - 500) + ";",
        "check if " + "a(1),".repeat(length / 5) + "true;",
        "check if " + "a(1) or ".repeat(length / 8) + "true;",
        "check if " + "1,".repeat(length / 2) + "1;");
  }

  @ParameterizedTest
  @MethodSource("large")
  void parse_largeText_isReadSoon(String source) {
    Block block = assertTimeoutPreemptively(SOON, () -> Datalog.block(source));
    assertThat(block.scopes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a(1) a", "a(1); !", "a(1); chek ", "a(1); check if x", "a(1, \u0000"})
  void parse_largeTextThatEndsWrong_isErrorSoon(String end) {
    String source = "/*" + "*".repeat(Cursor.MAX_LENGTH - 100) + "*/" + end;
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> Datalog.block(source))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000)));
  }

  @Test
  void parse_textOverLimit_isSyntaxError() {
    assertThat(Datalog.block(" ".repeat(Cursor.MAX_LENGTH)).facts()).isEmpty();
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> Datalog.block(" ".repeat(Cursor.MAX_LENGTH + 1)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX));
  }

  @Test
  void parse_expressionHeight_isLimitedExactly() {
    String sum = "check if 1" + " + 1".repeat(Expression.MAX_HEIGHT - 1);
    assertThat(Datalog.check(sum)).hasToString(sum);
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> Datalog.check(sum + " + 1"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX));
    String parens =
        "check if "
            + "(".repeat(Expression.MAX_HEIGHT - 1)
            + "1"
            + ")".repeat(Expression.MAX_HEIGHT - 1);
    assertThat(Datalog.check(parens)).hasToString(parens);
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> Datalog.check(parens.replace("1", "(1)")));
  }

  @Test
  void parse_termDepth_isLimitedExactly() {
    String deepest = "[".repeat(Term.MAX_DEPTH) + "]".repeat(Term.MAX_DEPTH);
    assertThat(Datalog.term(deepest)).hasToString(deepest);
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> Datalog.term("[" + deepest + "]"));
  }

  /** Random damage to valid text: an error is a coded one, and what is read prints stably. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void parse_damagedText_isReadOrCodedError(long seed) {
    Random random = new Random(seed);
    String[] pieces = {
      "(", ")", "{", "}", "[", "]", ",", ";", "!", "-", "\"", "\\", "$", "or", "."
    };
    for (int i = 0; i < 500; i++) {
      StringBuilder text =
          new StringBuilder(new DatalogGenerator(seed * 1000 + i, 6).authorizer().toString());
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(3));
        text.replace(at, end, pieces[random.nextInt(pieces.length)]);
      }
      try {
        String printed = Datalog.authorizer(text.toString()).toString();
        assertThat(Datalog.authorizer(printed)).hasToString(printed);
      } catch (TaperException e) {
        assertThat(e.code().category()).isEqualTo(ErrorCode.Category.LANGUAGE);
      }
    }
  }
}
