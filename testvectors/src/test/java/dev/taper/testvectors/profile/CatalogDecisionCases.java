package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;

import com.fasterxml.jackson.databind.JsonNode;

/** Decisions of a service that says itself, by its catalog, what calls mean. */
final class CatalogDecisionCases {
  private static final String NOTE = "{\"note\":\"cafe\u0301\",\"project\":\"Q3\"}";

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that are decided by a service with a catalog: sent is what arrives, with the number"
              + " of its form, and the catalog says what it means.");

  private CatalogDecisionCases() {}

  static JsonNode file() {
    CatalogDecisionCases all = new CatalogDecisionCases();
    all.addMeaning();
    all.addChanged();
    all.addOpaque();
    return all.cases.file();
  }

  private static Decision by(String name, String attack, String catalog) {
    return new Decision(name, attack).with("catalog", catalog);
  }

  private static Decision by(String name, String catalog) {
    return new Decision(name, null).with("catalog", catalog);
  }

  private static Sent search(String arguments) {
    return Sent.tool("jira.search", arguments);
  }

  private static Sent get(String target) {
    return Sent.http("GET", CatalogTexts.ORIGIN, "/jira" + target);
  }

  private static Decision call(Decision decision, Chain chain, Sent sent, JsonNode expect) {
    return decision.call(chain, Cast.PLANNER, sent, sent, expect);
  }

  private void addMeaning() {
    Chain planner = Story.planner();
    Decision tool = by("the catalog says operation and resource", CatalogTexts.MCP);
    call(tool, planner, search("{\"project\":\"Q3\"}"), allowed());
    call(
        tool,
        planner,
        Sent.mcp("prompts/get", "{\"name\":\"x\"}"),
        denied("out_of_scope", 0, "agent:planner"));
    tool.addTo(cases);
    Chain issues = Story.granted("issue.search read on jira:project/ACME where limit <= 50");
    Decision http = by("the catalog says what a request means", CatalogTexts.HTTP);
    call(http, issues, get("/projects/ACME/issues?limit=5"), allowed());
    for (String other :
        new String[] {
          "/projects/ACME/issues?limit=51", "/projects/ACME/issues", "/projects/WIKI/issues?limit=5"
        }) {
      call(http, issues, get(other), denied("out_of_scope", 0, "agent:planner"));
    }
    call(http, issues, get("/projects/ACME/issues?limit=5&admin=1"), denied("unknown_argument"));
    call(http, issues, get("/projects/ACME"), denied("unknown_tool"));
    http.addTo(cases);
    Decision stated =
        by("a caller that calls its delete a read", "meaning_stated", CatalogTexts.MCP);
    Sent lie =
        Sent.request(
            "{\"tool\":\"jira.search\",\"operation\":\"read\",\"args\":{\"project\":\"Q3\"}}");
    stated
        .call(planner, Cast.PLANNER, search("{\"project\":\"Q3\"}"), lie, denied("invalid_request"))
        .addTo(cases);
  }

  private void addChanged() {
    Chain issues = Story.granted("issue.*");
    Sent signed = get("/projects/ACME/issues?limit=5");
    Decision decision = by("another request than was signed", "request_changed", CatalogTexts.HTTP);
    for (Sent received :
        new Sent[] {
          get("/projects/ACME/issues?limit=6"),
          get("/projects/WIKI/issues?limit=5"),
          Sent.http("GET", "https://other.example.com", "/jira/projects/ACME/issues?limit=5"),
          get("/projects/ACME/issues?limit=5").field("x-priority", "high"),
          get("/projects/ACME/issues?limit=5").content("application/json", "{\"deep\":true}")
        }) {
      decision.call(issues, Cast.PLANNER, signed, received, denied("request_mismatch"));
    }
    decision.call(issues, Cast.PLANNER, signed, signed, allowed());
    decision.addTo(cases);
    by("a question used for a call", "request_changed", CatalogTexts.HTTP)
        .call(issues, Cast.PLANNER, Sent.offer(), signed, denied("request_mismatch"))
        .addTo(cases);
  }

  private void addOpaque() {
    Chain planner = Story.planner();
    Decision nothing = by("something opaque that nothing forbids", CatalogTexts.MCP);
    call(nothing, planner, search(NOTE), allowed());
    nothing.addTo(cases);
    for (String policies :
        new String[] {
          "deny if arg(\"note\", \"bad\"); allow if true;",
          "deny if arg($n, \"bad\"); allow if true;",
          "reject if arg_path(\"note\", $p); allow if true;",
          "check all arg_number($n, $v); allow if true;",
          "bad($v) <- arg(\"note\", $v); deny if bad(\"x\"); allow if true;",
          "a($v) <- arg($n, $v); b($v) <- a($v); reject if b(\"x\"); allow if true;"
        }) {
      Decision hidden =
          by("something opaque past " + policies, "argument_hidden", CatalogTexts.MCP)
              .with("policies", policies);
      call(hidden, planner, search(NOTE), denied("argument_opaque"));
      call(hidden, planner, search(NOTE.replace("\u0301", "")), expected(policies));
      hidden.addTo(cases);
    }
    for (String policies :
        new String[] {
          "deny if arg(\"other\", \"bad\"); allow if true;",
          "deny if arg_opaque(\"other\"); allow if true;",
          "deny if tool(\"note\"); allow if true;",
          "allow if arg_opaque(\"note\");"
        }) {
      Decision other =
          by("something opaque beside " + policies, CatalogTexts.MCP).with("policies", policies);
      call(other, planner, search(NOTE), allowed());
      other.addTo(cases);
    }
    Decision token = by("something opaque past a block", "argument_hidden", CatalogTexts.MCP);
    Chain all = Story.own(planner, "check all arg(\"note\", $v), $v !== \"bad\";");
    call(token, all, search(NOTE), denied("argument_opaque"));
    token.addTo(cases);
    Decision constrained = by("something opaque that a grant constrains", CatalogTexts.MCP);
    Chain grant = Story.granted("jira.search where note != bad");
    call(constrained, grant, search(NOTE), denied("out_of_scope", 0, "agent:planner"));
    constrained.addTo(cases);
    Decision number =
        by("a number that is stated as text, past a limit", "argument_hidden", CatalogTexts.MCP)
            .with("policies", "deny if arg_decimal(\"limit\", 5000000); allow if true;");
    call(
        number, planner, search("{\"limit\":1e+30,\"project\":\"Q3\"}"), denied("argument_opaque"));
    call(
        number,
        planner,
        search("{\"limit\":9223372036855,\"project\":\"Q3\"}"),
        denied("argument_opaque"));
    call(number, planner, search("{\"limit\":5,\"project\":\"Q3\"}"), denied("policy_denied"));
    call(number, planner, search("{\"limit\":6,\"project\":\"Q3\"}"), allowed());
    number.addTo(cases);
    Decision half =
        by("a fraction, where an integer is forbidden", "argument_hidden", CatalogTexts.HTTP)
            .with("policies", "deny if arg(\"ratio\", 2); allow if true;");
    Chain ratio = Story.granted("issue.search");
    call(half, ratio, get("/projects/ACME/issues?ratio=1.5"), denied("argument_opaque"));
    call(half, ratio, get("/projects/ACME/issues?ratio=2"), denied("policy_denied"));
    call(half, ratio, get("/projects/ACME/issues?ratio=1"), allowed());
    half.addTo(cases);
    Decision other =
        by("a fraction where other values are forbidden", CatalogTexts.HTTP)
            .with(
                "policies",
                "deny if arg($n, \"bad\"); deny if arg_decimal($n, 2000000); allow if true;");
    call(other, ratio, get("/projects/ACME/issues?ratio=1.5"), allowed());
    other.addTo(cases);
  }

  /** What becomes of a note that could be stated, and is harmless. */
  private static JsonNode expected(String policies) {
    return policies.startsWith("check all") ? denied("check_failed") : allowed();
  }
}
