package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskIdTest {
  private static final String ZEROS = "A".repeat(22);

  @Test
  void random_eachTime_isAnother() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      all.add(AskId.random().text());
    }
    assertThat(all).hasSize(100);
  }

  @Test
  void parse_ofAnId_isThatId() {
    AskId id = AskId.random();
    assertThat(AskId.parse(id.toString())).isEqualTo(id);
  }

  @Test
  void name_ofAnId_isTheDigestOfItsBytes() {
    AskId id = Objects.requireNonNull(AskId.parse(ZEROS));
    assertThat(id.name())
        .isEqualTo("374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAB",
        "AAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAA==",
        "AAAAAAAAAAAAAAAAAAAA+A",
        "AAAAAAAAAAAAAAAAAAAA/A"
      })
  void parse_ofAnythingElse_isNothing(String text) {
    assertThat(AskId.parse(text)).isNull();
  }
}
