package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType.Kind;
import dev.taper.agent.call.ArgumentType.Reading;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArgumentTypeTest {
  @ParameterizedTest
  @EnumSource(
      value = Reading.class,
      names = {"URL", "HOST", "PATH"})
  void orOpaque_whatToolsOpen_isRefused(Reading reading) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> ArgumentType.of(reading).orOpaque());
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"INTEGER", "NUMBER", "BOOLEAN"})
  void orOpaque_whatIsAlwaysExact_isRefused(Kind kind) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> ArgumentType.of(kind).orOpaque());
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"STRING", "ARRAY", "OBJECT", "ANY"})
  void orOpaque_others_areTaken(Kind kind) {
    assertThat(ArgumentType.of(kind).orOpaque().opaque()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, URL",
    "NUMBER, TEXT",
    "BOOLEAN, HOST",
    "NUMBER, PATH",
    "OBJECT, TEXT",
    "OBJECT, URL"
  })
  void of_readingOfWhatIsNoString_isRefused(Kind kind, Reading reading) {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new ArgumentType(kind, reading, false, false, null));
  }

  @Test
  void in_unit_belongsToNumbers() {
    assertThat(ArgumentType.of(Kind.NUMBER).in("EUR").unit()).isEqualTo("EUR");
    assertThat(ArgumentType.of(Kind.INTEGER).in("EUR").unit()).isEqualTo("EUR");
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> ArgumentType.of(Kind.STRING).in("EUR"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ArgumentType.of(Kind.NUMBER).in(""));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ArgumentType.of(Kind.NUMBER).in("x".repeat(65)));
  }

  /** Or two types would be written alike and read otherwise. */
  @Test
  void of_anyValue_takesNullToo() {
    assertThat(new ArgumentType(Kind.ANY, Reading.PLAIN, false, false, null))
        .isEqualTo(ArgumentType.ANY);
    assertThat(ArgumentType.of(Kind.STRING).nullable()).isFalse();
    assertThat(ArgumentType.of(Kind.STRING).orNull().nullable()).isTrue();
  }
}
