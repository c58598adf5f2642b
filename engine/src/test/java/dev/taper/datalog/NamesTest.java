package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Predicate.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"azAZ09_:", ":", "_", "9", "\u00e9", "\ud801\udc00x", "\u65e5\u672c"})
  void isName_lettersDigitsAndTwoSigns_isTrue(String name) {
    assertThat(Names.isName(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "`",
        "{",
        "@",
        "[",
        "/",
        ";",
        "a b",
        "a-",
        "\u007f",
        "\u0080",
        "\u0660",
        "\ud801",
        "\ud83d\ude00"
      })
  void isName_anythingElse_isFalse(String name) {
    assertThat(Names.isName(name)).isFalse();
  }

  @Test
  void isVisible_whatTerminalsActOnOrHide_isFalse() {
    assertThat(" a~\u00e9\u65e5\u0301".codePoints()).allMatch(Names::isVisible);
    assertThat(Names.isVisible(0x1f600)).isTrue();
    assertThat(
            "\u0000\u001b\n\u007f\u0085\u200b\u202e\ufeff\ud800\ue000\uffff\u2028\u2029\u00a0"
                .codePoints())
        .noneMatch(Names::isVisible);
  }
}
