package dev.taper.cli.demo;

import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.policies.Policies;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Alice lets a planner work on a task; it hands parts of it on; two services decide. */
final class DelegationStory {
  private static final String SEARCH =
      """
      {"tool": "jira.search", "operation": "read", "resource": "jira:project/ACME/Q3/open", \
      "args": {"limit": 50}}
      """;
  private static final String FETCH =
      """
      {"tool": "web.get", "operation": "read", "args": {"url": "https://status.acme.com/q3"}}
      """;
  private static final String SEARCH_Q4 =
      """
      {"tool": "jira.search", "operation": "read", "resource": "jira:project/ACME/Q4/open", \
      "args": {"limit": 50}}
      """;
  private static final String FETCH_DOCS =
      """
      {"tool": "web.get", "operation": "read", "args": {"url": "https://docs.acme.com/plans"}}
      """;
  private static final String DELETE =
      """
      {"tool": "jira.delete", "operation": "delete", "resource": "jira:project/ACME/Q3/12"}
      """;

  private final Stage stage;
  private final Outputs files;

  DelegationStory(Stage stage, Outputs files) {
    this.stage = stage;
    this.files = files;
  }

  void tell() {
    keysAndRequests();
    handOver();
    allowedCalls();
    stolenToken();
    replayedProof();
    widerHop();
    expiredHop();
    outsideScope();
  }

  static void write(Outputs files, String name, String content) {
    files.file(name, content.getBytes(StandardCharsets.UTF_8), false, true);
  }

  private void keysAndRequests() {
    write(files, "search.json", SEARCH);
    write(files, "fetch.json", FETCH);
    write(files, "search-q4.json", SEARCH_Q4);
    write(files, "fetch-docs.json", FETCH_DOCS);
    write(files, "delete.json", DELETE);
    write(files, "default.datalog", Policies.source("default"));
    stage.say("1. Everybody has a key of their own, which never leaves them.");
    for (String name : List.of("root", "planner", "researcher", "scraper", "thief")) {
      stage.run(ExitCode.OK, name + ".pub", "keygen --out %s", name + ".key");
    }
  }

  private void handOver() {
    stage.say("2. Alice lets the planner work on one task for an hour, at two services.");
    stage.run(
        ExitCode.OK,
        "",
        "mint --key root.key --delegator user:alice@acme.com --holder agent:planner=planner.pub"
            + " --task T-4711 --purpose %s --grant %s --grant %s --expires 1h --audience svc:jira"
            + " --audience svc:web --out planner.token",
        "triage Q3 tickets",
        "jira.* read, list on jira:project/ACME/*",
        "web.get read where url scheme in https and url host in acme.com, *.acme.com");

    stage.say("3. Offline, each agent hands on less than it has: the next key is the next agent.");
    stage.run(
        ExitCode.OK,
        "",
        "delegate planner.token --key planner.key --holder agent:researcher=researcher.pub"
            + " --grant %s --grant %s --expires 10m --out researcher.token",
        "jira.search on jira:project/ACME/Q3/*",
        "web.get where url host in docs.acme.com, status.acme.com");
    stage.run(
        ExitCode.OK,
        "",
        "delegate researcher.token --key researcher.key --holder agent:scraper=scraper.pub"
            + " --grant %s --grant %s --max-depth 2 --out scraper.token",
        "jira.search read where limit <= 50 and only limit",
        "web.get read where url host in status.acme.com");
    stage.run(
        ExitCode.OK,
        List.of("verified with", "agent:scraper", "narrows"),
        "inspect scraper.token --public-key root.pub");
    stage.run(ExitCode.OK, "narrower in", "diff scraper.token planner.token");
    stage.run(ExitCode.OK, "", "inspect scraper.token --public-key root.pub --html scraper.html");
  }

  private void allowedCalls() {
    stage.say("4. The scraper proves its calls; the services verify the whole chain offline.");
    prove("scraper", "search.json", "svc:jira", "search.proof");
    authorize(ExitCode.OK, List.of("ALLOWED"), "search.json", "svc:jira", "search.proof");
    prove("scraper", "fetch.json", "svc:web", "fetch.proof");
    authorize(ExitCode.OK, List.of("ALLOWED"), "fetch.json", "svc:web", "fetch.proof");
  }

  private void stolenToken() {
    stage.say("5. A thief has the token, but not the scraper's key.");
    authorize(
        ExitCode.DENIED,
        List.of("proof_required", "hop 2", "agent:scraper"),
        "scraper",
        "search.json",
        "svc:jira",
        "");
    stage.run(
        ExitCode.USAGE,
        "who holds the token",
        "prove scraper.token --key thief.key --request search.json --audience svc:jira");
    stage.say("   Nor does a proof over a token of its own help.");
    stage.run(
        ExitCode.OK,
        "",
        "mint --key thief.key --delegator user:alice@acme.com --holder agent:scraper=thief.pub"
            + " --task T-4711 --grant * --expires 1h --out thief.token");
    prove("thief", "search.json", "svc:jira", "thief.proof");
    authorize(
        ExitCode.DENIED,
        List.of("proof_mismatch", "hop 2", "agent:scraper"),
        "search.json",
        "svc:jira",
        "thief.proof");
    stage.run(
        ExitCode.INVALID_TOKEN,
        "signature",
        "authorize thief.token --public-key root.pub --request search.json --audience svc:jira"
            + " --proof thief.proof --without-revocation");
  }

  private void replayedProof() {
    stage.say("6. Somebody listens, and sends token, call and proof once more.");
    prove("scraper", "search.json", "svc:jira", "once.proof");
    String more = " --replay-memory used-proofs";
    authorize(
        ExitCode.OK, List.of("ALLOWED"), "scraper", "search.json", "svc:jira", "once.proof" + more);
    authorize(
        ExitCode.DENIED,
        List.of("proof_replayed", "hop 2", "agent:scraper"),
        "scraper",
        "search.json",
        "svc:jira",
        "once.proof" + more);
  }

  private void widerHop() {
    stage.say("7. The researcher claims to hand on more than it has. That has no effect.");
    stage.run(
        ExitCode.OK,
        List.of("warning", "(wider)", "(outlives_parent)"),
        "delegate researcher.token --key researcher.key --holder agent:scraper=scraper.pub"
            + " --grant %s --expires 1d --out wider.token",
        "jira.search, jira.delete read, delete on jira:project/ACME/*");
    stage.run(
        ExitCode.OK,
        "",
        "prove wider.token --key scraper.key --request delete.json --audience svc:jira"
            + " --out delete.proof");
    authorize(
        ExitCode.DENIED,
        List.of("out_of_scope", "hop 0", "granted by user:alice@acme.com", "ask user:alice"),
        "wider",
        "delete.json",
        "svc:jira",
        "delete.proof");
  }

  private void expiredHop() {
    stage.say("8. Too late: the researcher's ten minutes are over. The planner's hour is not.");
    stage.run(
        ExitCode.OK,
        "",
        "prove scraper.token --key scraper.key --request search.json --audience svc:jira"
            + " --time +15m --out late.proof");
    authorize(
        ExitCode.DENIED,
        List.of("expired", "hop 1", "granted by agent:planner", "agent:planner's"),
        "scraper",
        "search.json",
        "svc:jira",
        "late.proof --time +15m");
  }

  private void outsideScope() {
    stage.say("9. Calls outside of what was granted, and whom to ask for more.");
    prove("scraper", "search-q4.json", "svc:jira", "q4.proof");
    authorize(
        ExitCode.DENIED,
        List.of("out_of_scope", "hop 1", "agent:researcher", "ask agent:planner"),
        "search-q4.json",
        "svc:jira",
        "q4.proof");
    prove("scraper", "fetch-docs.json", "svc:web", "docs.proof");
    authorize(
        ExitCode.DENIED,
        List.of("out_of_scope", "hop 2", "agent:scraper", "ask agent:researcher"),
        "fetch-docs.json",
        "svc:web",
        "docs.proof");
  }

  private void prove(String holder, String request, String audience, String proof) {
    stage.run(
        ExitCode.OK,
        "",
        "prove %s --key %s --request %s --audience %s --out %s",
        holder + ".token",
        holder + ".key",
        request,
        audience,
        proof);
  }

  private void authorize(
      ExitCode expected, List<String> texts, String request, String audience, String proof) {
    authorize(expected, texts, "scraper", request, audience, proof);
  }

  private void authorize(
      ExitCode expected,
      List<String> texts,
      String token,
      String request,
      String audience,
      String proof) {
    stage.run(
        expected,
        texts,
        "authorize %s --public-key root.pub --policy default.datalog --request %s --audience %s"
            + (proof.isEmpty() ? "" : " --proof " + proof)
            + " --without-revocation",
        token + ".token",
        request,
        audience);
  }
}
