package dev.taper.testvectors.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a few tools that {@link RandomBlocks} grants, good and bad, as texts and as they are
 * sent.
 */
final class RandomRequests {
  static final List<String> TOOLS =
      List.of(
          "jira.search",
          "jira.delete",
          "jira.close",
          "http.get",
          "files.read",
          "pay.transfer",
          "tickets.label");

  private final Luck luck;
  private final RandomText text;

  RandomRequests(Luck luck) {
    this.luck = luck;
    this.text = new RandomText(luck);
  }

  /** A call that is one, mostly of the kind that is granted. */
  String plain() {
    return plain(luck.of(TOOLS));
  }

  String plain(String tool) {
    Map<String, String> args = new LinkedHashMap<>();
    String operation = luck.of("read", "read", "list", "write");
    String resource =
        luck.of(
            "jira:project/ACME/Q3/12", "jira:project/ACME/Q4/1", "jira:project/OTHER/1", "jira:x");
    switch (tool) {
      case "http.get" ->
          args.put(
              "url",
              quote(
                  luck.of(
                      "https://acme.com/a",
                      "https://docs.acme.com:8443/b",
                      "http://10.1.2.3:8000/",
                      "https://evil.example/acme.com",
                      "https://notacme.com/")));
      case "files.read" ->
          args.put(
              "file",
              quote(
                  luck.of(
                      "/data/reports/q3.csv",
                      "/data/reports",
                      "/data/reportsx/a",
                      "/data/other/q3.txt")));
      case "pay.transfer" -> {
        args.put("amount", luck.of("1", "99.5", "100", "100.000001", "1500.5", "0", "-1"));
        args.put("currency", quote(luck.of("CHF", "EUR", "USD")));
      }
      case "tickets.label" ->
          args.put(
              "labels",
              luck.of(
                  "[\"bug\"]",
                  "[]",
                  "[\"bug\",\"triage\"]",
                  "[\"bug\",\"x\"]",
                  "[\"bug\",1]",
                  "\"bug\""));
      default -> args.put("limit", luck.of("1", "50", "51", "5", "0"));
    }
    if (luck.percent(15)) {
      args.put(
          luck.of("note", "limit", "x"), luck.of("true", "null", "7", quote("é"), "{\"a\":[1,2]}"));
    }
    return request(
        tool, luck.percent(90) ? operation : null, luck.percent(85) ? resource : null, args);
  }

  private static String quote(String text) {
    return "\"" + text + "\"";
  }

  private static String request(
      String tool,
      @Nullable String operation,
      @Nullable String resource,
      Map<String, String> args) {
    StringBuilder json = new StringBuilder("{\"tool\":\"" + tool + "\"");
    if (operation != null) {
      json.append(",\"operation\":\"").append(operation).append('"');
    }
    if (resource != null) {
      json.append(",\"resource\":\"").append(resource).append('"');
    }
    List<String> members = new ArrayList<>();
    args.forEach((name, value) -> members.add(quote(name) + ":" + value));
    return json.append(",\"args\":{").append(String.join(",", members)).append("}}").toString();
  }

  /** Any call, of which about a half is none. */
  String any() {
    String made = luck.percent(45) ? plain() : hostile();
    return luck.percent(15) ? text.changed(made) : made;
  }

  private String hostile() {
    StringBuilder json = new StringBuilder("{\"tool\":");
    json.append(luck.percent(90) ? quote(luck.of(TOOLS)) : text.quoted(text.string()));
    if (luck.percent(50)) {
      json.append(space())
          .append(",\"operation\":")
          .append(luck.percent(85) ? "\"read\"" : text.quoted(text.string()));
    }
    if (luck.percent(60)) {
      json.append(",").append(space()).append("\"resource\":");
      json.append(
          text.quoted(
              luck.percent(40)
                  ? text.string()
                  : luck.of("jira:project/ACME/", "https://acme.com/", "", "db:") + text.string()));
    }
    List<String> members = new ArrayList<>();
    for (int i = luck.between(0, 3); i > 0; i--) {
      String name = luck.percent(92) ? luck.of("a", "b", "c", "d", "limit", "url") : text.string();
      members.add(text.quoted(name) + space() + ":" + value(luck.between(0, 3)));
    }
    return json.append(",\"args\":{")
        .append(String.join(",", members))
        .append(space())
        .append("}}")
        .toString();
  }

  private String space() {
    return luck.percent(90) ? "" : luck.of(" ", "\n\t", "\r", "\u00a0");
  }

  /** A value as JSON has it. */
  String value(int depth) {
    return switch (luck.below(depth > 0 ? 9 : 6)) {
      case 0, 1 -> text.number();
      case 2, 3, 4 -> text.quoted(text.string());
      case 5 -> luck.of("true", "false", "null");
      case 6 -> "{" + text.quoted(text.string()) + ":" + value(depth - 1) + "}";
      default -> "[" + value(depth - 1) + (luck.percent(60) ? "," + value(depth - 1) : "") + "]";
    };
  }

  /** A call as it is sent to the service over HTTP. */
  Sent http() {
    String origin =
        luck.percent(92)
            ? "https://acme.example.com"
            : luck.of(
                "https://api.example.com:8443",
                "https://a.b.example.com",
                "https://ACME.example.com",
                "http://acme.example.com",
                "https://acme.example.com:443",
                text.string());
    String prefix = luck.percent(97) ? "/jira" : luck.of("", "/jira/", "/Jira", "/%6aira");
    boolean fits = luck.percent(55);
    String path =
        luck.percent(75)
            ? luck.of(
                "/projects/ACME/issues",
                "/projects/mine/issues",
                "/issues",
                "/issues",
                "/issues/7/file")
            : luck.of("/projects/" + segment() + "/issues", "/issues/" + segment() + "/file");
    String method =
        luck.percent(95)
            ? path.equals("/issues") ? "POST" : path.endsWith("file") ? "PUT" : "GET"
            : luck.of("GET", "POST", "PATCH", "get", "");
    Sent sent =
        Sent.http(
            method,
            origin,
            prefix
                + path
                + (fits
                    ? path.endsWith("issues") && !path.equals("/issues")
                        ? luck.of("", "?limit=50", "?limit=5.0")
                        : ""
                    : query()));
    if (luck.percent(10)) {
      sent.field(luck.of("X-Priority", "x-priority", "X-Other"), luck.of("high", "a b", " a", "1"));
    }
    if (path.equals("/issues") ? luck.percent(95) : !fits && luck.percent(20)) {
      content(sent, fits);
    }
    return luck.percent(97) ? sent : sent.encoded(luck.of("gzip", "identity"));
  }

  private String segment() {
    return luck.of(
        "ACME", "7", "a%20b", "a+b", "%41", "..", ".", "", "a;b", "%2F", "a%2fb", "%C3%A9", "%e9",
        "é", "a:b", "a?b", "~x", "\\", "0x7", "1e1", "7.0");
  }

  private String query() {
    List<String> pairs = new ArrayList<>();
    for (int i = luck.below(4); i > 0; i--) {
      pairs.add(
          luck.percent(90)
              ? luck.of(
                  "limit=50",
                  "limit=5.0",
                  "limit=x",
                  "limit=1e1",
                  "limit=01",
                  "ratio=0.50",
                  "deep=true",
                  "deep=True",
                  "tags=a&tags=b",
                  "query=a+b",
                  "query=%F0%9F%98%80",
                  "query=/a/../b",
                  "any=[1]",
                  "trace=x",
                  "tenant=acme",
                  "id=x",
                  "query=%00",
                  "query=",
                  "limit")
              : text.string());
    }
    return pairs.isEmpty()
        ? luck.of("", "", "", "?")
        : "?" + String.join(luck.of("&", "&", ";", "&&"), pairs);
  }

  private void content(Sent sent, boolean fits) {
    List<String> members = new ArrayList<>();
    members.add("\"title\":" + (luck.percent(fits ? 97 : 80) ? "\"x\"" : value(1)));
    for (int i = fits ? 0 : luck.below(3); i > 0; i--) {
      members.add(
          quote(
                  luck.of(
                      "note", "link", "file", "host", "amount", "list", "map", "due", "links", "id",
                      "other"))
              + ":"
              + value(2));
    }
    String json = "{" + String.join(",", members) + "}";
    switch (luck.below(fits ? 40 : 10)) {
      case 0 ->
          sent.content(
              "application/x-www-form-urlencoded",
              luck.of(
                  "title=x",
                  "title=a+b&note=%C3%A9",
                  "title=x&title=y",
                  "title=x&",
                  "title=%2",
                  "list=a&list=b&title=x"));
      case 1 ->
          sent.content(
              luck.of(
                  "text/plain",
                  "application/json; charset=latin1",
                  "application/json;charset=UTF-8",
                  "application/vnd.x+json",
                  "application/json; q=1",
                  "image/png"),
              json);
      case 2 ->
          sent.content("application/json", luck.percent(50) ? text.changed(json) : text.string());
      case 3 -> sent.content(null, json);
      default -> sent.content("application/json", json);
    }
  }

  /** A call as it is sent to a server of the Model Context Protocol, or by a tool's name. */
  Sent message() {
    String file =
        "{\"path\":"
            + (luck.percent(60) ? "\"/a/b\"" : text.quoted(text.string()))
            + ",\"content\":"
            + text.quoted(text.string())
            + (luck.percent(10) ? ",\"x\":1" : "")
            + "}";
    String params =
        luck.of(
            "{\"name\":\"write_file\",\"arguments\":" + file + "}",
            "{\"name\":\"write_file\",\"arguments\":" + file + "}",
            "{\"name\":\"" + luck.of("write_file", "read_file", "") + "\"}",
            "{\"uri\":" + text.quoted(text.string()) + "}",
            "{\"name\":\"p\",\"arguments\":" + value(2) + "}",
            "{\"_meta\":" + value(1) + ",\"uri\":\"file:///a\"}");
    if (luck.percent(15)) {
      params = text.changed(params);
    }
    if (luck.percent(30)) {
      String args =
          "{\"project\":"
              + text.quoted(text.string())
              + (luck.percent(50) ? ",\"note\":" + value(1) : "")
              + "}";
      return Sent.tool(luck.of("jira.search", "jira.search", "files.read", "x"), args);
    }
    String fitting =
        params.startsWith("{\"uri") || params.startsWith("{\"_meta")
            ? "resources/read"
            : params.contains("\"p\"") ? "prompts/get" : "tools/call";
    return Sent.mcp(
        luck.percent(88)
            ? fitting
            : luck.percent(70)
                ? luck.of("tools/call", "resources/read", "prompts/get")
                : text.string(),
        params);
  }
}
