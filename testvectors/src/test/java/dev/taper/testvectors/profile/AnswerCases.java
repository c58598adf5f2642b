package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client makes of answers, and of what a service says of itself. */
final class AnswerCases {
  private static final String PROBLEM = "application/problem+json";
  private static final String SCOPE = "{\"status\":403,\"code\":\"out_of_scope\"}";

  private final Cases cases =
      new Cases(
          "answers",
          "Answers of a guarded service, or of a server before it, and what a client does about"
              + " them (docs/binding.md): whether it was served, or needs another token or proof,"
              + " another request, or some time; with what the problem says, if it is one.");

  private AnswerCases() {}

  static JsonNode file() {
    AnswerCases all = new AnswerCases();
    all.addServed();
    all.addRefusals();
    all.addOthers();
    return all.cases.file();
  }

  private void add(String name, int status, String type, String content, Object... expect) {
    ObjectNode answer =
        Json.object(
            "status",
            status,
            "fields",
            type.isEmpty() ? List.of() : List.of(List.of("Content-Type", type)),
            "content",
            content);
    ObjectNode outcome = Json.object("outcome", expect[0], "status", status);
    outcome.setAll(Json.object(Stream.of(expect).skip(1).toArray()));
    cases.add(name, null, "answer", answer, "expect", outcome);
  }

  private void addServed() {
    add("an answer", 200, "text/plain", "hello", "served");
    add("an answer that looks like a problem", 200, PROBLEM, SCOPE, "served");
    add("no content", 204, "", "", "served");
    add("a redirect, which is not followed", 307, "", "", "served");
  }

  private void addRefusals() {
    for (int status : List.of(400, 404, 413, 431)) {
      String problem = "{\"status\":%d,\"code\":\"a\",\"detail\":\"b\"}".formatted(status);
      add(
          "a problem of " + status,
          status,
          PROBLEM,
          problem,
          "another_request",
          "code",
          "a",
          "detail",
          "b");
    }
    String proof = "{\"code\":\"proof_expired\",\"detail\":\"130 s\",\"status\":401}";
    add(
        "a proof that is too old",
        401,
        PROBLEM,
        proof,
        "another_token_or_proof",
        "code",
        "proof_expired",
        "detail",
        "130 s");
    String decision = "{\"status\":403,\"code\":\"out_of_scope\",\"decision\":{\"a\":1}}";
    add(
        "a denial",
        403,
        PROBLEM,
        decision,
        "not_allowed",
        "code",
        "out_of_scope",
        "decision",
        Json.object("a", 1));
    add("a code alone", 403, PROBLEM, SCOPE, "not_allowed", "code", "out_of_scope");
    add(
        "a type with a parameter",
        403,
        "Application/Problem+JSON; charset=utf-8",
        SCOPE,
        "not_allowed",
        "code",
        "out_of_scope");
    add(
        "members that nobody knows",
        403,
        PROBLEM,
        "{\"status\":403,\"code\":\"a_new_code\",\"type\":\"about:blank\",\"title\":\"x\"}",
        "not_allowed",
        "code",
        "a_new_code");
    String later = "{\"status\":503,\"code\":\"revocation_stale\"}";
    add("a service that cannot know", 503, PROBLEM, later, "later", "code", "revocation_stale");
  }

  private void addOthers() {
    add("a server's own refusal", 400, "text/html", "<h1>Bad</h1>", "another_request");
    add("a server's own 431", 431, "", "", "another_request");
    add("a proxy's 503", 503, "text/html", "", "later");
    add("a proxy's 401", 401, "text/html", "", "another_token_or_proof");
    add("a problem that is no JSON", 403, PROBLEM, "{", "not_allowed");
    add("a problem that is no object", 403, PROBLEM, "[]", "not_allowed");
    add("a code that is no text", 403, PROBLEM, "{\"code\":1}", "not_allowed");
  }

  /** What services say of themselves. */
  static JsonNode services() {
    Cases services =
        new Cases(
            "services",
            "What a guarded service says of itself at /.well-known/taper, if it is one of the"
                + " vectors, and what a client reads of it (docs/binding.md).");
    said(services, "a service", Served.service(), "[\"held\"]", "");
    ObjectNode all = Served.service();
    all.put("bearer", true).put("sealed", true);
    said(services, "a service that takes all kinds", all, "[\"held\",\"bearer\",\"sealed\"]", "");
    ObjectNode sealed = Served.service();
    sealed.put("sealed", true);
    said(services, "a service that takes sealed tokens", sealed, "[\"held\",\"sealed\"]", "");
    said(services, "members that nobody knows", null, "[\"held\"]", ",\"region\":\"x\"");
    said(services, "a service with asks", null, "[\"held\"]", ",\"asks\":\"/v1/asks\"");
    services.add(
        "another format",
        null,
        "document",
        "{\"format\":\"taper/2 service\",\"audience\":\"svc:jira\",\"kinds\":[],\"profiles\":[],\"proofs\":[]}",
        "expect",
        Cases.code("invalid_request"));
    return services.file();
  }

  private static void said(
      Cases services, String name, @Nullable ObjectNode service, String kinds, String more) {
    String document =
        "{\"format\":\"taper/1 service\",\"audience\":\"svc:jira\",\"kinds\":%s,\"profiles\":[\"taper/1\"],\"proofs\":[2]%s}"
            .formatted(kinds, more);
    ObjectNode expect =
        Json.object(
            "audience",
            Cast.JIRA,
            "kinds",
            Json.read(kinds.getBytes(StandardCharsets.UTF_8)),
            "profiles",
            List.of("taper/1"),
            "proofs",
            List.of(2));
    if (more.contains("asks")) {
      expect.put("asks", "/v1/asks");
    }
    services.add(name, null, "service", service, "document", document, "expect", Cases.ok(expect));
  }
}
