package dev.taper.agent.catalog;

import static dev.taper.agent.catalog.Catalogs.catalog;
import static dev.taper.agent.catalog.Catalogs.httpTool;
import static dev.taper.agent.catalog.Catalogs.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.ArgumentType.Kind;
import dev.taper.agent.call.ArgumentType.Reading;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCatalogTest {
  @ParameterizedTest
  @ValueSource(strings = {Catalogs.HTTP, Catalogs.MCP})
  void parse_printed_isTheSame(String json) {
    ToolCatalog catalog = ToolCatalog.parse(json);
    ToolCatalog again = ToolCatalog.parse(catalog.toJson());

    assertThat(again.toJson()).isEqualTo(catalog.toJson());
    assertThat(again.digest()).isEqualTo(catalog.digest());
    assertThat(CanonicalJson.of(catalog.toJson())).isEqualTo(catalog.toJson());
    assertThat(catalog.digest())
        .isEqualTo(
            HexFormat.of()
                .formatHex(Digests.sha256(catalog.toJson().getBytes(StandardCharsets.UTF_8))));
  }

  /** The digest stands in records and names the meaning of calls: it must never drift. */
  @Test
  void digest_knownCatalog_isWhatItWas() {
    ToolCatalog catalog =
        ToolCatalog.parse(
            tool("\"operation\":\"read\",\"arguments\":{\"a\":{\"type\":\"any\",\"list\":false}}"));

    assertThat(catalog.toJson())
        .isEqualTo(
            "{\"audience\":\"svc:x\",\"format\":\"taper/1 catalog\",\"tools\":{\"t\":"
                + "{\"arguments\":{\"a\":{\"type\":\"any\"}},\"operation\":\"read\"}}}");
    // printf '%s' "$json" | sha256sum
    assertThat(catalog.digest())
        .isEqualTo("d8e75cbf20c64b2a20d8ca98aa7d828b9e72df70e8e915ea7f8fc53c4ac75e24");
  }

  @Test
  void digest_orderOfMembersAndWhiteSpace_isIgnored() {
    String one =
        "{\"audience\":\"svc:x\",\"tools\":{\"b\":{},\"a\":{\"operation\":\"read\"}},"
            + "\"format\":\"taper/1 catalog\"}";
    String other =
        " {\"format\" : \"taper/1 catalog\",\n\"tools\":{\"a\":{\"operation\":\"r\\u0065ad\"},"
            + "\"b\":{\"arguments\":{}}}, \"audience\":\"svc:x\"}\n";

    assertThat(ToolCatalog.parse(one).digest()).isEqualTo(ToolCatalog.parse(other).digest());
  }

  /** Whatever a catalog says has its part in the digest. */
  @Test
  void digest_anythingChanged_isAnother() {
    List<String> digests = new ArrayList<>();
    for (String json :
        List.of(
            tool(""),
            tool("\"operation\":\"read\""),
            tool("\"operation\":\"write\""),
            tool("\"resource\":\"r\""),
            tool("\"definition\":\"" + "0".repeat(64) + "\""),
            tool("\"mcp\":{\"method\":\"tools/call\",\"name\":\"a\"}"),
            tool("\"mcp\":{\"method\":\"tools/call\",\"name\":\"b\"}"),
            tool("\"mcp\":{\"method\":\"x\"}"),
            argument("\"type\":\"any\""),
            argument("\"type\":\"any\",\"opaque\":true"),
            argument("\"type\":\"string\""),
            argument("\"type\":\"string\",\"nullable\":true"),
            argument("\"type\":\"string\",\"required\":true"),
            argument("\"type\":\"string\",\"is\":\"url\""),
            argument("\"type\":\"string\",\"is\":\"text\""),
            argument("\"type\":\"number\""),
            argument("\"type\":\"number\",\"unit\":\"EUR\""),
            argument("\"type\":\"number\",\"unit\":\"CHF\""),
            argument("\"type\":\"array\""),
            argument("\"type\":\"array\",\"list\":true"),
            argument("\"dropped\":true"),
            argument("\"dropped\":true,\"type\":\"string\""),
            httpTool("/a", ""),
            httpTool("/b", ""),
            httpTool("/a", "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"a\"}}"),
            httpTool("/a", "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"b\"}}"),
            httpTool("/a", "\"arguments\":{\"a\":{\"type\":\"any\",\"opaque\":true}}"),
            httpTool(
                "/a",
                "\"arguments\":{\"a\":{\"type\":\"any\",\"opaque\":true}},"
                    + "\"content\":{\"argument\":\"a\"}"),
            tool("").replace("svc:x", "svc:y"),
            tool("").replace("\"t\"", "\"u\""),
            catalog("\"tools\":{},\"origins\":[{\"origin\":\"https://x.example\"}]"),
            catalog(
                "\"tools\":{},\"origins\":[{\"origin\":\"https://x.example\",\"prefix\":\"/a\"}]"),
            catalog("\"tools\":{}"))) {
      digests.add(ToolCatalog.parse(json).digest());
    }
    assertThat(digests).doesNotHaveDuplicates();
  }

  private static String argument(String members) {
    return tool("\"arguments\":{\"a\":{" + members + "}}");
  }

  @Test
  void build_samePartsInAnyOrder_isTheParsedCatalog() {
    ToolCatalog parsed = Catalogs.http();
    List<CatalogTool> tools = new ArrayList<>(parsed.tools().values());
    Collections.shuffle(tools, new Random(1));
    ToolCatalog.Builder builder = ToolCatalog.of("svc:jira");
    parsed.origins().forEach(builder::origin);
    tools.forEach(builder::tool);

    assertThat(builder.build().digest()).isEqualTo(parsed.digest());
  }

  @Test
  void tools_parsedCatalog_haveWhatTheFileSays() {
    ToolCatalog catalog = Catalogs.http();
    CatalogTool create = named(catalog, "issue.create");
    CatalogTool.Argument amount = argument(create, "amount");

    assertThat(catalog.audience()).isEqualTo("svc:jira");
    assertThat(catalog.tools())
        .containsOnlyKeys("issue.search", "issue.mine", "issue.create", "issue.attach");
    assertThat(create.form()).isEqualTo(SentCall.Form.HTTP);
    assertThat(create.operation()).isEqualTo("write");
    assertThat(amount.type()).isEqualTo(ArgumentType.of(Kind.NUMBER).in("EUR"));
    assertThat(argument(create, "link").type()).isEqualTo(ArgumentType.of(Reading.URL));
    assertThat(named(Catalogs.mcp(), "clock.now").form()).isEqualTo(SentCall.Form.TOOL);
    assertThat(named(Catalogs.mcp(), "files.read").form()).isEqualTo(SentCall.Form.MCP);
    assertThat(catalog).hasToString("ToolCatalog(svc:jira, 4 tools)");
  }

  static Stream<Arguments> wrong() {
    String args =
        "\"arguments\":{\"a\":{\"type\":\"string\"},\"n\":{\"type\":\"array\"},"
            + "\"d\":{\"dropped\":true},\"o\":{\"type\":\"any\",\"opaque\":true}}";
    String mcp = "\"mcp\":{\"method\":\"tools/call\",\"name\":\"x\"}";
    return Stream.of(
        // The document
        Arguments.of("", "the catalog is not a JSON object"),
        Arguments.of("[]", "the catalog is not a JSON object"),
        Arguments.of("{", "the catalog is not JSON"),
        Arguments.of("{} {}", "the catalog has something behind its end"),
        Arguments.of("{}", "the catalog has no member format"),
        Arguments.of("{\"format\":1}", "the catalog.format is not a string"),
        Arguments.of("{\"format\":\"taper/2 catalog\"}", "the catalog is of another format"),
        Arguments.of("{\"format\":\"taper/1 catalog\"}", "the catalog has no member audience"),
        Arguments.of(catalog("\"x\":1,\"tools\":{}"), "the catalog has the member x"),
        Arguments.of(catalog("\"tools\":{},\"tools\":{}"), "the catalog is not JSON"),
        Arguments.of(catalog("\"tools\":null"), "the catalog.tools is not a JSON object"),
        Arguments.of(catalog("\"origins\":[]"), "the catalog has no member tools"),
        Arguments.of(catalog("\"tools\":{\"\\ud800\":{}}"), "the catalog"),
        Arguments.of(
            catalog("\"tools\":{\"t\":{\"operation\":\"\\udc00\"}}"),
            "the catalog: a string of the JSON"),
        Arguments.of(
            tool("").replace("svc:x", " "), "the catalog.audience: the audience has a space"),
        Arguments.of(
            "{\"format\":\"taper/1 catalog\",\"x\":" + "[".repeat(40) + "]".repeat(40) + "}",
            "the catalog is not JSON, is too large"),
        Arguments.of("\"" + "x".repeat(1 << 20) + "\"", "the catalog is not a JSON object"),
        // Origins
        Arguments.of(catalog("\"origins\":{},\"tools\":{}"), "the catalog.origins is not an array"),
        Arguments.of(
            catalog("\"origins\":null,\"tools\":{}"), "the catalog.origins is not an array"),
        Arguments.of(
            catalog("\"origins\":[1],\"tools\":{}"), "the catalog.origins[0] is not a JSON object"),
        Arguments.of(origins("{}"), "the catalog.origins[0] has no member origin"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\",\"y\":1}"),
            "the catalog.origins[0] has the member y"),
        Arguments.of(
            origins("{\"origin\":\"https://X.example\"}"),
            "the catalog.origins[0]: the origin is not spelled https://x.example"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example/\"}"),
            "the catalog.origins[0]: the origin has"),
        Arguments.of(
            origins("{\"origin\":\"ftp://x.example\"}"),
            "the catalog.origins[0]: the origin has another scheme"),
        Arguments.of(
            origins("{\"origin\":\"https://x.{t}.example\"}"),
            "the catalog.origins[0]: in an origin braces"),
        Arguments.of(
            origins("{\"origin\":\"https://{t}\"}"), "the catalog.origins[0]: in an origin braces"),
        Arguments.of(
            origins("{\"origin\":\"https://a{t}.example\"}"),
            "the catalog.origins[0]: in an origin braces"),
        Arguments.of(
            origins("{\"origin\":\"https://{t}.EXAMPLE\"}"),
            "the catalog.origins[0]: the origin is not spelled"),
        Arguments.of(
            origins("{\"origin\":\"https://{t}.example.com:443\"}"),
            "the catalog.origins[0]: the origin is not spelled"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\",\"prefix\":\"a\"}"),
            "the catalog.origins[0]: a prefix of paths starts"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\",\"prefix\":\"/a/\"}"),
            "the catalog.origins[0]: a prefix of paths starts"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\",\"prefix\":\"/a/../b\"}"),
            "the catalog.origins[0]: the path has a segment of dots"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\",\"prefix\":\"/a?b\"}"),
            "the catalog.origins[0]: a prefix of paths has no query"),
        Arguments.of(
            origins("{\"origin\":\"https://x.example\"},{\"origin\":\"https://x.example\"}"),
            "origin https://x.example is there twice"),
        // Tools
        Arguments.of(catalog("\"tools\":{\"t\":1}"), "the catalog.tools.t is not a JSON object"),
        Arguments.of(catalog("\"tools\":{\"t\":null}"), "the catalog.tools.t is not a JSON object"),
        Arguments.of(catalog("\"tools\":{\"a b\":{}}"), "tool a b is not what it must be"),
        Arguments.of(catalog("\"tools\":{\"a\\u202eb\":{}}"), "tool a\\u{202e}b is not"),
        Arguments.of(tool("\"x\":1"), "the catalog.tools.t has the member x"),
        Arguments.of(tool("\"a\\u202eb\":1"), "the catalog.tools.t has the member a\\u{202e}b"),
        Arguments.of(tool("\"operation\":null"), "the catalog.tools.t.operation is not a string"),
        Arguments.of(tool("\"operation\":1"), "the catalog.tools.t.operation is not a string"),
        Arguments.of(tool("\"operation\":\"a b\""), "tool t is not what it must be: the operation"),
        Arguments.of(tool("\"definition\":\"00\""), "tool t has a definition that is no SHA-256"),
        Arguments.of(
            tool("\"definition\":\"" + "A".repeat(64) + "\""),
            "tool t has a definition that is no SHA-256"),
        // Arguments
        Arguments.of(tool("\"arguments\":[]"), "the catalog.tools.t.arguments is not a JSON"),
        Arguments.of(tool("\"arguments\":{\"a\":1}"), "the catalog.tools.t.arguments.a is not"),
        Arguments.of(argument(""), "the catalog.tools.t.arguments.a has no member type"),
        Arguments.of(
            argument("\"type\":\"int\""), "the catalog.tools.t.arguments.a.type is none of string"),
        Arguments.of(
            argument("\"type\":\"string\",\"is\":\"uri\""),
            "the catalog.tools.t.arguments.a.is is none of plain, url"),
        Arguments.of(
            argument("\"type\":\"string\",\"x\":1"),
            "the catalog.tools.t.arguments.a has the member x"),
        Arguments.of(
            argument("\"type\":\"string\",\"required\":1"),
            "the catalog.tools.t.arguments.a.required is not true or false"),
        Arguments.of(
            argument("\"type\":\"string\",\"required\":null"),
            "the catalog.tools.t.arguments.a.required is not true or false"),
        Arguments.of(
            argument("\"type\":\"integer\",\"is\":\"url\""),
            "the catalog.tools.t.arguments.a: only a string, or one in an array, can be a url"),
        Arguments.of(
            argument("\"type\":\"string\",\"is\":\"url\",\"opaque\":true"),
            "the catalog.tools.t.arguments.a: a number, true, false, a URL"),
        Arguments.of(
            argument("\"type\":\"string\",\"unit\":\"EUR\""),
            "the catalog.tools.t.arguments.a: only a number can have a unit"),
        Arguments.of(
            argument("\"type\":\"string\",\"list\":true"),
            "the catalog.tools.t.arguments.a: a list is an array"),
        Arguments.of(
            argument("\"dropped\":true,\"required\":true"),
            "the catalog.tools.t.arguments.a: what is dropped"),
        Arguments.of(
            argument("\"type\":\"string\",\"field\":\"a b\""),
            "the catalog.tools.t.arguments.a: there is no such header field"),
        Arguments.of(
            argument("\"type\":\"string\",\"field\":\"X-HTTP-Method-Override\""),
            "the catalog.tools.t.arguments.a: no argument is sent in x-http-method-override"),
        Arguments.of(
            "{\"format\":\"taper/1 catalog\",\"audience\":\"svc:x\",\"origins\":[{\"origin\":"
                + "\"https://x.example\"}],\"tools\":{\"t\":{\"http\":{\"method\":\"GET\",\"path\":\"/\"},"
                + "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"x-y\"},"
                + "\"b\":{\"type\":\"string\",\"field\":\"X_Y\"}}}}}",
            "tool t.arguments.b shares its header field"),
        Arguments.of(
            argument("\"type\":\"string\",\"field\":\"a\""),
            "tool t.arguments.a shares its header field, or has no HTTP route"),
        Arguments.of(
            argument("\"type\":\"string\"").replace("\"a\":", "\"a \":"),
            "tool t is not what it must be: the name of an argument has a space"),
        Arguments.of(
            tool("\"arguments\":{" + manyArguments(257) + "}"),
            "tool t has more than 256 arguments"),
        // Resources
        Arguments.of(
            tool("\"resource\":\"r/{b}\"," + args),
            "tool t.resource names an argument that the tool does not have: \"b\""),
        Arguments.of(
            tool("\"resource\":\"r/{d}\"," + args),
            "tool t.resource names an argument that the tool does not have: \"d\""),
        Arguments.of(tool("\"resource\":\"r/{n}\"," + args), "tool t.resource \"n\" is no text"),
        Arguments.of(tool("\"resource\":\"r/{a\"," + args), "tool t.resource has a brace without"),
        Arguments.of(tool("\"resource\":\"r/a}\"," + args), "tool t.resource has a brace that"),
        Arguments.of(
            tool("\"resource\":\"../{a}\"," + args), "tool t.resource is the name of no resource"),
        // HTTP
        Arguments.of(
            tool("\"http\":{\"method\":\"GET\",\"path\":\"/\"}"),
            "tool t is called over HTTP, and the catalog names no origin"),
        Arguments.of(httpTool("/", mcp), "tool t is called over HTTP or MCP, not over both"),
        Arguments.of(
            httpTool("a", ""), "the catalog.tools.t.http: the request's target does not start"),
        Arguments.of(
            httpTool("", ""), "the catalog.tools.t.http: the request's target does not start"),
        Arguments.of(httpTool("/a?b", ""), "the catalog.tools.t.http: a route has no query"),
        Arguments.of(httpTool("/a#b", ""), "the catalog.tools.t.http: the request's target holds"),
        Arguments.of(httpTool("/\u00e9", ""), "the catalog.tools.t.http: the request's target"),
        Arguments.of(httpTool("//a", ""), "the catalog.tools.t.http: the path has an empty"),
        Arguments.of(httpTool("/a/../b", ""), "the catalog.tools.t.http: the path has a segment"),
        Arguments.of(httpTool("/a%2Fb", ""), "the catalog.tools.t.http: the path escapes"),
        Arguments.of(httpTool("/x{a}", args), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(httpTool("/{a}{a}", args), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(httpTool("/{}", args), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(httpTool("/{", args), "the catalog.tools.t.http: in a route braces"),
        Arguments.of(
            httpTool("/", "").replace("GET", "get"),
            "the catalog.tools.t.http: the request's method is not a word of capital"),
        Arguments.of(
            httpTool("/{b}", args), "tool t.http names an argument that the tool does not have"),
        Arguments.of(
            httpTool("/{d}", args), "tool t.http names an argument that the tool does not have"),
        Arguments.of(httpTool("/{n}", args), "tool t.http \"n\" is no text"),
        Arguments.of(httpTool("/{a}/{a}", args), "tool t.http \"a\" is named in another place"),
        Arguments.of(
            httpTool("/{a}", "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"a\"}}"),
            "tool t.arguments.a \"a\" is named in another place"),
        Arguments.of(
            httpTool(
                "/",
                "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"f\"},"
                    + "\"b\":{\"type\":\"string\",\"field\":\"F\"}}"),
            "tool t.arguments.b shares its header field"),
        Arguments.of(
            httpTool(
                "/", "\"arguments\":{\"a\":{\"type\":\"array\",\"list\":true,\"field\":\"f\"}}"),
            "the catalog.tools.t.arguments.a: a list is sent in a query"),
        Arguments.of(
            httpTool("/", "\"arguments\":{\"a\":{\"type\":\"object\",\"field\":\"f\"}}"),
            "tool t.arguments.a \"a\" is no text"),
        Arguments.of(
            httpTool("/", "\"arguments\":{\"_method\":{\"type\":\"string\"}}"),
            "tool t has an argument that changes the method"),
        Arguments.of(
            httpTool("/", args + ",\"content\":{\"argument\":\"a\"}"), "tool t.content names an"),
        Arguments.of(
            httpTool("/", args + ",\"content\":{\"argument\":\"b\"}"),
            "tool t.content names an argument that the tool does not have"),
        Arguments.of(
            httpTool("/{o}", args + ",\"content\":{\"argument\":\"o\"}"),
            "tool t.content names an"),
        Arguments.of(tool(args + ",\"content\":{\"argument\":\"o\"}"), "tool t.content names an"),
        Arguments.of(
            httpTool("/", "").replace("https://x.example", "https://{who}.x.example"),
            "tool t (origins) names an argument that the tool does not have: \"who\""),
        Arguments.of(
            httpTool("/{a}", args).replace("https://x.example", "https://{a}.x.example"),
            "tool t (origins) \"a\" is named in another place"),
        // MCP
        Arguments.of(
            tool("\"mcp\":{\"method\":\"tools/call\"}"),
            "the catalog.tools.t.mcp: the name of a tool belongs to tools/call"),
        Arguments.of(
            tool("\"mcp\":{\"method\":\"resources/read\",\"name\":\"x\"}"),
            "the catalog.tools.t.mcp: the name of a tool belongs to tools/call"),
        Arguments.of(
            tool("\"mcp\":{\"method\":\"\"}"),
            "the catalog.tools.t.mcp: the method of the message"),
        Arguments.of(
            tool("\"mcp\":{\"name\":\"x\"}"), "the catalog.tools.t.mcp has no member method"),
        // Two tools called alike
        Arguments.of(
            catalog("\"tools\":{\"t\":{" + mcp + "},\"u\":{" + mcp + "}}"),
            "tool u is called in the same way as t"),
        Arguments.of(
            catalog(
                "\"tools\":{\"t\":{\"mcp\":{\"method\":\"x\"}},\"u\":{\"mcp\":{\"method\":\"x\"}}}"),
            "tool u is called in the same way as t"),
        Arguments.of(
            httpTool("/{a}/x", args)
                .replace(
                    "\"tools\":{",
                    "\"tools\":{\"s\":{\"http\":{\"method\":\"GET\",\"path\":\"/{o}/x\"},"
                        + args
                        + "},"),
            "tool t is called in the same way as s"));
  }

  private static String origins(String members) {
    return catalog("\"tools\":{},\"origins\":[" + members + "]");
  }

  private static String manyArguments(int count) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arguments.add("\"a" + i + "\":{\"type\":\"any\"}");
    }
    return String.join(",", arguments);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void parse_wrongCatalog_isRefusedWithThePlace(String json, String message) {
    Refused.with(ErrorCode.INVALID_CATALOG, () -> ToolCatalog.parse(json));
    assertThatThrownBy(() -> ToolCatalog.parse(json)).hasMessageStartingWith(message);
  }

  @Test
  void tool_sameNameOrTooMany_isRefused() {
    ToolCatalog.Builder catalog = ToolCatalog.of("svc:x").tool(CatalogTool.of("t"));
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog.tool(CatalogTool.of("t")));
    for (int i = 1; i < ToolCatalog.MAX_TOOLS; i++) {
      catalog.tool(CatalogTool.of("t" + i));
    }
    assertThat(catalog.build().tools()).hasSize(ToolCatalog.MAX_TOOLS);
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog.tool(CatalogTool.of("u")));
  }

  @Test
  void origin_tooMany_isRefused() {
    ToolCatalog.Builder catalog = ToolCatalog.of("svc:x");
    for (int i = 0; i < ToolCatalog.MAX_ORIGINS; i++) {
      catalog.origin("https://h" + i + ".example");
    }
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog.origin("https://more.example"));
  }

  /** What is built can be read, too. */
  @Test
  void build_largerThanAFileMayBe_isRefused() {
    ToolCatalog.Builder catalog = ToolCatalog.of("svc:x");
    for (int i = 0; i < ToolCatalog.MAX_TOOLS; i++) {
      catalog.tool(CatalogTool.of("t" + i).resource("r/" + "x".repeat(1000)));
    }
    Refused.with(ErrorCode.INVALID_CATALOG, catalog::build);
  }

  @Test
  void of_otherAudience_isRefused() {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCatalog.of(""));
  }

  // A tool with its arguments: form 1

  @Test
  void call_toolAndArguments_meansWhatTheCatalogSays() {
    ToolCatalog catalog = Catalogs.mcp();

    ToolCall call = catalog.call("clock.now", "{\"zone\": \"CET\"}");

    assertThat(call.toJson())
        .isEqualTo("{\"args\":{\"zone\":\"CET\"},\"operation\":\"read\",\"tool\":\"clock.now\"}");
    assertThat(call.catalogDigest()).isEqualTo(catalog.digest());
    assertThat(call.sent().form()).isEqualTo(SentCall.Form.TOOL);
    assertThat(((SentTool) call.sent()).statesMeaning()).isFalse();
    assertThat(catalog.call("clock.now", "{}").arguments().names()).isEmpty();
  }

  /** The caller does not say what its call means: not even if it says what the catalog says. */
  @Test
  void call_meaningStatedByTheCaller_isRefused() {
    ToolCatalog catalog = Catalogs.mcp();
    ToolCall read = ToolCall.of("clock.now").operation("read");
    ToolCall on = ToolCall.of("clock.now").on("r");

    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(read.sent()));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(on.sent()));
    assertThat(catalog.call(ToolCall.of("clock.now").sent()).operation()).isEqualTo("read");
  }

  @Test
  void call_toolOfAnotherForm_isUnknown() {
    Refused.with(ErrorCode.UNKNOWN_TOOL, () -> Catalogs.mcp().call("files.write", "{}"));
    Refused.with(ErrorCode.UNKNOWN_TOOL, () -> Catalogs.http().call("issue.mine", "{}"));
    Refused.with(ErrorCode.UNKNOWN_TOOL, () -> Catalogs.mcp().call("clock.later", "{}"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> Catalogs.mcp().call("clock now", "{}"));
  }

  @Test
  void call_otherArguments_areRefused() {
    ToolCatalog catalog = Catalogs.mcp();
    Refused.with(ErrorCode.UNKNOWN_ARGUMENT, () -> catalog.call("clock.now", "{\"Zone\":\"a\"}"));
    Refused.with(ErrorCode.INVALID_ARGUMENT_TYPE, () -> catalog.call("clock.now", "{\"zone\":1}"));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_TYPE, () -> catalog.call("clock.now", "{\"zone\":null}"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call("clock.now", "[]"));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> catalog.call("clock.now", "{\"zone\":\"a\",\"zone\":\"b\"}"));
  }

  /** Types of JSON, for each kind that a catalog can name. */
  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of("string", "\"x\"", true),
        Arguments.of("string", "1", false),
        Arguments.of("string", "null", false),
        Arguments.of("integer", "5", true),
        Arguments.of("integer", "5.0", true),
        Arguments.of("integer", "1e30", true),
        Arguments.of("integer", "5.5", false),
        Arguments.of("integer", "\"5\"", false),
        Arguments.of("number", "5", true),
        Arguments.of("number", "5.5", true),
        Arguments.of("number", "true", false),
        Arguments.of("boolean", "true", true),
        Arguments.of("boolean", "\"true\"", false),
        Arguments.of("boolean", "0", false),
        Arguments.of("array", "[1,\"a\"]", true),
        Arguments.of("array", "{}", false),
        Arguments.of("object", "{\"a\":[]}", true),
        Arguments.of("object", "[]", false),
        Arguments.of("any", "null", true),
        Arguments.of("any", "[]", true),
        Arguments.of("string\",\"nullable\":true,\"is\":\"plain", "null", true),
        Arguments.of("string\",\"nullable\":true,\"is\":\"plain", "1", false),
        Arguments.of("array\",\"nullable\":true,\"is\":\"plain", "null", true));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("types")
  void call_valueOfAType_isTakenIfItIsOfIt(String type, String value, boolean taken) {
    ToolCatalog catalog = ToolCatalog.parse(argument("\"type\":\"" + type + "\""));
    String arguments = "{\"a\":" + value + "}";

    if (taken) {
      assertThat(catalog.call("t", arguments).arguments().json("a"))
          .isEqualTo(CanonicalJson.of(value));
    } else {
      Refused.with(ErrorCode.INVALID_ARGUMENT_TYPE, () -> catalog.call("t", arguments));
      assertThatThrownBy(() -> catalog.call("t", arguments))
          .hasMessage(
              "argument \"a\" is not of the type that the service's catalog names: "
                  + type.replaceFirst("\",\"nullable.*", " or null"));
    }
  }

  @Test
  void call_sixtyFiveArguments_isRefused() {
    ToolCatalog catalog = ToolCatalog.parse(tool("\"arguments\":{" + manyArguments(70) + "}"));
    assertThat(catalog.call("t", values(64)).arguments().names()).hasSize(64);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call("t", values(65)));
  }

  private static String values(int count) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add("\"a" + i + "\":" + i);
    }
    return "{" + String.join(",", values) + "}";
  }

  @Test
  void call_unitOfTheCatalog_isThere() {
    ToolCatalog catalog = ToolCatalog.parse(argument("\"type\":\"number\",\"unit\":\"EUR\""));

    assertThat(catalog.call("t", "{\"a\":1}").arguments().unit("a")).isEqualTo("EUR");
  }

  @Test
  void call_droppedArgument_reachesNobody() {
    ToolCatalog catalog =
        ToolCatalog.parse(
            tool("\"arguments\":{\"a\":{\"type\":\"any\"},\"d\":{\"dropped\":true}}"));

    ToolCall call = catalog.call("t", "{\"a\":1,\"d\":{\"x\":[1e-7]}}");

    assertThat(call.toJson()).isEqualTo("{\"args\":{\"a\":1},\"tool\":\"t\"}");
    assertThat(((SentTool) call.sent()).arguments()).contains("1e-7"); // it was signed, though
  }

  private static CatalogTool named(ToolCatalog catalog, String name) {
    return Objects.requireNonNull(catalog.tools().get(name));
  }

  private static CatalogTool.Argument argument(CatalogTool tool, String name) {
    return Objects.requireNonNull(tool.arguments().get(name));
  }
}
