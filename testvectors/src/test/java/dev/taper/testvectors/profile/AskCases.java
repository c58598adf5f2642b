package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent to ask for an approval, and how asks stand. */
final class AskCases {
  private static final String LEAST =
      "\"method\":\"DELETE\",\"target\":\"/issues/7\",\"reason\":\"a duplicate\"";

  private final Cases cases =
      new Cases(
          "asks",
          "What a holder sends to ask about a call (docs/binding.md, asks), with the origin to which"
              + " it is sent; expect has the call as a service reads it.");

  private AskCases() {}

  static JsonNode file() {
    AskCases all = new AskCases();
    all.addGood();
    all.addBad();
    return all.cases.file();
  }

  private void add(String name, String content, ObjectNode expect) {
    cases.add(name, null, "origin", HttpCases.ORIGIN, "content", content, "expect", expect);
  }

  private static ObjectNode asked(@Nullable Object... more) {
    ObjectNode call = Json.object("method", "DELETE", "target", "/issues/7");
    call.setAll(Json.object(more));
    call.put("reason", "a duplicate");
    return Cases.ok(call);
  }

  private void addGood() {
    add("a call without content", "{" + LEAST + "}", asked());
    add("white space, and another order", " { " + reversed() + " }\n", asked());
    byte[] json = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);
    add(
        "a call with all there is",
        "{"
            + LEAST
            + ",\"content_type\":\"application/json\",\"content_encoding\":\"identity\","
            + "\"fields\":{\"x-site\":\"A, b\"},\"content\":\""
            + Messages.base64(json)
            + "\"}",
        asked(
            "contentType",
            "application/json",
            "contentEncoding",
            "identity",
            "fields",
            Json.object("x-site", "A, b"),
            "content",
            json));
    add("no fields", "{" + LEAST + ",\"fields\":{}}", asked());
    add("content of no bytes", "{" + LEAST + ",\"content\":\"\"}", asked());
  }

  private static String reversed() {
    return "\"reason\" : \"a duplicate\" , \"target\" : \"/issues/7\", \"method\":\"DELETE\"";
  }

  private void bad(String name, String content) {
    add(name, content, Cases.code("invalid_request"));
  }

  private void addBad() {
    for (String missing : List.of("method", "target", "reason")) {
      bad("no " + missing, "{" + LEAST.replace("\"" + missing + "\"", "\"content\"") + "}");
    }
    for (String member : List.of("method", "reason", "content", "content_type")) {
      for (String value : List.of("null", "1", "[\"a\"]", "true")) {
        String others = LEAST.replaceAll("\"" + member + "\":\"[^\"]*\",?", "");
        String comma = others.endsWith(",") ? "" : ",";
        bad(
            member + " that is " + value,
            "{" + others + comma + "\"" + member + "\":" + value + "}");
      }
    }
    bad("fields that are no object", "{" + LEAST + ",\"fields\":\"x-site: A\"}");
    bad("a field that is no text", "{" + LEAST + ",\"fields\":{\"x-site\":1}}");
    bad("a field twice", "{" + LEAST + ",\"fields\":{\"x-site\":\"A\",\"X-Site\":\"A\"}}");
    bad("a member twice", "{" + LEAST + ",\"method\":\"GET\"}");
    bad("a member too many", "{" + LEAST + ",\"origin\":\"https://wiki.example.com\"}");
    bad("content with padding", "{" + LEAST + ",\"content\":\"YQ==\"}");
    bad("content in other letters", "{" + LEAST + ",\"content\":\"+/8\"}");
    bad("an absolute target", "{" + LEAST.replace("/issues", "https://a/issues") + "}");
    bad("a method in small letters", "{" + LEAST.replace("DELETE", "delete") + "}");
    bad("a reason of no characters", "{" + LEAST.replace("a duplicate", "") + "}");
    bad("a reason that nobody sees whole", "{" + LEAST.replace("a duplicate", "a\\u200bb") + "}");
    bad("no object", "[]");
    bad("something behind the end", "{" + LEAST + "}{}");
    bad("nothing", "");
  }

  /** How asks stand. */
  static JsonNode states() {
    Cases states =
        new Cases(
            "ask-states",
            "Asks as their holders and approvers read them (docs/binding.md, asks); request is in"
                + " canonical form.");
    String request = "{\"format\":\"taper/1 approval request\",\"audience\":\"svc:jira\"}";
    String sorted = "{\"audience\":\"svc:jira\",\"format\":\"taper/1 approval request\"}";
    String start = "{\"format\":\"taper/1 ask\",\"until\":1893502800,\"request\":" + request + ",";
    state(states, "an open ask", start + "\"state\":\"open\",\"approvals\":[]}", "open", sorted);
    state(
        states,
        "members that nobody knows",
        start + "\"state\":\"open\",\"approvals\":[],\"color\":1}",
        "open",
        sorted);
    states.add(
        "an ask that was answered",
        null,
        "content",
        start + "\"state\":\"answered\",\"approvals\":[\"AAAA\",\"BBBB\"]}",
        "expect",
        Cases.ok(stand("answered", sorted, List.of("AAAA", "BBBB"), null)));
    states.add(
        "an ask that was refused",
        null,
        "content",
        start + "\"state\":\"refused\",\"approvals\":[],\"refusal\":\"not today\"}",
        "expect",
        Cases.ok(stand("refused", sorted, List.of(), "not today")));
    for (String bad :
        List.of(
            start.replace("taper/1 ask", "taper/2 ask") + "\"state\":\"open\",\"approvals\":[]}",
            start + "\"state\":\"closed\",\"approvals\":[]}",
            start + "\"state\":\"open\"}",
            start + "\"state\":\"open\",\"approvals\":[1]}",
            start.replace("1893502800", "\"1893502800\"") + "\"state\":\"open\",\"approvals\":[]}",
            "[]")) {
      states.add("no ask: " + bad, null, "content", bad, "expect", Cases.code("invalid_request"));
    }
    return states.file();
  }

  private static void state(
      Cases states, String name, String content, String state, String request) {
    states.add(
        name, null, "content", content, "expect", Cases.ok(stand(state, request, List.of(), null)));
  }

  private static ObjectNode stand(
      String state, String request, List<String> approvals, @Nullable String refusal) {
    return Json.object(
        "state",
        state,
        "until",
        1_893_502_800,
        "request",
        request,
        "approvals",
        approvals,
        "refusal",
        refusal);
  }
}
