package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.CatalogTexts.ORIGIN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.datalog.Fact;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What calls mean by a catalog: their one form and their facts, or why they are refused. */
final class MeaningCases {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String SEARCH = "/projects/Q3/issues";

  private final Cases cases =
      new Cases(
          "meanings",
          "A catalog, and calls as they are sent: what they mean, in canonical form with its digest"
              + " and facts, or the code with which they are refused (docs/profile.md, section 7)."
              + " sent has the number of its form and its parts; the content is in hexadecimal.");

  private final List<ObjectNode> calls = new ArrayList<>();
  private String catalog = CatalogTexts.HTTP;

  private MeaningCases() {}

  static JsonNode good() {
    MeaningCases all = new MeaningCases();
    all.addHttp();
    all.addMessages();
    return all.cases.file();
  }

  static JsonNode bad() {
    MeaningCases all = new MeaningCases();
    all.addUnknownTools();
    all.addSmuggled();
    all.addContents();
    all.addTypes();
    all.addValues();
    all.addTargets();
    all.addOtherForms();
    return all.cases.file();
  }

  private void end(String name, @Nullable String attack) {
    cases.add(name, attack, "catalog", catalog, "calls", List.copyOf(calls));
    calls.clear();
  }

  private void good(Sent sent) {
    SentCall read = Objects.requireNonNull(Sent.read(sent.json()));
    calls.add(
        Json.object("sent", sent.json(), "expect", result(ToolCatalog.parse(catalog).call(read))));
  }

  static ObjectNode result(ToolCall call) {
    List<String> facts = new ArrayList<>();
    for (Fact fact : call.facts().list()) {
      facts.add(fact.toString());
    }
    return Cases.ok(
        Json.object("canonical", call.toJson(), "digest", call.digest(), "facts", facts));
  }

  private void bad(Sent sent, String code) {
    calls.add(Json.object("sent", sent.json(), "expect", Cases.code(code)));
  }

  private static Sent get(String target) {
    return Sent.http("GET", ORIGIN, "/jira" + target);
  }

  private static Sent post(@Nullable String type, String content) {
    return Sent.http("POST", ORIGIN, "/jira/issues").content(type, content);
  }

  private static Sent create(String members) {
    return post(JSON, "{\"title\":\"x\"" + (members.isEmpty() ? "" : "," + members) + "}");
  }

  private void addHttp() {
    good(get(SEARCH));
    for (String query :
        List.of(
            "",
            "limit=5",
            "limit=5.0",
            "limit=-0",
            "limit=9223372036854775808",
            "ratio=0.25",
            "ratio=1e-9",
            "deep=true",
            "tags=b&tags=a&tags=b",
            "tags=",
            "query=a+b%20c%2Bd",
            "query",
            "query=https%3A%2F%2Fx.example%2F",
            "any=5",
            "%61ny=x",
            "trace=whatever",
            "trace=a&trace=b",
            "query=a;b=c",
            "query=a=b",
            "query=caf%C3%A9",
            "query='(x)*!~",
            "limit=1&deep=false&query=x&tags=y")) {
      good(get(SEARCH + "?" + query));
    }
    end("a query", null);
    good(get("/projects/mine/issues"));
    good(get("/projects/Mine/issues"));
    good(get("/projects/a%20b/issues"));
    good(get("/projects/caf%C3%A9/issues"));
    good(get("/projects/a+b/issues"));
    good(get("/projects/a,b;c/issues".replace(";c", "")));
    good(Sent.http("GET", "https://api.example.com:8443", SEARCH));
    good(Sent.http("GET", "https://0-a.example.com", "/jira" + SEARCH));
    good(get(SEARCH).field("x-priority", "high, low"));
    end("paths, origins and fields", null);
    for (String type :
        List.of(
            JSON,
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/vnd.acme.v2+json")) {
      good(post(type, "{\"title\":\"x\",\"id\":\"7\"}"));
    }
    good(post(FORM, "title=a+b&list=1&list=2&amount=1.50"));
    good(post(FORM + "; charset=UTF-8", "title=%E2%82%AC&note=//"));
    good(Sent.http("POST", ORIGIN, "/jira/issues?title=x"));
    good(Sent.http("POST", ORIGIN, "/jira/issues?id=1").content(JSON, "{\"title\":\"x\"}"));
    end("contents", null);
    for (String members :
        List.of(
            "\"due\":null",
            "\"amount\":12.5",
            "\"amount\":0.0000001",
            "\"list\":[\"/a\",1.5,null]",
            "\"list\":\"a\"".replace("\"a\"", "[]"),
            "\"map\":{\"a\":1e-9}",
            "\"link\":\"acme.com\"",
            "\"link\":\"acme.com:8080/x?y\"",
            "\"link\":\"https://ACME.com/x\"",
            "\"link\":\"[::1]:80\"",
            "\"links\":[\"acme.com\",\"http://10.0.0.7/\"]",
            "\"host\":\"ACME.com\"",
            "\"host\":\"[::ffff:10.0.0.7]\"",
            "\"file\":\"/a/b\"",
            "\"note\":\"https://user@x/../\"",
            "\"note\":\"cafe\\u0301\"",
            "\"note\":\"\\u0000\"",
            "\"map\":{\"cafe\\u0301\":1}",
            "\"map\":{\"a\":[\"\\u0000\"]}")) {
      good(create(members));
    }
    end("values and readings", null);
    Sent upload = Sent.http("PUT", ORIGIN, "/jira/issues/12/file");
    good(upload);
    good(Sent.http("PUT", ORIGIN, "/jira/issues/12/file").content("image/png", "\u0001\u0002"));
    good(
        Sent.http("PUT", ORIGIN, "/jira/issues/12/file")
            .content("multipart/form-data; boundary=x", "--x--")
            .encoded("gzip"));
    good(Sent.http("PUT", ORIGIN, "/jira/issues/12/file").content(null, "{}"));
    end("content of any form", null);
  }

  private void addMessages() {
    catalog = CatalogTexts.MCP;
    good(Sent.mcp("tools/call", "{\"name\":\"write_file\",\"arguments\":{\"path\":\"/a/b\"}}"));
    good(
        Sent.mcp(
            "tools/call",
            " {\"_meta\":{\"progressToken\":1},\"name\":\"write_file\",\n"
                + "\"arguments\":{\"path\":\"/a\",\"content\":\"// x\",\"arguments\":5}}"));
    good(Sent.mcp("resources/read", "{\"uri\":\"https://acme.com/x\"}"));
    good(Sent.mcp("resources/read", "{\"uri\":\"a/b\",\"_meta\":null}"));
    good(Sent.mcp("resources/read", "{\"uri\":\"a/b\",\"_meta\":[1e9999,\"\\ud800\"]}"));
    good(Sent.mcp("prompts/get", "{\"name\":\"p\",\"arguments\":{\"a\":\"b\"}}"));
    good(Sent.mcp("prompts/get", "{}"));
    end("messages", null);
    good(Sent.tool("jira.search", "{\"project\":\"Q3\"}"));
    good(
        Sent.request(
            " {\"args\": {\"limit\": 5.0, \"project\": \"Q3\"}, \"tool\": \"jira.search\"}"));
    good(Sent.tool("jira.search", "{\"note\":\"cafe\\u0301\",\"project\":\"Q3\"}"));
    end("a tool by its name", null);
  }

  private void addUnknownTools() {
    for (Sent sent :
        List.of(
            Sent.http("GET", "https://acme.example.org", "/jira" + SEARCH),
            Sent.http("GET", "http://acme.example.com", "/jira" + SEARCH),
            Sent.http("GET", "https://acme.example.com:8443", "/jira" + SEARCH),
            Sent.http("GET", "https://a.b.example.com", "/jira" + SEARCH),
            Sent.http("GET", "https://example.com", "/jira" + SEARCH),
            Sent.http("GET", ORIGIN, SEARCH),
            Sent.http("GET", ORIGIN, "/jira"),
            Sent.http("GET", ORIGIN, "/jirax" + SEARCH),
            Sent.http("GET", ORIGIN, "/JIRA" + SEARCH),
            Sent.http("DELETE", ORIGIN, "/jira" + SEARCH),
            Sent.http("HEAD", ORIGIN, "/jira" + SEARCH),
            get("/projects"),
            get("/projects/Q3/issues/"),
            get("/Projects/Q3/issues"),
            get("/"),
            Sent.tool("issue.search", "{}"),
            Sent.mcp("tools/call", "{\"name\":\"issue.search\"}"))) {
      bad(sent, "unknown_tool");
    }
    end("requests that no tool is called by", null);
  }

  private void addSmuggled() {
    for (String query : List.of("Limit=5", "x", "_method=DELETE", "limit%5B%5D=5", "title=x")) {
      bad(get(SEARCH + "?" + query), "unknown_argument");
    }
    bad(get(SEARCH).field("x-other", "1"), "unknown_argument");
    bad(get(SEARCH).field("x-http-method-override", "DELETE"), "unknown_argument");
    bad(get(SEARCH).content(JSON, "{\"admin\":true}"), "unknown_argument");
    bad(create("\"admin\":true"), "unknown_argument");
    bad(create("\"_method\":\"DELETE\""), "unknown_argument");
    bad(post(FORM, "title=x&_method=DELETE"), "unknown_argument");
    end("what the catalog does not name", "argument_smuggled");
    for (String query :
        List.of(
            "limit=5&limit=6",
            "limit=5&limit=5",
            "limit=5&%6Cimit=6",
            "query=a&query=",
            "project=Q4",
            "tenant=evil",
            "priority=high",
            "=5",
            "&limit=5",
            "limit=5&",
            "limit=5&&deep=true",
            "query=%",
            "query=%4",
            "query=%zz",
            "query=%FF",
            "query=%C3",
            "query=%ED%A0%80")) {
      bad(get(SEARCH + "?" + query), "invalid_request");
    }
    bad(
        Sent.http("POST", ORIGIN, "/jira/issues?id=1")
            .content(JSON, "{\"title\":\"x\",\"id\":\"2\"}"),
        "invalid_request");
    bad(
        Sent.http("POST", ORIGIN, "/jira/issues?list=1").content(FORM, "title=x&list=2"),
        "invalid_request");
    bad(create("\"tenant\":\"evil\""), "invalid_request");
    bad(create("\"title\":\"y\""), "invalid_request");
    bad(create("\"\\u0074itle\":\"y\""), "invalid_request");
    bad(create("\"map\":{\"a\":1,\"a\":2}"), "invalid_request");
    bad(post(JSON, "{}"), "invalid_request");
    bad(post(FORM, "id=1"), "invalid_request");
    bad(Sent.http("POST", ORIGIN, "/jira/issues"), "invalid_request");
    bad(
        Sent.http("PUT", ORIGIN, "/jira/issues/12/file?upload=x").content("a/b", "x"),
        "invalid_request");
    end("twice, missing, or in another place", "argument_smuggled");
  }

  private void addContents() {
    String json = "{\"title\":\"x\"}";
    for (String type :
        List.of(
            "text/plain",
            "text/json",
            "application/jsonx",
            "application/xml",
            "multipart/form-data",
            "application/json; charset=iso-8859-1",
            "application/json; charset=utf-16",
            "application/json; charset=utf-8; x=y",
            "application/json;",
            "application/json; v=1",
            FORM + "; charset=windows-1252")) {
      bad(post(type, type.startsWith(FORM) ? "title=x" : json), "invalid_request");
    }
    bad(post(null, json), "invalid_request");
    bad(post(JSON, json).encoded("gzip"), "invalid_request");
    bad(Sent.http("POST", ORIGIN, "/jira/issues?title=x").encoded("gzip"), "invalid_request");
    bad(post(JSON, "[]"), "invalid_request");
    bad(post(JSON, "null"), "invalid_request");
    bad(post(JSON, "\ufeff" + json), "invalid_request");
    bad(post(JSON, json + json), "invalid_request");
    bad(post(JSON, "{'title':'x'}"), "invalid_request");
    byte[] latin = "{\"title\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    bad(Sent.http("POST", ORIGIN, "/jira/issues").content(JSON, latin), "invalid_request");
    byte[] wide = json.getBytes(StandardCharsets.UTF_16);
    bad(Sent.http("POST", ORIGIN, "/jira/issues").content(JSON, wide), "invalid_request");
    bad(post(FORM, "title=a b"), "invalid_request");
    bad(post(FORM, "title=\u00e9"), "invalid_request");
    bad(post(FORM, "title=x\n"), "invalid_request");
    end("contents that nobody would judge", "argument_smuggled");
    for (String type : List.of(FORM, FORM.toUpperCase(Locale.ROOT), FORM + " ;charset=latin1")) {
      bad(
          Sent.http("PUT", ORIGIN, "/jira/issues/12/file").content(type, "_method=DELETE"),
          "invalid_request");
    }
    end("a form where the content is one argument", "argument_smuggled");
  }

  private void addTypes() {
    for (String query :
        List.of(
            "limit=",
            "limit",
            "limit=x",
            "limit=1.5",
            "limit=05",
            "limit=+5",
            "limit=%205",
            "limit=0x5",
            "limit=5.",
            "ratio=NaN",
            "ratio=.5",
            "deep=1",
            "deep=TRUE",
            "deep=")) {
      bad(get(SEARCH + "?" + query), "invalid_argument_type");
    }
    for (String members :
        List.of(
            "\"id\":7",
            "\"id\":null",
            "\"note\":[]",
            "\"amount\":\"12.5\"",
            "\"amount\":true",
            "\"list\":\"a\"",
            "\"list\":{}",
            "\"map\":[]",
            "\"map\":null",
            "\"due\":5",
            "\"links\":\"acme.com\"")) {
      bad(create(members), "invalid_argument_type");
    }
    bad(Sent.http("PUT", ORIGIN, "/jira/issues/x/file"), "invalid_argument_type");
    bad(post(FORM, "title=x&map=%7B%7D"), "invalid_argument_type");
    end("values of another type", null);
  }

  private void addValues() {
    bad(create("\"id\":\"cafe\\u0301\""), "invalid_argument_value");
    bad(create("\"id\":\"\\u0000\""), "invalid_argument_value");
    bad(create("\"list\":[\"cafe\\u0301\"]"), "invalid_argument_value");
    bad(create("\"list\":[{\"\\u0000\":1}]"), "invalid_argument_value");
    bad(create("\"amount\":1e1000"), "invalid_argument_value");
    bad(get(SEARCH + "?ratio=1e1000"), "invalid_argument_value");
    bad(get(SEARCH + "?query=%00"), "invalid_argument_value");
    end("values that cannot be stated", "argument_hidden");
    for (String project : List.of("a:b", "a?b", "a%23b", "a@b", "a%3Bb")) {
      String path = "/projects/" + project.replace("?", "%3F") + "/issues";
      bad(get(path), "invalid_argument_value");
    }
    bad(Sent.http("PUT", ORIGIN, "/jira/issues/-1.0e400/file"), "invalid_argument_value");
    end("values that cannot stand in the resource", null);
    for (String path :
        List.of(
            "/projects/../issues",
            "/projects/%2e%2e/issues",
            "/projects/./issues",
            "/projects/%2E/issues",
            "/projects//issues",
            "//issues",
            "/projects/a%2Fb/issues",
            "/projects/a%5Cb/issues",
            "/projects/a%252Fb/issues",
            "/projects/%61/issues",
            "/projects/a%C0%AFb/issues",
            "/projects/a%zz/issues",
            "/projects/%c3%a9/issues",
            "/projects/a%00/issues",
            "/projects/..;x/issues",
            "/projects/mine;x/issues",
            "/projects/mine;/issues",
            "/projects/a/issues;x")) {
      bad(get(path), "ambiguous_path");
    }
    bad(create("\"id\":\"/a/../b\""), "ambiguous_path");
    bad(create("\"file\":\"/a/../b\""), "ambiguous_path");
    bad(create("\"file\":\"a/b\""), "ambiguous_path");
    bad(create("\"list\":[\"/a/../b\"]"), "ambiguous_path");
    end("paths with more than one reading", "path_walk");
    for (String members :
        List.of(
            "\"id\":\"https://user@acme.com/\"",
            "\"link\":\"user@acme.com\"",
            "\"link\":\"https:acme.com\"",
            "\"link\":\"mailto:x\"",
            "\"link\":\"//acme.com\"",
            "\"link\":\"/a\"",
            "\"link\":\"\"",
            "\"link\":\" acme.com\"",
            "\"link\":\"127.1\"",
            "\"link\":\"acme.com:80x\"",
            "\"host\":\"acme.com:80\"",
            "\"host\":\"acme.com/\"",
            "\"host\":\"0x7f.1\"",
            "\"host\":\"\"",
            "\"links\":[\"acme.com\",\"a b\"]",
            "\"list\":[\"https://user@acme.com/\"]")) {
      bad(create(members), "ambiguous_url");
    }
    bad(create("\"map\":{\"a\":\"\\ud800\"}"), "invalid_request");
    end("URLs and hosts with more than one reading", "url_confusion");
  }

  private void addTargets() {
    for (String target :
        List.of(
            "https://acme.example.com/jira" + SEARCH,
            "*",
            "",
            "jira",
            "?limit=5",
            "/jira/a b",
            "/jira/a#b",
            "/jira\\a",
            "/jira/\u00e9",
            "/jira/<a>",
            "/jira/\"a",
            "/jira/a\n",
            "/jira/" + "a".repeat(8_192))) {
      bad(Sent.http("GET", ORIGIN, target), "invalid_request");
    }
    for (String method : List.of("get", "", "GET ", "A".repeat(33), "G\u00c9T", "GET1")) {
      bad(Sent.http(method, ORIGIN, "/jira" + SEARCH), "invalid_request");
    }
    bad(Sent.http("GET", "ftp://acme.example.com", "/jira" + SEARCH), "invalid_request");
    bad(get(SEARCH).field("x-priority", ""), "invalid_request");
    bad(get(SEARCH).field("x-priority", " a"), "invalid_request");
    bad(get(SEARCH).field("x-priority", "\u00e9"), "invalid_request");
    bad(get(SEARCH).field("x priority", "a"), "invalid_request");
    bad(get(SEARCH).content("", "{}"), "invalid_request");
    end("what is no request", "argument_smuggled");
    for (String origin :
        List.of(
            "https://Acme.example.com",
            "https://acme.example.com:443",
            "https://acme.example.com/",
            "acme.example.com",
            "https://user@acme.example.com",
            "https://acme.example.com.")) {
      bad(Sent.http("GET", origin, "/jira" + SEARCH), "ambiguous_url");
    }
    end("origins in another spelling", "url_confusion");
  }

  private void addOtherForms() {
    catalog = CatalogTexts.MCP;
    String search = "{\"tool\":\"jira.search\",\"args\":{\"project\":\"Q3\"}";
    bad(Sent.request(search + ",\"operation\":\"read\"}"), "invalid_request");
    bad(Sent.request(search + ",\"resource\":\"jira:project/ACME/Q3\"}"), "invalid_request");
    bad(Sent.request(search + ",\"operation\":\"list\"}"), "invalid_request");
    end("a caller that says what it does", "meaning_stated");
    bad(Sent.tool("jira.search", "{\"project\":\"Q3\",\"x\":1}"), "unknown_argument");
    bad(
        Sent.mcp("tools/call", "{\"name\":\"write_file\",\"arguments\":{\"path\":\"/a\",\"x\":1}}"),
        "unknown_argument");
    bad(
        Sent.mcp("tools/call", "{\"name\":\"write_file\",\"inputResponses\":{}}"),
        "unknown_argument");
    bad(Sent.mcp("resources/read", "{\"uri\":\"a\",\"x\":1}"), "unknown_argument");
    bad(Sent.mcp("resources/read", "{}"), "invalid_request");
    bad(Sent.mcp("resources/read", "{\"uri\":\"a\",\"uri\":\"b\"}"), "invalid_request");
    bad(Sent.mcp("resources/read", "[]"), "invalid_request");
    bad(Sent.mcp("tools/call", "{\"name\":5}"), "invalid_request");
    bad(Sent.mcp("tools/call", "{\"name\":\"write_file\",\"arguments\":[]}"), "invalid_request");
    bad(Sent.mcp("tools/call", "{\"name\":\"write_file\"}"), "invalid_request");
    bad(Sent.mcp("tools/call\n", "{}"), "invalid_request");
    end("messages with more, less or twice", "argument_smuggled");
    bad(Sent.mcp("tools/call", "{}"), "unknown_tool");
    bad(Sent.mcp("tools/call", "{\"name\":\"files.write\"}"), "unknown_tool");
    bad(Sent.mcp("tools/list", "{}"), "unknown_tool");
    bad(Sent.mcp("Resources/read", "{\"uri\":\"a\"}"), "unknown_tool");
    bad(Sent.tool("files.read", "{\"uri\":\"a\"}"), "unknown_tool");
    bad(Sent.tool("jira.delete", "{}"), "unknown_tool");
    bad(Sent.http("GET", ORIGIN, "/"), "unknown_tool");
    bad(Sent.mcp("resources/read", "{\"uri\":5}"), "invalid_argument_type");
    bad(Sent.tool("jira.search", "{\"limit\":1.5,\"project\":\"Q3\"}"), "invalid_argument_type");
    bad(Sent.tool("jira.search", "{\"project\":\"a/b\"}"), "invalid_argument_value");
    bad(Sent.tool("jira.search", "{\"project\":\"\"}"), "invalid_argument_value");
    bad(Sent.mcp("resources/read", "{\"uri\":\"a//b\"}"), "ambiguous_resource");
    end("messages and tools that are refused", null);
  }
}
