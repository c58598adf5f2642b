package dev.taper.agent.catalog;

import static dev.taper.agent.catalog.Catalogs.catalog;
import static dev.taper.agent.catalog.Catalogs.httpTool;
import static dev.taper.agent.catalog.Catalogs.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The parts of a catalog at their edges: what they must not hold, and how large they may be. */
class CatalogReaderTest {
  static Stream<Arguments> wrong() {
    String opaque = "\"arguments\":{\"o\":{\"type\":\"any\",\"opaque\":true}}";
    return Stream.of(
        Arguments.of(httpTool("/\",\"x\":\"1", ""), "the catalog.tools.t.http has the member x"),
        Arguments.of(
            tool("\"mcp\":{\"method\":\"m\",\"x\":1}"), "the catalog.tools.t.mcp has the member x"),
        Arguments.of(
            httpTool("/", opaque + ",\"content\":{\"argument\":\"o\",\"x\":1}"),
            "the catalog.tools.t.content has the member x"),
        Arguments.of(
            tool("\"arguments\":{\"a\":{\"type\":\"any\",\"role\":\"recipient\"}}"),
            "the catalog.tools.t.arguments.a.role is none of touched, amount, text"),
        Arguments.of(
            tool("\"arguments\":{\"a\":{\"type\":\"any\",\"role\":1}}"),
            "the catalog.tools.t.arguments.a.role is not a string"),
        Arguments.of(
            tool("\"arguments\":{\"a\":{\"type\":\"string\",\"role\":\"amount\"}}"),
            "the catalog.tools.t.arguments.a: an amount is an integer or a number"),
        Arguments.of(
            tool("\"arguments\":{\"a\":{\"type\":\"boolean\",\"role\":\"text\"}}"),
            "the catalog.tools.t.arguments.a: a number or a boolean is no text"),
        Arguments.of(
            tool("\"arguments\":{\"a\":{\"dropped\":true,\"role\":\"touched\"}}"),
            "the catalog.tools.t.arguments.a: what is dropped has no role"),
        Arguments.of(tool("\"title\":\"Pay\""), "the catalog.tools.t has the member title"),
        Arguments.of(httpTool("/}", ""), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(httpTool("/}o{", opaque), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(
            catalog("\"tools\":{},\"origins\":[{\"origin\":\"{o}.example.com\"}]"),
            "the catalog.origins[0]: in an origin braces"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void parse_partWithMoreOrLess_isRefusedWithThePlace(String json, String message) {
    Refused.with(ErrorCode.INVALID_CATALOG, message, () -> ToolCatalog.parse(json));
  }

  /** An argument that is dropped may be of any type, which is not said then; others are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"any"}                  | {"type":"any"}
          {"dropped":true}                | {"dropped":true}
          {"dropped":true,"type":"any"}   | {"dropped":true}
          {"dropped":true,"type":"array"} | {"dropped":true,"type":"array"}
          """)
  void toJson_argument_saysItsTypeOnce(String read, String written) {
    ToolCatalog catalog = ToolCatalog.parse(tool("\"arguments\":{\"a\":" + read + "}"));

    assertThat(catalog.toJson()).contains("{\"a\":" + written + "}");
  }

  @Test
  void touched_roles_sayWhatACallTouches() {
    String others = "\"b\":{\"type\":\"string\"},\"c\":{\"type\":\"string\",\"role\":\"text\"},";
    String dropped = "\"d\":{\"dropped\":true}";

    assertThat(touched("\"a\":{\"type\":\"string\",\"role\":\"touched\"}," + others + dropped))
        .containsExactly("a");
    assertThat(touched("\"a\":{\"type\":\"number\",\"role\":\"amount\"}," + others + dropped))
        .containsExactly("b");
    assertThat(touched("\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}," + dropped))
        .containsExactly("a", "b");
  }

  private static Set<String> touched(String arguments) {
    ToolCatalog catalog = ToolCatalog.parse(tool("\"arguments\":{" + arguments + "}"));
    return Objects.requireNonNull(catalog.tools().get("t")).touched();
  }

  /** Two payments of one recipient are alike, whatever is written beside them. */
  @Test
  void likeness_byACatalog_looksAtWhatIsTouched() {
    ToolCatalog catalog =
        ToolCatalog.parse(
            tool(
                "\"arguments\":{\"to\":{\"type\":\"string\",\"role\":\"touched\"},"
                    + "\"note\":{\"type\":\"string\",\"role\":\"text\"}}"));
    byte[] call = catalog.call("t", "{\"to\":\"a\",\"note\":\"1\"}").likeness();

    assertThat(catalog.call("t", "{\"to\":\"a\",\"note\":\"2\"}").likeness()).isEqualTo(call);
    assertThat(catalog.call("t", "{\"to\":\"a\"}").likeness()).isEqualTo(call);
    assertThat(catalog.call("t", "{\"to\":\"b\",\"note\":\"1\"}").likeness()).isNotEqualTo(call);
    assertThat(catalog.call("t", "{\"note\":\"1\"}").likeness()).isNotEqualTo(call);
  }

  @Test
  void parse_asManyArgumentsAsAToolMayHave_areTaken() {
    String arguments =
        IntStream.range(0, 256)
            .mapToObj(i -> "\"a" + i + "\":{\"type\":\"any\"}")
            .collect(Collectors.joining(","));

    ToolCatalog catalog = ToolCatalog.parse(tool("\"arguments\":{" + arguments + "}"));

    assertThat(catalog.tools().values())
        .singleElement()
        .satisfies(tool -> assertThat(tool.arguments()).hasSize(256));
  }

  /** What is built can be read, and what cannot be read is not built. */
  @Test
  void build_asLargeAsAFileMayBe_isTaken() {
    int room = (1 << 24) - larger(0).build().toJson().length();

    String largest = larger(room).build().toJson();

    assertThat(largest).hasSize(1 << 24);
    assertThat(ToolCatalog.parse(largest).toJson().equals(largest)).isTrue();
    ToolCatalog.Builder tooLarge = larger(room + 1);
    Refused.with(ErrorCode.INVALID_CATALOG, "is larger than", tooLarge::build);
  }

  /** A catalog with so many characters more than one of the same tools has. */
  private static ToolCatalog.Builder larger(int characters) {
    int tools = ToolCatalog.MAX_TOOLS;
    ToolCatalog.Builder catalog = ToolCatalog.of("svc:x");
    for (int i = 0; i < tools; i++) {
      int more = characters / tools + (i < characters % tools ? 1 : 0);
      catalog.tool(CatalogTool.of("t" + i).resource("r" + "x".repeat(more)));
    }
    return catalog;
  }

  @Test
  void hasFields_onlyIfAToolReadsOne() {
    assertThat(Catalogs.http().hasFields()).isTrue();
    assertThat(Catalogs.mcp().hasFields()).isFalse();
  }
}
