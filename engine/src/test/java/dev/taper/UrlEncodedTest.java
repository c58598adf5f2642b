package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlEncodedTest {
  private static Map<String, String> fields(String text) {
    return UrlEncoded.fields(text, 3, "form");
  }

  @Test
  void fields_ofAForm_areReadInOrder() {
    assertThat(fields("b=%E2%82%AC+%2B%3d&a=&=x"))
        .containsExactly(Map.entry("b", "€ +="), Map.entry("a", ""), Map.entry("", "x"));
    assertThat(fields("")).isEmpty();
  }

  /** The digits of the last two but one are those of other scripts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=1&",
        "&a=1",
        "a=1&&b=1",
        "a=1&a=2",
        "a=1&%61=2",
        "a=%",
        "a=%4",
        "a=%zz",
        "a=%ff",
        "a=%C0%80",
        "a=é",
        "a=b=c",
        "a= ",
        "a=\u007f",
        "a=%00",
        "a=%٤١",
        "a=%４１",
        "a=1&b=2&c=3&d=4"
      })
  void fields_ofAnythingElse_areRefused(String text) {
    assertThatThrownBy(() -> fields(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageStartingWith("the form of the request has ");
  }

  @Test
  void fieldsWithValues_pairsWithoutASign_areNotThere() {
    byte[] text = "&b=1&&c&a=&".getBytes(StandardCharsets.UTF_8);
    assertThat(UrlEncoded.fieldsWithValues(text, 2, "form")).isEqualTo(Map.of("b", "1", "a", ""));
    assertThatThrownBy(() -> UrlEncoded.fieldsWithValues(text, 1, "form"))
        .isInstanceOf(TaperException.class)
        .hasMessage("the form of the request has more than 1 names");
  }

  @Test
  void write_anyFields_readsBack() {
    Map<String, String> written = new LinkedHashMap<>(Map.of("a&=+ %é\ud83d\ude00", "€=&"));
    written.put("b", "");
    assertThat(UrlEncoded.fields(UrlEncoded.write(written), 2, "form")).isEqualTo(written);
  }
}
