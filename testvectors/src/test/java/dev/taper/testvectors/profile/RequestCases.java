package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.ToolCall;
import dev.taper.datalog.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls as JSON: their one form and their facts, or why they are refused. */
final class RequestCases {
  private final Cases cases =
      new Cases(
          "requests",
          "Calls as JSON: the canonical form, its digest, that of the arguments and the facts that"
              + " the call gives, or the code with which it is refused (docs/profile.md, sections 7"
              + " and 8). freeText names arguments that the service takes for prose.");

  private RequestCases() {}

  static JsonNode good() {
    RequestCases all = new RequestCases();
    all.addGood();
    all.addNumbers();
    all.addUrls();
    all.addResources();
    return all.cases.file();
  }

  static JsonNode bad() {
    RequestCases all = new RequestCases();
    all.addJson();
    all.addText();
    all.addWrongNumbers();
    all.addWalks();
    all.addConfusedUrls();
    return all.cases.file();
  }

  private void good(String name, String request, String... freeText) {
    Set<String> free = Set.of(freeText);
    ToolCall call = ToolCall.parse(request, free);
    List<String> facts = new ArrayList<>();
    for (Fact fact : call.facts().list()) {
      facts.add(fact.toString());
    }
    cases.add(
        name,
        null,
        "request",
        request,
        "freeText",
        free.isEmpty() ? null : List.of(freeText),
        "expect",
        Cases.ok(
            Json.object(
                "canonical",
                call.toJson(),
                "digest",
                call.digest(),
                "argumentsDigest",
                call.argumentsDigest(),
                "facts",
                facts)));
  }

  private void bad(String name, @Nullable String attack, String request, String code) {
    cases.add(name, attack, "request", request, "expect", Cases.code(code));
  }

  private static String tool(String tool) {
    return "{\"tool\":\"" + tool + "\"}";
  }

  private static String resource(String resource) {
    return "{\"tool\":\"t\",\"resource\":\"" + resource + "\"}";
  }

  private static String value(String json) {
    return "{\"tool\":\"t\",\"args\":{\"v\":" + json + "}}";
  }

  private static String quoted(String text) {
    return value('"' + text + '"');
  }

  private void addGood() {
    good("only a tool", "{\"tool\":\"jira.search\"}");
    good("all parts", Story.SEARCH);
    good(
        "other order and white space",
        " { \"args\" : { } ,\n\"operation\":\"read\" , \"tool\" : \"a-b.C_1\" }\t");
    good(
        "every type of value",
        "{\"tool\":\"t\",\"args\":{\"n\":null,\"t\":true,\"f\":false,\"i\":-7,\"s\":\"x\","
            + "\"a\":[1,\"b\",[null]],\"o\":{\"k\":{\"z\":1,\"a\":2}}}}");
    good(
        "names in the order of UTF-16 code units",
        "{\"tool\":\"t\",\"args\":{\"\\ud83d\\ude00\":1,\"\\uffe6\":2,\"\u20ac\":3,\"b\":4,\"a\":5,\"B\":6}}");
    good(
        "escapes in strings",
        quoted("\\u0022\\u005c\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u2028\u00e9\\u00e9"));
    good("thirty combining marks", quoted("a" + "\\u0315".repeat(30)));
    good("prose that looks like a path", value("\"// a comment\""), "v");
    good("prose that looks like a URL", value("\"https://user@acme.com/../\""), "v");
    good("65,536 bytes", tool("t") + " ".repeat(65_536 - tool("t").length()));
    good("sixteen levels", value("[".repeat(14) + "]".repeat(14)));
    good("an argument's name with a space inside", "{\"tool\":\"t\",\"args\":{\"a b\":1}}");
  }

  private void addNumbers() {
    for (String number :
        List.of(
            "0",
            "-0",
            "0.0",
            "-0.0E-99999999999",
            "5.0",
            "5e0",
            "50e-1",
            "1E2",
            "9007199254740992",
            "-9007199254740992",
            "9223372036854",
            "9223372036855",
            "1.5",
            "-0.000001",
            "1.500000",
            "123456789.012345",
            "0.1e1",
            "9223372036854.77",
            "1e15",
            "9007199254740991",
            "9007199254740993",
            "-9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1e16",
            "1e20",
            "1e21",
            "2e23",
            "123456789012345678901234567890",
            "0.0000001",
            "1e-7",
            "0.00000123",
            "1.2345678",
            "-12345678901.1234567",
            "99999999999999.5",
            "0.1",
            "0.1000000000000000001",
            "0.1000000000000000055511151231257827",
            "1e400",
            "-1.5e-400",
            "1e999",
            "1e-999")) {
      good("number " + number, value(number));
    }
    good("integers in an array", value("[1.0,2e0,-3]"));
    good("decimal in an array", value("[1.5]"));
    good("decimal in an object", value("{\"a\":0.5}"));
    good("every kind of number inside", value("[0,-0,1e-9,{\"x\":[9223372036854775808,1e21]}]"));
  }

  private void addUrls() {
    for (String url :
        List.of(
            "https://acme.com",
            "HTTPS://ACME.com:443/Wiki?q=a b".replace(" ", "%20"),
            "http://acme.com:8080/a/b.c;v=1/%20x#f",
            "ftp://a-b.example.org/",
            "ssh://host:22/x",
            "x-y+z.1://acme.com/",
            "https://xn--caf-dma.example.org/%C3%A9",
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://172.32.0.1/",
            "http://172.31.0.1/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest",
            "http://192.0.2.1/",
            "http://192.31.196.1/",
            "http://224.0.0.1/",
            "http://8.8.8.8/",
            "http://localhost:80/",
            "http://a.localhost/",
            "http://intranet/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "http://x.test/",
            "http://[::1]/",
            "http://[::]/",
            "http://[0:0:0:0:0:0:0:1]:8080/",
            "http://[2606:4700:0:0:0:0:0:1111]/",
            "http://[2606:4700::A:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:1::80ff:fffe]/",
            "http://[2001:db8::1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[ff02::1]/",
            "http://[2606:4700::5efe:a00:1]/",
            "http://[3fff::1]/",
            "http://0.0.0.0/",
            "http://255.255.255.255/",
            "http://[::ffff:0.0.0.0]/",
            "http://[::10.0.0.1]/",
            "http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/",
            "http://acme.com:1/",
            "http://acme.com:65535/",
            "jira://acme.com/",
            "file:///etc/hosts",
            "file://localhost/etc/hosts",
            "https://acme.com?x=/../y")) {
      good("URL " + url, quoted(url));
    }
    good("URL with a host of 253 characters", quoted("https://" + host(59) + "/"));
    for (String plain :
        List.of("mailto:x@acme.com", "acme.com", "a:b", "ssh:/x", "5://x", " x: y")) {
      good("no URL: " + plain, quoted(plain));
    }
    for (String path :
        List.of("/", "/a/b", "/a/", "/a b/c.d", "/caf\u00e9", "/caf%C3%A9", "/a..b/...c")) {
      good("path " + path, quoted(path));
    }
    good("what lies deeper in an array", value("[[\"https://user@acme.com/\",\"/a/../b\"]]"));
    good("prose in an array", value("[\"https://user@acme.com/\",\"//\"]"), "v");
    for (String array :
        List.of(
            "[]",
            "[5]",
            "[\"a\",\"/b\"]",
            "[\"HTTPS://B.com:8443/x\",\"https://a.com\",\"https://b.com\"]",
            "[\"https://a.com\",\"a.com\",null]",
            "[\"file:///etc/hosts\",\"http://[::FFFF:10.0.0.1]\"]",
            "[[\"https://a.com\"],{\"u\":\"https://b.com\"},\"https://c.com\"]")) {
      good("array " + array, value(array));
    }
  }

  /** A host whose last label but one has so many characters; 194 with the rest. */
  private static String host(int length) {
    return ("a".repeat(63) + ".").repeat(3) + "b".repeat(length) + ".c";
  }

  private void addResources() {
    for (String resource :
        List.of(
            "jira:project/ACME/Q3/12",
            "a/b",
            "ACME",
            "urn:a:b",
            "mcp://Server/x",
            "https://acme.com/a%20b",
            "https://acme.com:8443/x",
            "http://[::1]/x",
            "file:///etc",
            "s3://bucket/key name",
            "jira:caf\u00e9",
            "a?b#c@d")) {
      good("resource " + resource, resource(resource));
    }
  }

  private void json(String name, String request) {
    bad(name, "json_confusion", request, "invalid_request");
  }

  private void addJson() {
    json("nothing", "");
    json("no object", "[]");
    json("no tool", "{\"args\":{}}");
    json("unknown member", "{\"tool\":\"t\",\"Tool\":\"u\"}");
    json("tool twice", "{\"tool\":\"t\",\"tool\":\"u\"}");
    json("argument twice", "{\"tool\":\"t\",\"args\":{\"n\":1,\"n\":2}}");
    json("argument twice, once escaped", "{\"tool\":\"t\",\"args\":{\"n\":1,\"\\u006e\":2}}");
    json("member twice inside a value", value("{\"a\":1,\"a\":1}"));
    json("tool that is a number", "{\"tool\":5}");
    json("operation that is null", "{\"tool\":\"t\",\"operation\":null}");
    json("args that are an array", "{\"tool\":\"t\",\"args\":[1]}");
    json("something behind the end", "{\"tool\":\"t\"} {}");
    json("comment", "{\"tool\":\"t\" /* */}");
    json("comma at the end", "{\"tool\":\"t\",}");
    json("cut off", "{\"tool\":\"t\"");
    json("single quotes", "{'tool':'t'}");
    json("line feed in a string", "{\"tool\":\"t\n\"}");
    json("unknown escape", "{\"tool\":\"\\x41\"}");
    json("byte order mark", "\ufeff{\"tool\":\"t\"}");
    json("65,537 bytes", tool("t") + " ".repeat(65_537 - tool("t").length()));
    json("more than 65,536 bytes in canonical form", value("[" + "1e15,".repeat(4_096) + "1]"));
    json("seventeen levels", value("[".repeat(15) + "]".repeat(15)));
    for (String number :
        List.of("NaN", "Infinity", "0x10", "010", "+5", "5.", ".5", "1_000", "-")) {
      json("number " + number, value(number));
    }
    StringBuilder many = new StringBuilder("{\"tool\":\"t\",\"args\":{\"a\":0");
    for (int i = 0; i < 64; i++) {
      many.append(",\"a").append(i).append("\":0");
    }
    json("65 arguments", many.append("}}").toString());
  }

  private void addText() {
    for (String tool :
        List.of(
            "",
            " t",
            "t ",
            ".t",
            "t.",
            "a..b",
            "a/b",
            "t*",
            "t\\u0000",
            "t\\u200b",
            "\\u0441rm.read",
            "crm\\uff0eread",
            "crm\\u2024read",
            "\\ud800",
            "a".repeat(1025))) {
      String shown = tool.length() > 99 ? "1,025 characters" : tool;
      bad("tool '" + shown + "'", "text_confusion", tool(tool), "invalid_request");
    }
    for (String name :
        List.of(
            "", " a", "a ", "a\\u0000", "a\\u200b", "e\\u0301", "\\u00a0", "\\u3164", "\\ue000")) {
      String request = "{\"tool\":\"t\",\"args\":{\"" + name + "\":1}}";
      bad("argument '" + name + "'", "text_confusion", request, "invalid_request");
    }
    for (String text : List.of("cafe\\u0301", "a\\u0000", "\\u212b", "a" + "\\u0315".repeat(31))) {
      String shown = text.length() > 99 ? "31 combining marks" : text;
      bad("string '" + shown + "'", "text_confusion", quoted(text), "invalid_argument_value");
    }
    for (String half : List.of("\\ud800", "\\udc00\\ud800")) {
      bad("string '" + half + "'", "json_confusion", quoted(half), "invalid_request");
      bad("half inside " + half, "json_confusion", value("[\"" + half + "\"]"), "invalid_request");
    }
    String inside = "{\"e\\u0301\":1}";
    bad("name inside a value", "text_confusion", value(inside), "invalid_argument_value");
    bad(
        "string inside an array",
        "text_confusion",
        value("[\"a\\u0000\"]"),
        "invalid_argument_value");
    for (String name :
        List.of("", "x ", "x\\u202ey", "cafe\\u0301", "x\\n", "x\\u2028y", "\\ufe0f")) {
      bad("resource '" + name + "'", "text_confusion", resource(name), "ambiguous_resource");
    }
  }

  private void addWrongNumbers() {
    for (String number :
        List.of(
            "1e1000",
            "1e-1000",
            "1e999999999",
            "1e-999999999",
            "9".repeat(65),
            "0." + "0".repeat(10) + "1" + "2".repeat(53),
            "1." + "0".repeat(70))) {
      String shown = number.length() > 60 ? "of " + number.length() + " characters" : number;
      bad("number " + shown, "number_confusion", value(number), "invalid_argument_value");
    }
    for (String number : List.of("1e1000", "1e999999999")) {
      String inside = value("[" + number + "]");
      bad("number " + number + " inside", "number_confusion", inside, "invalid_argument_value");
    }
  }

  private void addWalks() {
    for (String part :
        List.of(
            "a/../b",
            "a/..",
            "a/./b",
            "a/...",
            "a/.. /b",
            "a/ /b",
            "a/..;v=1/b",
            "a/..?x",
            "a//b",
            "a/%2e%2e/b",
            "a/%2E%2E/b",
            "a/b%2Fc",
            "a/%252Fb",
            "a/%5C",
            "a/%00",
            "a/%zz",
            "a/%",
            "a/%c3%a9",
            "a/%C0%AF",
            "a/%ED%A0%80",
            "a/%E2%80%AE",
            "a/%61",
            "a/%20/b",
            "a\\\\b",
            "a/\\u2215b",
            "a/\\u2044b",
            "a/\\uff0fb",
            "a/\\uff0e\\uff0e/b",
            "a/\\u2024\\u2024/b",
            "a/\\u2026/b",
            "a/x\\uff1ay",
            "a/e%CC%81")) {
      bad("resource f:" + part, "path_walk", resource("f:" + part), "ambiguous_resource");
      bad("path /" + part, "path_walk", quoted("/" + part), "ambiguous_path");
      bad(
          "path in an array /" + part,
          "path_walk",
          value("[\"x\",\"/" + part + "\"]"),
          "ambiguous_path");
    }
    for (String resource : List.of("..", "f:..", "//a", "a:b//c", "f:a:..:b")) {
      bad("resource " + resource, "path_walk", resource(resource), "ambiguous_resource");
    }
    bad("path //a", "path_walk", quoted("//a"), "ambiguous_path");
    bad("path with a space at its end", "path_walk", quoted("/a "), "ambiguous_path");
    for (String path : List.of("/a/../b", "/%2e%2e/", "//x", "/a/%2Fb", "/\\u00e9", "/a/..;x")) {
      bad(
          "URL with the path " + path,
          "path_walk",
          quoted("https://acme.com" + path),
          "ambiguous_url");
    }
  }

  private void addConfusedUrls() {
    for (String url :
        List.of(
            "https://user@acme.com/",
            "https://acme.com:443@evil.com/",
            "https://acme.com%40evil.com/",
            "https://evil.com\\\\@acme.com/",
            "https:\\\\\\\\acme.com",
            "https:/acme.com",
            "https:acme.com",
            "HTTP:x",
            "file:/etc/passwd",
            " https://acme.com/",
            "\\u00a0https://acme.com/",
            "ht\\ntp://acme.com/",
            "x:/\\t/acme.com",
            "https://acme.com/ x",
            "https://acme\\u3002com/",
            "https://\\u0430cme.com/",
            "https://acme.com\\uff0fevil.com/",
            "https://ac_me.com/",
            "https://-acme.com/",
            "https://acme..com/",
            "https:///x",
            "https://?acme.com",
            "https://acme.com:/",
            "https://acme.com:0/",
            "https://acme.com:080/",
            "https://acme.com:65536/",
            "https://acme.com:8x/",
            "https://acme.com/\\u202e",
            "a".repeat(33) + "://acme.com/",
            "https://" + "a".repeat(64) + ".com/")) {
      String shown = url.length() > 60 ? "of a name that is too long, " + url.substring(0, 9) : url;
      bad("URL " + shown, "url_confusion", quoted(url), "ambiguous_url");
      bad(
          "URL in an array " + shown,
          "url_confusion",
          value("[\"https://acme.com/\",\"" + url + "\"]"),
          "ambiguous_url");
    }
    bad(
        "URL with a host of 254 characters",
        "url_confusion",
        quoted("https://" + host(60) + "/"),
        "ambiguous_url");
    for (String host :
        List.of(
            "acme.com.",
            "localhost.",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "0177.0.0.1",
            "127.1",
            "127.0.0.01",
            "0x7f.0.0.1",
            "1.1.1.1.1",
            "256.1.1.1",
            "a.0x",
            "a.7",
            "[::1%25eth0]",
            "[::1",
            "[127.0.0.1]",
            "[1:2:3:4:5:6:7:8:9]",
            "[::1::]",
            "[12345::]",
            "[1:2:3:4::5:6:7:8]",
            "[:1:2:3:4:5:6:7]")) {
      bad("host " + host, "host_disguise", quoted("http://" + host + "/"), "ambiguous_url");
    }
    for (String resource :
        List.of(
            "F:a/b",
            "HTTP://x.com/a",
            "https://X.com/a",
            "https://x.com:443/a",
            "https://x.com./a",
            "https://u@x.com/a",
            "https:x.com/a",
            "https://127.1/a",
            "https://[::ffff:127.0.0.1]/a",
            "file://localhost/x",
            "file:x")) {
      bad("resource " + resource, "url_confusion", resource(resource), "ambiguous_resource");
    }
  }
}
