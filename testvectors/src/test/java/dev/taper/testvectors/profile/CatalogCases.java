package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.CatalogTexts.catalog;
import static dev.taper.testvectors.profile.CatalogTexts.httpTool;
import static dev.taper.testvectors.profile.CatalogTexts.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.catalog.ToolCatalog;
import java.util.Locale;

/** Catalogs by themselves: their one form and digest, or that they are none. */
final class CatalogCases {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private final Cases cases =
      new Cases(
          "catalogs",
          "Catalogs as JSON (docs/profile.md, section 7): the canonical form and its digest, or the"
              + " code with which it is refused.");

  private CatalogCases() {}

  static JsonNode file() {
    CatalogCases all = new CatalogCases();
    all.addGood();
    all.addForms();
    all.addTools();
    all.addArguments();
    all.addRoutes();
    return all.cases.file();
  }

  private void good(String name, String text) {
    ToolCatalog read = ToolCatalog.parse(text);
    cases.add(
        name,
        null,
        "catalog",
        text,
        "expect",
        Cases.ok(Json.object("canonical", read.toJson(), "digest", read.digest())));
  }

  private void bad(String name, String text) {
    cases.add(name, null, "catalog", text, "expect", Cases.code("invalid_catalog"));
  }

  private void addGood() {
    good("of a service over HTTP", CatalogTexts.HTTP);
    good("of messages and a bare tool", CatalogTexts.MCP);
    good("no tools", catalog("\"tools\":{}"));
    good("a tool of which nothing is said", tool(""));
    good(
        "what says nothing is left out",
        tool(
            "\"arguments\":{\"a\":{\"type\":\"string\",\"is\":\"plain\",\"nullable\":false,"
                + "\"opaque\":false,\"required\":false,\"list\":false,\"dropped\":false},"
                + "\"b\":{\"type\":\"any\",\"nullable\":true},"
                + "\"c\":{\"type\":\"any\",\"dropped\":true},"
                + "\"d\":{\"type\":\"integer\",\"dropped\":true}}"));
    good(
        "a tool of two services' names",
        tool("\"operation\":\"a.b\",\"arguments\":{},\"definition\":\"" + DIGEST + "\""));
    good(
        "an origin without a prefix",
        catalog("\"origins\":[{\"origin\":\"http://x\",\"prefix\":\"\"}],\"tools\":{}"));
    good(
        "names in the order of UTF-16 code units",
        tool(
            "\"arguments\":{\"\\uffe6\":{\"type\":\"any\"},\"\\ud83d\\ude00\":{\"type\":\"any\"}}"));
    good("a resource of one argument", tool(withText("\"resource\":\"{+a}\"")));
    good(
        "a resource with a number",
        tool("\"resource\":\"x:{n}\",\"arguments\":{\"n\":{\"type\":\"number\"}}"));
    good("a path of one slash", httpTool("/", ""));
    good(
        "two paths that differ in a name",
        catalog(
            "\"origins\":[{\"origin\":\"https://x.example\"}],\"tools\":{"
                + "\"t\":{\"http\":{\"method\":\"GET\",\"path\":\"/a/b\"}},"
                + "\"u\":{\"http\":{\"method\":\"GET\",\"path\":\"/a/{n}\"},"
                + "\"arguments\":{\"n\":{\"type\":\"string\"}}}}"));
  }

  private static String withText(String members) {
    return members + ",\"arguments\":{\"a\":{\"type\":\"string\"}}";
  }

  private void addForms() {
    bad("nothing", "");
    bad("no object", "[]");
    bad("no format", "{\"audience\":\"svc:x\",\"tools\":{}}");
    bad("another format", catalog("\"tools\":{}").replace("taper/1", "taper/2"));
    bad("no audience", "{\"format\":\"taper/1 catalog\",\"tools\":{}}");
    bad("an audience that is no label", catalog("\"tools\":{}").replace("svc:x", " "));
    bad("no member tools", catalog("\"origins\":[]"));
    bad("tools that are an array", catalog("\"tools\":[]"));
    bad("another member", catalog("\"tools\":{},\"Tools\":{}"));
    bad("a member twice", catalog("\"tools\":{},\"tools\":{}"));
    bad("something behind the end", catalog("\"tools\":{}") + "{}");
    bad("half of a surrogate pair", catalog("\"tools\":{\"\\ud800\":{}}"));
    bad("33 levels", catalog("\"tools\":{\"t\":" + "[".repeat(31) + "]".repeat(31) + "}"));
    for (String origin :
        new String[] {
          "\"https://x.example\"",
          "{}",
          "{\"origin\":\"https://x.example\",\"path\":\"\"}",
          "{\"origin\":\"https://X.example\"}",
          "{\"origin\":\"https://x.example:443\"}",
          "{\"origin\":\"https://x.example/\"}",
          "{\"origin\":\"ftp://x.example\"}",
          "{\"origin\":\"x.example\"}",
          "{\"origin\":\"https://x.{t}.example\"}",
          "{\"origin\":\"https://{t}\"}",
          "{\"origin\":\"https://x.example\",\"prefix\":\"x\"}",
          "{\"origin\":\"https://x.example\",\"prefix\":\"/x/\"}",
          "{\"origin\":\"https://x.example\",\"prefix\":\"/x/..\"}",
          "{\"origin\":\"https://x.example\",\"prefix\":\"/x?y\"}",
          "{\"origin\":\"https://x.example\",\"prefix\":\"/x;y\"}",
          "{\"origin\":\"https://x.example\"},{\"origin\":\"https://x.example\",\"prefix\":\"/x\"}"
        }) {
      bad("origins " + origin, catalog("\"origins\":[" + origin + "],\"tools\":{}"));
    }
  }

  private void addTools() {
    bad("a tool that is no name", catalog("\"tools\":{\"a b\":{}}"));
    bad("a tool that is no object", catalog("\"tools\":{\"t\":null}"));
    bad("another member of a tool", tool("\"operations\":\"read\""));
    bad("an operation that is no name", tool("\"operation\":\"a b\""));
    bad("an operation that is no string", tool("\"operation\":1"));
    bad(
        "a definition that is no digest",
        tool("\"definition\":\"" + DIGEST.toUpperCase(Locale.ROOT) + "\""));
    bad("a resource without its argument", tool("\"resource\":\"x:{a}\""));
    bad(
        "a resource of a list",
        tool("\"resource\":\"x:{a}\",\"arguments\":{\"a\":{\"type\":\"array\"}}"));
    bad(
        "a resource of something dropped",
        tool("\"resource\":\"x:{a}\",\"arguments\":{\"a\":{\"dropped\":true}}"));
    for (String resource :
        new String[] {
          "x:{a", "x:a}", "x:{}", "x:{+}", "X:{a}", "a//{a}", "x:{a}{a}", "x:{a}y{a}"
        }) {
      bad("resource " + resource, tool(withText("\"resource\":\"" + resource + "\"")));
    }
    bad(
        "two ways to call it",
        catalog(
            "\"origins\":[{\"origin\":\"https://x.example\"}],\"tools\":{\"t\":{"
                + "\"http\":{\"method\":\"GET\",\"path\":\"/\"},\"mcp\":{\"method\":\"a\"}}}"));
    bad("tools/call without a name", tool("\"mcp\":{\"method\":\"tools/call\"}"));
    bad("a name without tools/call", tool("\"mcp\":{\"method\":\"a\",\"name\":\"b\"}"));
    bad("a message without a method", tool("\"mcp\":{}"));
    bad(
        "two tools of one message",
        catalog(
            "\"tools\":{\"t\":{\"mcp\":{\"method\":\"a\"}},\"u\":{\"mcp\":{\"method\":\"a\"}}}"));
  }

  private void addArguments() {
    for (String argument :
        new String[] {
          "{}",
          "\"string\"",
          "{\"type\":\"text\"}",
          "{\"type\":\"string\",\"is\":\"uri\"}",
          "{\"type\":\"integer\",\"is\":\"url\"}",
          "{\"type\":\"object\",\"is\":\"text\"}",
          "{\"type\":\"string\",\"unit\":\"EUR\"}",
          "{\"type\":\"number\",\"unit\":\"\"}",
          "{\"type\":\"string\",\"role\":\"other\"}",
          "{\"type\":\"string\",\"role\":[\"touched\"]}",
          "{\"type\":\"string\",\"role\":\"amount\"}",
          "{\"type\":\"any\",\"role\":\"amount\"}",
          "{\"type\":\"number\",\"role\":\"text\"}",
          "{\"type\":\"boolean\",\"role\":\"text\"}",
          "{\"type\":\"string\",\"role\":\"touched\",\"role\":\"touched\"}",
          "{\"dropped\":true,\"role\":\"touched\"}",
          "{\"type\":\"integer\",\"opaque\":true}",
          "{\"type\":\"boolean\",\"opaque\":true}",
          "{\"type\":\"string\",\"is\":\"url\",\"opaque\":true}",
          "{\"type\":\"string\",\"list\":true}",
          "{\"type\":\"string\",\"dropped\":true,\"required\":true}",
          "{\"type\":\"string\",\"required\":1}",
          "{\"type\":\"string\",\"field\":\"x\"}",
          "{\"type\":\"string\",\"default\":\"x\"}"
        }) {
      bad("argument " + argument, tool("\"arguments\":{\"a\":" + argument + "}"));
    }
    good(
        "what arguments are to a person",
        tool(
            "\"arguments\":{\"a\":{\"type\":\"integer\",\"unit\":\"EUR\",\"role\":\"amount\"},"
                + "\"b\":{\"type\":\"array\",\"role\":\"text\"},"
                + "\"c\":{\"type\":\"boolean\",\"role\":\"touched\"},"
                + "\"d\":{\"type\":\"any\",\"role\":\"text\"}}"));
    bad(
        "two amounts",
        tool(
            "\"arguments\":{\"a\":{\"type\":\"integer\",\"role\":\"amount\"},"
                + "\"b\":{\"type\":\"number\",\"role\":\"amount\"}}"));
    bad("an argument's name that is no label", tool("\"arguments\":{\"a \":{\"type\":\"any\"}}"));
    for (String field :
        new String[] {"x y", "", "X-HTTP-Method-Override", "x-http-method", "X_HTTP_Method"}) {
      bad("field '" + field + "'", httpTool("/", field(field)));
    }
    bad(
        "one field of two arguments",
        httpTool(
            "/",
            "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"x\"},"
                + "\"b\":{\"type\":\"string\",\"field\":\"X\"}}"));
    bad(
        "one field of two arguments, in two spellings",
        httpTool(
            "/",
            "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"x-y\"},"
                + "\"b\":{\"type\":\"string\",\"field\":\"x_Y\"}}"));
    bad(
        "an array in a field",
        httpTool("/", "\"arguments\":{\"a\":{\"type\":\"array\",\"field\":\"x\"}}"));
    bad("an argument _method", httpTool("/", "\"arguments\":{\"_method\":{\"type\":\"any\"}}"));
    bad("content without an argument", httpTool("/", "\"content\":{\"argument\":\"a\"}"));
    bad("content that is not opaque", httpTool("/", withText("\"content\":{\"argument\":\"a\"}")));
    bad(
        "content of a message",
        tool(
            "\"content\":{\"argument\":\"a\"},\"arguments\":{\"a\":{\"type\":\"any\",\"opaque\":true}}"));
  }

  private static String field(String name) {
    return "\"arguments\":{\"a\":{\"type\":\"string\",\"field\":\"" + name + "\"}}";
  }

  private void addRoutes() {
    for (String path :
        new String[] {
          "",
          "a",
          "//",
          "/a/../b",
          "/a?b",
          "/a#b",
          "/{a",
          "/x{a}",
          "/{a}x",
          "/{}",
          "/a b",
          "/%61",
          "/{a}/{a}"
        }) {
      bad("path " + path, httpTool(path, "\"arguments\":{\"a\":{\"type\":\"string\"}}"));
    }
    bad("a path without its argument", httpTool("/{b}", ""));
    bad("a path of an object", httpTool("/{a}", "\"arguments\":{\"a\":{\"type\":\"object\"}}"));
    bad("an argument in path and field", httpTool("/{a}", field("x")));
    bad("a path with a semicolon", httpTool("/a;b", ""));
    bad("a method in small letters", httpTool("/", "").replace("GET", "get"));
    bad("HTTP without an origin", tool("\"http\":{\"method\":\"GET\",\"path\":\"/\"}"));
    bad(
        "two tools of one path",
        catalog(
            "\"origins\":[{\"origin\":\"https://x.example\"}],\"tools\":{"
                + "\"t\":{\"http\":{\"method\":\"GET\",\"path\":\"/{a}\"},"
                + "\"arguments\":{\"a\":{\"type\":\"string\"}}},"
                + "\"u\":{\"http\":{\"method\":\"GET\",\"path\":\"/{b}\"},"
                + "\"arguments\":{\"b\":{\"type\":\"string\"}}}}"));
    bad(
        "an origin whose argument the tool does not have",
        catalog(
            "\"origins\":[{\"origin\":\"https://{t}.example\"}],\"tools\":{"
                + "\"t\":{\"http\":{\"method\":\"GET\",\"path\":\"/\"}}}"));
  }
}
