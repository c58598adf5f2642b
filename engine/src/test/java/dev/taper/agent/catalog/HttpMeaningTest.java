package dev.taper.agent.catalog;

import static dev.taper.agent.catalog.Catalogs.ORIGIN;
import static dev.taper.agent.catalog.Catalogs.get;
import static dev.taper.agent.catalog.Catalogs.httpTool;
import static dev.taper.agent.catalog.Catalogs.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP requests mean, and what none may have. */
class HttpMeaningTest {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ToolCatalog catalog = Catalogs.http();

  private static String arguments(ToolCall call) {
    return call.arguments().toJson().replace("\"tenant\":\"acme\"", "T");
  }

  // Path and query

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?                                | {"project":"Q3",T}
          ?limit=5                         | {"limit":5,"project":"Q3",T}
          ?limit=-5                        | {"limit":-5,"project":"Q3",T}
          ?limit=5.0                       | {"limit":5,"project":"Q3",T}
          ?limit=5e0                       | {"limit":5,"project":"Q3",T}
          ?limit=%35                       | {"limit":5,"project":"Q3",T}
          ?%6Cimit=5                       | {"limit":5,"project":"Q3",T}
          ?ratio=0.50                      | {"project":"Q3","ratio":0.5,T}
          ?ratio=-0                        | {"project":"Q3","ratio":0,T}
          ?deep=true                       | {"deep":true,"project":"Q3",T}
          ?any=5                           | {"any":"5","project":"Q3",T}
          ?any=null                        | {"any":"null","project":"Q3",T}
          ?query=                          | {"project":"Q3","query":"",T}
          ?query                           | {"project":"Q3","query":"",T}
          ?query=a+b%20c%2Bd               | {"project":"Q3","query":"a b c+d",T}
          ?query=a=b                       | {"project":"Q3","query":"a=b",T}
          ?query=a;limit=5                 | {"project":"Q3","query":"a;limit=5",T}
          ?query=%26limit%3D5              | {"project":"Q3","query":"&limit=5",T}
          ?query=%C3%A9                    | {"project":"Q3","query":"é",T}
          ?query=%c3%a9                    | {"project":"Q3","query":"é",T}
          ?query={1}                       | {"project":"Q3","query":"{1}",T}
          ?tags=a                          | {"project":"Q3","tags":["a"],T}
          ?tags=a&tags=b&tags=a            | {"project":"Q3","tags":["a","b","a"],T}
          ?tags=a&limit=1&tags=            | {"limit":1,"project":"Q3","tags":["a",""],T}
          ?trace=x&trace=y                 | {"project":"Q3",T}
          """)
  void call_query_isTypedByTheCatalog(String query, String expected) {
    ToolCall call = catalog.call(get("/projects/Q3/issues" + query));

    assertThat(arguments(call)).isEqualTo(expected);
    assertThat(call.tool()).isEqualTo("issue.search");
    assertThat(call.operation()).isEqualTo("read");
    assertThat(call.resource()).isEqualTo("jira:project/Q3");
    assertThat(call.catalogDigest()).isEqualTo(catalog.digest());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=05, INVALID_ARGUMENT_TYPE",
    "limit=-, INVALID_ARGUMENT_TYPE",
    "limit=+5, INVALID_ARGUMENT_TYPE", // a space and 5
    "limit=%2B5, INVALID_ARGUMENT_TYPE",
    "limit=%205, INVALID_ARGUMENT_TYPE",
    "limit=5%20, INVALID_ARGUMENT_TYPE",
    "limit=5%00, INVALID_ARGUMENT_TYPE",
    "limit=, INVALID_ARGUMENT_TYPE",
    "limit, INVALID_ARGUMENT_TYPE",
    "limit=5.5, INVALID_ARGUMENT_TYPE",
    "limit=0x5, INVALID_ARGUMENT_TYPE",
    "limit=5f, INVALID_ARGUMENT_TYPE",
    "limit=%D9%A5, INVALID_ARGUMENT_TYPE", // an Arabic five
    "limit=NaN, INVALID_ARGUMENT_TYPE",
    "limit=null, INVALID_ARGUMENT_TYPE",
    "limit=[5], INVALID_ARGUMENT_TYPE",
    "ratio=.5, INVALID_ARGUMENT_TYPE",
    "ratio=5., INVALID_ARGUMENT_TYPE",
    "ratio=1e1000, INVALID_ARGUMENT_VALUE",
    "deep=True, INVALID_ARGUMENT_TYPE",
    "deep=1, INVALID_ARGUMENT_TYPE",
    "deep=, INVALID_ARGUMENT_TYPE",
    "limit=5&limit=6, INVALID_REQUEST",
    "limit=5&limit=5, INVALID_REQUEST",
    "limit=5&%6Cimit=5, INVALID_REQUEST",
    "Limit=5, UNKNOWN_ARGUMENT",
    "limit[]=5, UNKNOWN_ARGUMENT",
    "tags[]=a, UNKNOWN_ARGUMENT",
    "unknown=1, UNKNOWN_ARGUMENT",
    "_method=DELETE, UNKNOWN_ARGUMENT",
    "limit%00=5, UNKNOWN_ARGUMENT",
    "limit=5&, INVALID_REQUEST",
    "&limit=5, INVALID_REQUEST",
    "limit=5&&query=a, INVALID_REQUEST",
    "=5, INVALID_REQUEST",
    "limit=5?query=a, INVALID_ARGUMENT_TYPE",
    "?limit=5, UNKNOWN_ARGUMENT",
    "query=%, INVALID_REQUEST",
    "query=%4, INVALID_REQUEST",
    "query=%zz, INVALID_REQUEST",
    "query=%u0041, INVALID_REQUEST",
    "query=%ff, INVALID_REQUEST",
    "query=%C3, INVALID_REQUEST",
    "query=%C0%AF, INVALID_REQUEST", // an overlong slash
    "query=%ED%A0%80, INVALID_REQUEST", // half a surrogate pair
    "query=%00, INVALID_ARGUMENT_VALUE",
    "query=e%CC%81, INVALID_ARGUMENT_VALUE", // not NFC
    "query=%2Fa%2F..%2Fb, AMBIGUOUS_PATH",
    "query=http:%2F%2F2130706433%2F, AMBIGUOUS_URL",
    // What the catalog places elsewhere:
    "project=Q3, INVALID_REQUEST",
    "project=other, INVALID_REQUEST",
    "tenant=acme, INVALID_REQUEST",
    "tenant=evil, INVALID_REQUEST",
    "priority=high, INVALID_REQUEST",
  })
  void call_otherQuery_isRefused(String query, ErrorCode code) {
    Refused.with(code, () -> catalog.call(get("/projects/Q3/issues?" + query)));
  }

  // Header fields

  @Test
  void call_fieldOfTheCatalog_isAnArgument() {
    SentHttp sent = get("/projects/Q3/issues").field("X-PRIORITY", "high, low");

    assertThat(catalog.call(sent).arguments().string("priority")).isEqualTo("high, low");
    assertThat(catalog.fields(get("/projects/Q3/issues"))).containsExactly("x-priority");
    assertThat(catalog.fields(get("/projects/mine/issues"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Other",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "limit"
      })
  void call_otherField_isRefused(String field) {
    Refused.with(
        ErrorCode.UNKNOWN_ARGUMENT,
        () -> catalog.call(get("/projects/Q3/issues").field(field, "DELETE")));
  }

  @Test
  void overridesMethod_fieldsThatFrameworksKnow_areNamed() {
    for (String field :
        new String[] {
          "X-HTTP-Method-Override", "x-http-method", "X-METHOD-OVERRIDE", "X_HTTP_METHOD"
        }) {
      assertThat(HttpRules.overridesMethod(field)).isTrue();
    }
    assertThat(HttpRules.overridesMethod("X-Priority")).isFalse();
  }

  @Test
  void hasFields_isTrueIfAnyToolHasOne() {
    assertThat(catalog.hasFields()).isTrue();
    ToolCatalog without =
        ToolCatalog.of("svc:jira").tool(CatalogTool.of("jira.status").operation("read")).build();
    assertThat(without.hasFields()).isFalse();
  }

  /** It stands for what is not UTF-8, and can be sent as itself. */
  @Test
  void call_replacementCharacter_isOneLikeOthers() {
    assertThat(arguments(catalog.call(post("/issues?list=a", FORM, "title=%EF%BF%BD"))))
        .contains("\"title\":\"\ufffd\"");
  }

  @Test
  void fields_requestOfNoTool_isRefused() {
    Refused.with(ErrorCode.UNKNOWN_TOOL, () -> catalog.fields(get("/nothing")));
  }

  // JSON and forms

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "application/json ; charset=UTF-8",
        "application/vnd.api+json"
      })
  void call_json_isArguments(String contentType) {
    ToolCall call =
        catalog.call(
            post(
                "/issues?list=a&list=b",
                contentType,
                "{\"title\": \"x\", \"amount\": 1.50, \"due\": null, \"map\": {\"b\": 1, \"a\": 2}}"));

    assertThat(arguments(call))
        .isEqualTo(
            "{\"amount\":1.5,\"due\":null,\"list\":[\"a\",\"b\"],\"map\":{\"a\":2,\"b\":1},"
                + "T,\"title\":\"x\"}");
    assertThat(call.arguments().unit("amount")).isEqualTo("EUR");
  }

  @Test
  void call_form_isArgumentsToo() {
    ToolCall call =
        catalog.call(
            post(
                "/issues?id=1", FORM, "title=a+b%26c&list=x&list=y&amount=1.50&link=acme.com%2Fx"));

    assertThat(arguments(call))
        .isEqualTo(
            "{\"amount\":1.5,\"id\":\"1\",\"link\":\"acme.com/x\",\"list\":[\"x\",\"y\"],"
                + "T,\"title\":\"a b&c\"}");
    assertThat(call.facts().toDatalog())
        .contains("arg_url(\"link\", \"\", \"acme.com\", 0, \"/x\");");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # content type | content | code
          application/json | {"title":"x","other":1} | UNKNOWN_ARGUMENT
          application/json | {"title":"x","_method":"DELETE"} | UNKNOWN_ARGUMENT
          application/json | {"title":"x","tenant":"evil"} | INVALID_REQUEST
          application/json | {"title":"x","title":"y"} | INVALID_REQUEST
          application/json | {"title":"x","\\u0074itle":"y"} | INVALID_REQUEST
          application/json | {} | INVALID_REQUEST
          application/json | ["title"] | INVALID_REQUEST
          application/json | "title" | INVALID_REQUEST
          application/json | {"title":"x"} {} | INVALID_REQUEST
          application/json | {"title":"\\ud800"} | INVALID_REQUEST
          application/json | {"title":5} | INVALID_ARGUMENT_TYPE
          application/json | {"title":null} | INVALID_ARGUMENT_TYPE
          application/json | {"title":"x","amount":"1.5"} | INVALID_ARGUMENT_TYPE
          application/json | {"title":"x","list":"a"} | INVALID_ARGUMENT_TYPE
          application/json | {"title":"x","amount":1e1000} | INVALID_ARGUMENT_VALUE
          application/json | title=x | INVALID_REQUEST
          application/x-www-form-urlencoded | {"title":"x"} | UNKNOWN_ARGUMENT
          application/x-www-form-urlencoded | title=x&other=1 | UNKNOWN_ARGUMENT
          application/x-www-form-urlencoded | title=x&_method=DELETE | UNKNOWN_ARGUMENT
          application/x-www-form-urlencoded | title=x&tenant=evil | INVALID_REQUEST
          application/x-www-form-urlencoded | title=x&title=x | INVALID_REQUEST
          application/x-www-form-urlencoded | title=é | INVALID_REQUEST
          application/x-www-form-urlencoded | title=a b | INVALID_REQUEST
          application/x-www-form-urlencoded | title=%E9 | INVALID_REQUEST
          application/x-www-form-urlencoded | title=x&map=1 | INVALID_ARGUMENT_TYPE
          application/json; charset=iso-8859-1 | {"title":"x"} | INVALID_REQUEST
          application/json; charset=utf-16 | {"title":"x"} | INVALID_REQUEST
          application/json; charset=utf-8; x=1 | {"title":"x"} | INVALID_REQUEST
          application/json; | {"title":"x"} | INVALID_REQUEST
          application/x-www-form-urlencoded; charset=windows-1252 | title=x | INVALID_REQUEST
          text/plain | {"title":"x"} | INVALID_REQUEST
          text/json | {"title":"x"} | INVALID_REQUEST
          application/json, text/plain | {"title":"x"} | INVALID_REQUEST
          text/plain, application/x+json | {"title":"x"} | INVALID_REQUEST
          application/x+json+xml | {"title":"x"} | INVALID_REQUEST
          application/jsonx | {"title":"x"} | INVALID_REQUEST
          application/xml | <title>x</title> | INVALID_REQUEST
          multipart/form-data; boundary=x | --x | INVALID_REQUEST
          multipart/form-data; boundary=application/json | --x | INVALID_REQUEST
          application/octet-stream | {"title":"x"} | INVALID_REQUEST
          """)
  void call_otherContent_isRefused(String contentType, String content, ErrorCode code) {
    Refused.with(code, () -> catalog.call(post("/issues", contentType, content)));
  }

  @Test
  void call_contentWithoutATypeOrEncodedOrNotUtf8_isRefused() {
    byte[] json = "{\"title\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    SentHttp sent = SentHttp.of("POST", ORIGIN, "/jira/issues");

    assertThat(catalog.call(sent.content(JSON, json)).arguments().string("title")).isEqualTo("x");
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent.content(null, json)));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> catalog.call(sent.content(JSON, json).contentEncoding("gzip")));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> catalog.call(sent.content(JSON, json).contentEncoding("identity")));
    byte[] latin = "{\"title\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent.content(JSON, latin)));
    byte[] mark = "\ufeff{\"title\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent.content(JSON, mark)));
    byte[] wide = "{\"title\":\"x\"}".getBytes(StandardCharsets.UTF_16);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent.content(JSON, wide)));
  }

  /** Of several places, none wins. */
  @Test
  void call_sameNameInQueryAndContent_isRefused() {
    for (SentHttp sent :
        new SentHttp[] {
          post("/issues?title=x", JSON, "{\"title\":\"x\"}"),
          post("/issues?title=x", FORM, "title=x"),
          post("/issues?list=x", FORM, "title=x&list=y"),
          post("/issues?id=1&id=2", JSON, "{\"title\":\"x\"}"),
        }) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent));
    }
  }

  @Test
  void call_requiredArgumentMissing_isNamed() {
    assertThatThrownBy(() -> catalog.call(post("/issues", JSON, "{\"id\":\"1\"}")))
        .hasMessage("argument \"title\" is missing");
  }

  @Test
  void call_numberWithoutACanonicalForm_isNamed() {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        () -> catalog.call(post("/issues", JSON, "{\"map\":{\"x\":[1e1000]}}")));
    assertThatThrownBy(() -> catalog.call(post("/issues", JSON, "{\"map\":{\"x\":[1e1000]}}")))
        .hasMessageStartingWith("argument \"map\" has an exponent beyond 999");
  }

  @Test
  void call_nameThatReordersText_isShownEscaped() {
    assertThatThrownBy(() -> catalog.call(get("/projects/Q3/issues?%E2%80%AEtxt=1")))
        .hasMessageContaining("\\u{202e}txt");
    assertThatThrownBy(() -> catalog.call(post("/issues", JSON, "{\"\\u202etxt\":1}")))
        .hasMessageContaining("\\u{202e}txt");
    assertThatThrownBy(() -> catalog.call(post("/issues", JSON, "{\"a\\nb\":1}")))
        .hasMessageContaining("a\\nb");
  }

  // What arguments are taken for

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          link | "https://acme.com/x"  | arg_url("link", "https", "acme.com", 443, "/x");
          link | "acme.com:8080/x?y"   | arg_url("link", "", "acme.com", 8080, "/x");
          link | "acme.com"            | arg_url("link", "", "acme.com", 0, "/");
          link | "127.0.0.1"           | arg_host_class("link", "loopback");
          host | "acme.com"            | arg_url("host", "", "acme.com", 0, "/");
          host | "[::1]"               | arg_host_class("host", "loopback");
          file | "/data/x"             | arg_path("file", "/data/x");
          note | "/data/../x http://2" | arg("note", "/data/../x http://2");
          note | "cafe\\u0301"         | arg_opaque("note");
          note | "a\\u0000b"           | arg_opaque("note");
          map  | {"a":"cafe\\u0301"}   | arg_opaque("map");
          map  | {"a":"café"}          | arg("map", {"a": "café"});
          """)
  void call_valueOfAReading_givesItsFacts(String name, String json, String fact) {
    ToolCall call =
        catalog.call(post("/issues", JSON, "{\"title\":\"x\",\"" + name + "\":" + json + "}"));

    assertThat(call.facts().toDatalog()).contains(fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          link  | "//acme.com/x"           | AMBIGUOUS_URL
          link  | "/etc/passwd"            | AMBIGUOUS_URL
          link  | "https:acme.com"         | AMBIGUOUS_URL
          link  | "javascript:alert(1)"    | AMBIGUOUS_URL
          link  | "acme.com@evil.com"      | AMBIGUOUS_URL
          link  | " acme.com"              | AMBIGUOUS_URL
          link  | "http://2130706433/"     | AMBIGUOUS_URL
          link  | ""                       | AMBIGUOUS_URL
          host  | "acme.com:80"            | AMBIGUOUS_URL
          host  | "https://acme.com"       | AMBIGUOUS_URL
          host  | "acme.com."              | AMBIGUOUS_URL
          host  | "0x7f.1"                 | AMBIGUOUS_URL
          file  | "data/x"                 | AMBIGUOUS_PATH
          file  | "/data/../x"             | AMBIGUOUS_PATH
          file  | "C:\\\\x"                | AMBIGUOUS_PATH
          title | "/data/../x"             | AMBIGUOUS_PATH
          title | "cafe\\u0301"            | INVALID_ARGUMENT_VALUE
          link  | "https://acme.com/\\u0000" | INVALID_ARGUMENT_VALUE
          map   | {"a":1e1000}             | INVALID_ARGUMENT_VALUE
          """)
  void call_valueWithMoreReadings_isRefused(String name, String json, ErrorCode code) {
    String title = name.equals("title") ? "" : "\"title\":\"x\",";
    SentHttp sent = post("/issues", JSON, "{" + title + "\"" + name + "\":" + json + "}");

    Refused.with(code, () -> catalog.call(sent));
  }

  @Test
  void call_valueThatCannotBeStated_saysTheWayOut() {
    assertThatThrownBy(() -> catalog.call(post("/issues", JSON, "{\"title\":\"cafe\\u0301\"}")))
        .hasMessage(
            "argument \"title\" is not in Unicode normalization form C; the service's catalog can"
                + " declare that it may be opaque");
  }

  // Content of any form

  @Test
  void call_wholeContent_isOneOpaqueArgument() {
    byte[] bytes = {0, 1, 2, (byte) 0xff};
    SentHttp sent =
        SentHttp.of("PUT", ORIGIN, "/jira/issues/12/file")
            .content("multipart/form-data; boundary=x", bytes)
            .contentEncoding("gzip");

    ToolCall call = catalog.call(sent);

    assertThat(call.resource()).isEqualTo("jira:issue/12");
    assertThat(call.arguments().integer("id")).isEqualTo(12);
    assertThat(call.arguments().opaqueNames()).containsExactly("upload");
    assertThat(call.arguments().string("upload")).matches("sha256:[0-9a-f]{64}");
    assertThat(call.facts().toDatalog()).contains("arg_opaque(\"upload\");");
    assertThat(call.facts().toDatalog()).doesNotContain("sha256");
    byte[] other = {0, 1, 2, (byte) 0xfe};
    assertThat(catalog.call(sent.content("multipart/form-data; boundary=x", other)).digest())
        .isNotEqualTo(call.digest());
  }

  /** Servers mix its pairs with those of the query, and take a method from it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        FORM,
        "Application/X-WWW-Form-Urlencoded",
        FORM + "; charset=latin1",
        FORM + " ;x"
      })
  void call_wholeContentThatIsAForm_isRefused(String type) {
    SentHttp sent = SentHttp.of("PUT", ORIGIN, "/jira/issues/12/file");

    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> catalog.call(sent.content(type, "_method=DELETE".getBytes(StandardCharsets.UTF_8))));
    assertThat(catalog.call(sent.content(type, new byte[0])).arguments().has("upload")).isFalse();
  }

  /** Or an approval of one upload would be good for a text that names its digest. */
  @Test
  void call_wholeContentNamedInTheQuery_isRefused() {
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () ->
            catalog.call(
                SentHttp.of(
                    "PUT", ORIGIN, "/jira/issues/12/file?upload=sha256:" + "0".repeat(64))));
  }

  @Test
  void call_noContentWhereOneMayBe_hasNoArgument() {
    SentHttp sent = SentHttp.of("PUT", ORIGIN, "/jira/issues/12/file");

    assertThat(catalog.call(sent).arguments().names()).containsExactly("id", "tenant");
    ToolCatalog strict =
        ToolCatalog.parse(
            httpTool(
                "/",
                "\"content\":{\"argument\":\"o\"},\"arguments\":"
                    + "{\"o\":{\"type\":\"any\",\"opaque\":true,\"required\":true}}"));
    Refused.with(
        ErrorCode.INVALID_REQUEST, () -> strict.call(SentHttp.of("GET", "https://x.example", "/")));
  }

  // Work

  /** All of it is refused before it is taken apart. */
  @Test
  void call_contentLargerThanACall_isRefused() {
    String title = "{\"title\":\"" + "x".repeat(ToolCall.MAX_BYTES) + "\"}";
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(post("/issues", JSON, title)));
    String spaced = "{\"title\":\"x\"}";
    spaced += " ".repeat(ToolCall.MAX_BYTES - spaced.length());
    assertThat(catalog.call(post("/issues", JSON, spaced)).arguments().string("title"))
        .isEqualTo("x");
    String larger = spaced + " ";
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(post("/issues", JSON, larger)));
    String form = "title=" + "x".repeat(ToolCall.MAX_BYTES);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(post("/issues", FORM, form)));
  }

  /** What servers would read as something else, or drop, has to be escaped. */
  @Test
  void call_formWithEachCharacter_holdsNoneThatHasToBeEscaped() {
    for (char c = 0; c < 0x100; c++) {
      SentHttp sent = post("/issues", FORM, "title=a" + c + "b");
      if (c <= ' ' || c >= 0x7f || c == '%') {
        Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(sent));
      } else if (c != '&') {
        assertThat(catalog.call(sent).arguments().string("title"))
            .isEqualTo("a" + (c == '+' ? ' ' : c) + "b");
      }
    }
  }

  @Test
  void call_manyPairs_endAtTheFirstThatHasNoPlace() {
    String pairs = "title=x" + "&u".repeat(ToolCall.MAX_BYTES / 2 - 10);
    Refused.with(ErrorCode.UNKNOWN_ARGUMENT, () -> catalog.call(post("/issues", FORM, pairs)));
    String list = "title=x" + "&list=".repeat(10_000);
    assertThat(catalog.call(post("/issues", FORM, list)).arguments().json("list"))
        .hasSize(2 + 10_000 * 3 - 1);
    String repeated = "title=" + "&title=".repeat(9_000);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> catalog.call(post("/issues", FORM, repeated)));
  }

  @Test
  void call_numberOfManyDigits_isRefused() {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_VALUE,
        () -> catalog.call(get("/projects/Q3/issues?limit=" + "1".repeat(8_000))));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_TYPE,
        () -> catalog.call(get("/projects/Q3/issues?limit=" + "1".repeat(8_000) + "x")));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT_TYPE,
        () ->
            catalog.call(
                get(
                    "/projects/Q3/issues?ratio=1."
                        + "1".repeat(4_000)
                        + "e"
                        + "1".repeat(3_000)
                        + ".")));
  }
}
