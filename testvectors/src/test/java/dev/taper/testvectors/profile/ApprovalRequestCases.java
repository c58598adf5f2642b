package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.request.Invocation;
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
            "What a holder sends to an approver (docs/profile.md, section 12), or what is none.");
    byte[] token = EscalationCases.ifBoss().held();
    String format = "\"format\":\"taper/1 approval request\"";
    String rest = "\"reason\":\"a duplicate\",\"token\":\"" + Messages.base64(token) + "\"}";
    String call = "{\"call\":" + CALL + ",";
    String good = call + format + "," + rest;
    requests.add(
        "a request",
        null,
        "text",
        good,
        "expect",
        Cases.ok(
            Json.object(
                "token", token, "call", Invocation.parse(CALL).toJson(), "reason", "a duplicate")));
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("no format", call + rest);
    bad.put("another format", good.replace("taper/1", "taper/2"));
    bad.put("no call", "{" + format + "," + rest);
    bad.put("call that is a text", "{\"call\":\"x\"," + format + "," + rest);
    bad.put("another member", good.replace("{\"call\"", "{\"x\":1,\"call\""));
    bad.put("a member twice", good.replace("{\"call\"", "{\"reason\":\"x\",\"call\""));
    bad.put("something behind", good + "x");
    bad.put("no JSON", "x");
    bad.put("reason of two lines", good.replace("a duplicate", "a\\nduplicate"));
    bad.put(
        "token that is sealed",
        good.replace(
            Messages.base64(token),
            Messages.base64(EscalationCases.ifBoss().sealed(Cast.PLANNER))));
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
                Invocation.parse(prose, Set.of("note")).toJson(),
                "reason",
                "a duplicate")));
    bad.forEach(
        (name, text) ->
            requests.add(
                name, null, "text", text, "expect", Cases.code("malformed_approval_request")));
    return requests.file();
  }
}
