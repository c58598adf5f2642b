package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
  @Test
  void toJson_allKindsOfValues_inOrder() {
    JsonFields fields =
        new JsonFields()
            .put("b", 1L)
            .put("a", true)
            .put("none", null)
            .put("text", List.<Object>of("x", 2))
            .put("map", Map.of("n", 3))
            .rows("rows", List.of(1, 2), n -> new JsonFields().put("n", n))
            .json("given", "{\"z\":1.50}")
            .putAll(new JsonFields().put("last", Algo.ONE));

    assertThat(fields.toJson())
        .isEqualTo(
            "{\"b\":1,\"a\":true,\"none\":null,\"text\":[\"x\",2],\"map\":{\"n\":3},"
                + "\"rows\":[{\"n\":1},{\"n\":2}],\"given\":{\"z\":1.50},\"last\":\"ONE\"}");
    assertThat(fields.toString()).contains("text").doesNotContain("ONE");
  }

  @Test
  void toJson_absentValues_leaveNoField() {
    assertThat(new JsonFields().putIfPresent("a", null).putIfAny("b", List.of()).toJson())
        .isEqualTo("{}");
  }

  @Test
  void toJson_hiddenCharacters_areEscaped() {
    assertThat(new JsonFields().put("a\u202e", "b\u200b").toJson())
        .isEqualTo("{\"a\\u202e\":\"b\\u200b\"}");
  }

  private enum Algo {
    ONE
  }
}
