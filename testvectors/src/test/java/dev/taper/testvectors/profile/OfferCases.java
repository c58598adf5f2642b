package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a holder is told that its chain does not exclude. */
final class OfferCases {
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "tools": {
         "jira.search": {
           "operation": "read", "resource": "jira:project/{project}",
           "arguments": {
             "project": {"type": "string", "required": true}, "limit": {"type": "integer"},
             "trace": {"dropped": true}}},
         "jira.delete": {
           "operation": "delete", "resource": "jira:project/{project}",
           "arguments": {"project": {"type": "string"}}},
         "jira.settings": {"operation": "read", "resource": "jira:settings"},
         "jira.status": {"operation": "read"},
         "mail.send": {"arguments": {"to": {"type": "string", "required": true}}}}}
      """;

  /** Tools whose calls a list has as entries. */
  private static final String ENTRIES =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "tools": {
         "files.read": {
           "operation": "read", "resource": "{+uri}",
           "arguments": {
             "uri": {"type": "string"}, "range": {"type": "integer"},
             "trace": {"dropped": true}}},
         "pages.read": {
           "resource": "wiki:ACME/{page}/{part}",
           "arguments": {"page": {"type": "string"}, "part": {"type": "integer"}}},
         "prompts.get": {
           "arguments": {
             "name": {"type": "any"}, "arguments": {"type": "object"},
             "link": {"type": "string", "is": "url"}}}}}
      """;

  private static final String ALL = "jira.delete jira.search jira.settings jira.status mail.send";

  private final Cases cases =
      new Cases(
          "offers",
          "Holders who ask which tools of a service's catalog their chains do not exclude"
              + " (docs/profile.md, section 11), with a proof of form 4. expect has the tools'"
              + " names, ascending. With entry, they ask about calls of one tool whose argument is"
              + " a value or starts with start: expect has the tool's name if calls are left.");

  private OfferCases() {}

  static JsonNode file() {
    OfferCases all = new OfferCases();
    all.addGrants();
    all.addChains();
    all.addConditions();
    all.addProofs();
    all.addEntries();
    return all.cases.file();
  }

  private void offer(
      String name,
      @Nullable String attack,
      Chain chain,
      @Nullable String proof,
      Instant now,
      ObjectNode expect) {
    cases.add(
        name,
        attack,
        "verifier",
        verifier(CATALOG),
        "token",
        chain.held(),
        "proof",
        proof,
        "now",
        now.toEpochMilli(),
        "expect",
        expect);
  }

  private static ObjectNode verifier(String catalog) {
    return Json.object(
        "audience",
        Cast.JIRA,
        "roots",
        List.of(Decision.root(Cast.ROOT.publicKey().toString(), null)),
        "catalog",
        catalog);
  }

  private static String proof(Chain chain, PrivateKey holder, String audience, Sent asked) {
    byte[] state = Objects.requireNonNull(chain.state());
    return ProofCases.proof(holder, state, audience, List.of(), asked, Cast.NOON, ProofCases.NONCE);
  }

  private static ObjectNode tools(String names) {
    return Cases.ok(names.isEmpty() ? List.of() : List.of(names.split(" ", -1)));
  }

  private void offered(String name, Chain chain, PrivateKey holder, ObjectNode expect) {
    String proof = proof(chain, holder, Cast.JIRA, Sent.offer());
    offer(name, null, chain, proof, Cast.NOON, expect);
  }

  private void granted(String grants, String names) {
    offered("granted: " + grants, Story.granted(grants), Cast.PLANNER, tools(names));
  }

  private void addGrants() {
    granted("*", ALL);
    granted("jira.*", "jira.delete jira.search jira.settings jira.status");
    granted("jira.search, mail.send", "jira.search mail.send");
    granted("mail", "");
    granted("* read", "jira.search jira.settings jira.status");
    granted("* read, delete", "jira.delete jira.search jira.settings jira.status");
    granted("* on jira:project/ACME/*", "jira.delete jira.search");
    granted("* on jira:*", "jira.delete jira.search jira.settings");
    granted("* on jira:project/ACME", "jira.delete jira.search");
    granted("* on jira:settings", "jira.settings");
    granted("* on jira:settings/*", "");
    granted("* on wiki:x", "");
    granted("* where limit <= 5", "jira.search");
    granted("* where project starts with A", "jira.delete jira.search");
    granted("* where trace = a", "");
    granted("* where only project", "jira.delete jira.search jira.settings jira.status");
    granted("* where only limit", "jira.settings jira.status");
    granted("* where no arguments", "jira.settings jira.status");
    granted("jira.search on wiki:x or mail.send", "mail.send");
    granted("mail.send if approved by " + Cast.BOSS.publicKey(), "mail.send");
    granted("jira.status if justified within 15m", "jira.status");
  }

  private static Chain hop(Chain chain, String datalog, @Nullable String grants) {
    return chain.then(
        Story.block(null, "holder(\"agent:researcher\"); " + datalog, grants, null),
        Cast.PLANNER,
        Cast.RESEARCHER.publicKey(),
        1);
  }

  private void addChains() {
    Chain all = Story.granted("jira.*, mail.*");
    offered(
        "later blocks narrow",
        hop(all, "", "* read"),
        Cast.RESEARCHER,
        tools("jira.search jira.settings jira.status"));
    offered("later blocks do not widen", hop(all, "", "*"), Cast.RESEARCHER, tools(ALL));
    offered(
        "what no shape says is left in",
        hop(all, "check if tool(\"nothing\"), operation(\"none\"), true;", null),
        Cast.RESEARCHER,
        tools(ALL));
  }

  private void condition(String name, String check, ObjectNode expect) {
    offered(name, hop(Story.granted("*"), check, null), Cast.RESEARCHER, expect);
  }

  private void addConditions() {
    condition("this service", "check if audience(\"svc:jira\");", tools(ALL));
    condition("another service", "check if audience(\"svc:crm\");", Cases.code("wrong_audience"));
    condition("this task", "check if task(\"T-4711\");", tools(ALL));
    condition("another task", "check if task(\"T-0\");", Cases.code("wrong_task"));
    condition("handed on once", "check if depth($d), $d <= 1;", tools(ALL));
    condition("handed on too often", "check if depth($d), $d <= 0;", Cases.code("too_deep"));
    condition("ended", "check if time($t), $t < 2030-01-01T12:00:00Z;", Cases.code("expired"));
    condition(
        "not yet", "check if time($t), $t >= 2030-01-01T12:00:01Z;", Cases.code("not_yet_valid"));
    condition(
        "a holder whom nobody knows",
        "check if invoker($i), holder_verified($i);",
        Cases.code("holder_not_verified"));
    condition(
        "a budget of a store that the service has not",
        "budget(\"a\", \"acme\", {\"*\"}, null, null, 1, null); check if budget_store(\"acme\");",
        Cases.code("budget_unavailable"));
  }

  private void addProofs() {
    Chain chain = Story.granted("*");
    String good = proof(chain, Cast.PLANNER, Cast.JIRA, Sent.offer());
    offer("without a proof", "stolen_token", chain, null, Cast.NOON, code("proof_required"));
    offer(
        "by another key",
        "proof_by_another_key",
        chain,
        proof(chain, Cast.RESEARCHER, Cast.JIRA, Sent.offer()),
        Cast.NOON,
        code("proof_mismatch"));
    offer(
        "a question for another token",
        "proof_moved",
        Story.granted("jira.*"),
        good,
        Cast.NOON,
        code("proof_mismatch"));
    offer(
        "a question to another service",
        "request_changed",
        chain,
        proof(chain, Cast.PLANNER, "svc:crm", Sent.offer()),
        Cast.NOON,
        code("request_mismatch"));
    offer(
        "a call used for a question",
        "request_changed",
        chain,
        proof(chain, Cast.PLANNER, Cast.JIRA, Sent.tool("jira.status", "{}")),
        Cast.NOON,
        code("request_mismatch"));
    offer(
        "a question kept too long",
        "proof_out_of_window",
        chain,
        good,
        Cast.NOON.plus(Duration.ofSeconds(61)),
        code("proof_expired"));
  }

  /** Asks about calls with one argument that is known, or of which the start is. */
  private void entry(
      String grants, String tool, String argument, String form, String text, boolean isLeft) {
    Chain chain = Story.granted(grants);
    cases.add(
        "granted: %s; %s with %s, %s %s".formatted(grants, tool, argument, form, text),
        null,
        "verifier",
        verifier(ENTRIES),
        "token",
        chain.held(),
        "proof",
        proof(chain, Cast.PLANNER, Cast.JIRA, Sent.offer()),
        "now",
        Cast.NOON.toEpochMilli(),
        "entry",
        Json.object("tool", tool, "argument", argument, form, text),
        "expect",
        tools(isLeft ? tool : ""));
  }

  private void file(String grants, String uri, boolean isLeft) {
    entry(grants, "files.read", "uri", "value", uri, isLeft);
  }

  private void files(String grants, String start, boolean isLeft) {
    entry(grants, "files.read", "uri", "start", start, isLeft);
  }

  private void prompt(String grants, String name, boolean isLeft) {
    entry(grants, "prompts.get", "name", "value", name, isLeft);
  }

  private void addEntries() {
    file("*", "file:///pub/a", true);
    file("prompts.*", "file:///pub/a", false);
    file("* on file:///pub/*", "file:///pub/a", true);
    file("* on file:///pub/*", "file:///etc/a", false);
    file("* on file:///pub/a", "file:///pub/ab", false);
    file("* on file:///etc/* or * on file:///pub/a", "file:///pub/a", true);
    file("* where uri under /pub", "/pub/a", true);
    file("* where uri under /pub", "/etc/a", false);
    file("* on file:///pub/* where range <= 5", "file:///pub/a", true);
    file("* where only uri", "file:///pub/a", true);
    file("* where only range", "file:///pub/a", false);
    file("*", "file:///pub/../etc", false);
    file("*", "", false);
    entry("*", "files.read", "trace", "value", "a", true);
    entry("* where only uri", "files.read", "trace", "value", "a", true);
    entry("*", "files.read", "nothing", "value", "a", false);
    entry("*", "files.read", "range", "value", "a", false);
    prompt("* where name = greet", "greet", true);
    prompt("* where name = greet", "other", false);
    prompt("* where name != greet", "greet", false);
    prompt("* where name in greet, ask", "ask", true);
    prompt("* where name starts with g", "greet", true);
    prompt("* where name starts with g", "ask", false);
    prompt("* where name matches g.*", "greet", true);
    prompt("* where name matches g.*", "ask", false);
    prompt("* where name length <= 3", "greet", false);
    prompt("* where name <= 5", "greet", false);
    prompt("* where only arguments", "greet", false);
    prompt("* where only arguments, name", "greet", true);
    prompt("* where name = greet if approved by " + Cast.BOSS.publicKey(), "greet", true);
    prompt("* where link host in a.example", "greet", true);
    entry("* where link host in a.example", "prompts.get", "link", "value", "a.example/x", true);
    entry("* where link host in a.example", "prompts.get", "link", "value", "b.example/x", false);
    entry("* on wiki:*", "pages.read", "page", "value", "Start", true);
    entry("* on wiki:ACME/Start/1", "pages.read", "page", "value", "Start", true);
    entry("* on wiki:ACME/Other/*", "pages.read", "page", "value", "Start", false);
    addStarts();
  }

  private void addStarts() {
    files("*", "file:///pub/", true);
    files("* on file:///pub/*", "file:///pub/q3/", true);
    files("* on file:///pub/*", "file:///", true);
    files("* on file:///pub/*", "file:///etc/", false);
    files("* on file:///pub/a", "file:///pub/", true);
    files("* on file:///pub/a", "file:///pub/b", false);
    files("* on file:///pub/*", "", true);
    files("* where uri = /pub/a", "/pub/", true);
    files("* where uri = /pub/a", "/etc/", false);
    files("* where uri in 5, /pub/a", "/pub/", true);
    files("* where uri in 5, 6", "", false);
    files("* where uri != /pub/a", "/pub/a", true);
    files("* where uri starts with /pub/", "/p", true);
    files("* where uri starts with /pub/", "/pub/q3", true);
    files("* where uri starts with /pub/", "/etc/", false);
    files("* where uri matches \"/pub/.*\"", "/etc/", true);
    files("* where uri under /pub", "/etc/", true);
    files("* where only range", "/pub/", false);
    entry("*", "files.read", "nothing", "start", "", false);
    entry("* on wiki:ACME/*", "pages.read", "page", "start", "St", true);
    entry("* on wiki:ACME/A/*", "pages.read", "page", "start", "St", false);
  }

  private static ObjectNode code(String code) {
    return Cases.code(code);
  }
}
