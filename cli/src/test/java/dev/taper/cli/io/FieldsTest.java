package dev.taper.cli.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.JsonFields;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldsTest {
  @Test
  void result_valuesOfEachKind_printsThemInOrder() {
    JsonFields fields =
        new JsonFields()
            .put("text", "a\"b")
            .put("number", 7)
            .put("long", Long.MAX_VALUE)
            .put("truth", false)
            .put("none", null)
            .putIfPresent("left out", null)
            .put("path", Path.of("a", "b"))
            .put("list", List.of("one", "two"))
            .put("map", Map.of("key", 2))
            .put("inner", new JsonFields().put("x", 1))
            .json("verbatim", "[1, 2]");

    assertThat(printed(fields))
        .isEqualTo(
            """
            {
              "format" : "taper/1 result",
              "text" : "a\\"b",
              "number" : 7,
              "long" : 9223372036854775807,
              "truth" : false,
              "none" : null,
              "path" : "a/b",
              "list" : [ "one", "two" ],
              "map" : {
                "key" : 2
              },
              "inner" : {
                "x" : 1
              },
              "verbatim" : [1, 2]
            }
            """);
  }

  @Test
  void result_rowsAndFieldsOfOthers_standBehindWhatIsThere() {
    JsonFields fields =
        new JsonFields()
            .put("first", 1)
            .rows("rows", List.of("a", "b"), each -> new JsonFields().put("name", each))
            .putAll(new JsonFields().put("last", 2));

    assertThat(printed(fields))
        .isEqualTo(
            """
            {
              "format" : "taper/1 result",
              "first" : 1,
              "rows" : [ {
                "name" : "a"
              }, {
                "name" : "b"
              } ],
              "last" : 2
            }
            """);
  }

  private static String printed(JsonFields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Json.result(new PrintStream(bytes, true, StandardCharsets.UTF_8), fields);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
