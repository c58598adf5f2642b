package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a holder sends to an approver, and what is none. */
final class ApprovalRequestCases {
  private ApprovalRequestCases() {}

  static JsonNode file() {
    Cases requests =
        new Cases(
            "approval-requests",
            "What a holder or a service sends to an approver (docs/profile.md, section 12), or what"
                + " is none.");
    byte[] token = ActivationCases.ifBoss().held();
    String audience = "\"audience\":\"svc:jira\",";
    String format = "\"format\":\"taper/1 approval request\"";
    String rest = "\"reason\":\"a duplicate\",\"token\":\"" + Messages.base64(token) + "\"}";
    String call = "{" + audience + "\"call\":" + CALL + ",";
    String good = call + format + "," + rest;
    requests.add(
        "a request",
        null,
        "text",
        good,
        "expect",
        Cases.ok(
            Json.object(
                "token",
                token,
                "call",
                ToolCall.parse(CALL).toJson(),
                "audience",
                "svc:jira",
                "reason",
                "a duplicate")));
    String catalog = "\"catalog\":\"" + "ab".repeat(32) + "\",";
    requests.add(
        "a request of a service with a catalog",
        null,
        "text",
        good.replace(format, catalog + format),
        "expect",
        Cases.ok(
            Json.object(
                "token",
                token,
                "call",
                ToolCall.parse(CALL).toJson(),
                "audience",
                "svc:jira",
                "reason",
                "a duplicate",
                "catalog",
                "ab".repeat(32))));
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put(
        "catalog that is no digest", good.replace(format, catalog.replace("ab", "AB") + format));
    bad.put("catalog that is null", good.replace(format, "\"catalog\":null," + format));
    bad.put("no format", call + rest);
    bad.put("another format", good.replace("taper/1", "taper/2"));
    bad.put("no audience", good.replace(audience, ""));
    bad.put("audience that is no label", good.replace("svc:jira", " svc:jira"));
    bad.put("no call", "{" + audience + format + "," + rest);
    bad.put("call that is a text", "{" + audience + "\"call\":\"x\"," + format + "," + rest);
    bad.put("another member", good.replaceFirst("\\{", "{\"x\":1,"));
    bad.put("a member twice", good.replaceFirst("\\{", "{\"reason\":\"x\","));
    bad.put("something behind", good + "x");
    bad.put("no JSON", "x");
    bad.put("reason of two lines", good.replace("a duplicate", "a\\nduplicate"));
    bad.put(
        "token that is sealed",
        good.replace(
            Messages.base64(token),
            Messages.base64(ActivationCases.ifBoss().sealed(Cast.PLANNER))));
    bad.put(
        "18 levels", good.replace("\"limit\":1", "\"limit\":" + "[".repeat(15) + "]".repeat(15)));
    requests.add(
        "token that is none",
        null,
        "text",
        good.replace(Messages.base64(token), "Zh"),
        "expect",
        Cases.code("invalid_base64"));
    requests.add(
        "call that is none",
        null,
        "text",
        good.replace("jira.delete", "jira..delete"),
        "expect",
        Cases.code("invalid_request"));
    String prose = CALL.replace("\"limit\":1", "\"note\":\"/../\"");
    requests.add(
        "a call with prose that looks like a path",
        null,
        "text",
        good.replace(CALL, prose),
        "expect",
        Cases.ok(
            Json.object(
                "token",
                token,
                "call",
                ToolCall.parse(prose, Set.of("note")).toJson(),
                "audience",
                "svc:jira",
                "reason",
                "a duplicate")));
    bad.forEach(
        (name, text) ->
            requests.add(
                name, null, "text", text, "expect", Cases.code("malformed_approval_request")));
    return requests.file();
  }
}
