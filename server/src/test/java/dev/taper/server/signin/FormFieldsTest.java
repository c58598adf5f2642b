package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormFieldsTest {
  private static final String TYPE = "application/x-www-form-urlencoded";

  private static @Nullable Map<String, String> form(String type, String text) {
    return FormFields.of(AskedRequest.of("POST", "/", text, "Content-Type", type));
  }

  @Test
  void of_form_readsItsFields() {
    assertThat(form(TYPE, "a=1&b=%E2%82%AC+%2B&c="))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "€ +", "c", ""));
    assertThat(form(TYPE + "; charset=UTF-8", "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=1&a=2", "a", "a=%", "a=%4", "a=%zz", "a=%ff", "a=1&", "a=é", "a=b=c", "a= "})
  void of_malformed_isNone(String text) {
    assertThat(form(TYPE, text)).isNull();
  }

  @Test
  void of_tooMuch_isNone() {
    assertThat(form(TYPE, "a=" + "1".repeat(FormFields.MAX_BYTES))).isNull();
    StringBuilder many = new StringBuilder("x=1");
    for (int i = 0; i < 32; i++) {
      many.append("&a").append(i).append("=1");
    }
    assertThat(form(TYPE, many.toString())).isNull();
  }

  @Test
  void of_otherType_isNone() {
    assertThat(form("text/plain", "a=1")).isNull();
    assertThat(form("application/json", "a=1")).isNull();
  }

  @Test
  void ofQuery_target_readsWhatIsBehindTheMark() {
    AskedRequest request = AskedRequest.get("/a?b=%2Fc");
    assertThat(FormFields.ofQuery(request)).isEqualTo(Map.of("b", "/c"));
    assertThat(FormFields.path(request)).isEqualTo("/a");
    assertThat(FormFields.ofQuery(AskedRequest.get("/a"))).isEmpty();
  }
}
