package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.Story.SEARCH;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all calls under a block may use up together, and those who want more. */
final class BudgetCases {
  private static final String STORE = "check if budget_store(\"acme\");";
  private static final String RESEARCHERS = "holder(\"agent:researcher\"); ";
  private static final String SCRAPERS = "holder(\"agent:scraper\"); ";
  private static final String ROOT = Cast.ROOT.publicKey().toString();
  private static final String CATALOG =
      "{\"format\":\"taper/1 catalog\",\"audience\":\"svc:jira\",\"tools\":{"
          + "\"pay.transfer\":{\"operation\":\"write\",\"resource\":\"pay:account/{account}\","
          + "\"arguments\":{\"account\":{\"type\":\"string\",\"required\":true},"
          + "\"amount\":{\"type\":\"number\",\"unit\":\"EUR\",\"nullable\":true},"
          + "\"points\":{\"type\":\"integer\"}}}}}";

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that budgets bound (docs/profile.md, section 9). A verifier counts the budgets of"
              + " its stores, knows issuers by the stable names of their root keys, and derives"
              + " what a request means if it has a catalog. counters says what an allowed call was"
              + " charged to, in the order of stores, then of blocks.");

  private BudgetCases() {}

  private static String calls(String id, long limit) {
    return budget(id, "null, null", limit, "null");
  }

  private static String budget(String id, String argumentAndUnit, long limit, String window) {
    return fact(id, "{\"*\"}", argumentAndUnit, limit, window) + " " + STORE;
  }

  private static String fact(
      String id, String tools, String argumentAndUnit, long limit, String window) {
    return "budget(\"%s\", \"acme\", %s, %s, %d, %s);"
        .formatted(id, tools, argumentAndUnit, limit, window);
  }

  private static Chain planner(String budgets) {
    return Story.stating(Story.STATED + budgets);
  }

  private static Chain researcher(Chain chain, String budgets) {
    return chain.then(RESEARCHERS + budgets, Cast.PLANNER, Cast.RESEARCHER.publicKey());
  }

  private static Chain scraper(Chain chain, String budgets) {
    return chain.then(SCRAPERS + budgets, Cast.PLANNER, Cast.SCRAPER.publicKey());
  }

  private static String many(int count) {
    StringBuilder facts = new StringBuilder();
    for (int i = 0; i < count; i++) {
      facts.append(fact("b" + i, "{\"*\"}", "null, null", i, "null")).append(' ');
    }
    return facts + STORE;
  }

  /** Tokens that are right, by name. */
  static Map<String, Chain> good() {
    Map<String, Chain> good = new LinkedHashMap<>();
    good.put("a budget of calls", planner(calls("trip", 2)));
    good.put(
        "budgets of two stores, of calls and amounts, with windows",
        planner(
            "budget(\"a\", \"acme\", {\"jira.*\", \"pay.transfer\"}, \"amount\", \"EUR\", 500000000,"
                + " 31622400); budget(\"b\", \"group\", {\"*\"}, null, null, 0, 1); "
                + STORE
                + " check if budget_store(\"group\");"));
    good.put("16 budgets of one token", researcher(planner(many(15)), calls("more", 1)));
    good.put(
        "one id in two blocks, and in two stores",
        researcher(
            planner(calls("trip", 2)),
            calls("trip", 1)
                + " budget(\"other\", \"group\", {\"*\"}, null, null, 1, null);"
                + " check if budget_store(\"group\");"));
    return good;
  }

  /** Adds tokens that are refused. */
  static void addRefused(Cases cases) {
    String fact = fact("a", "{\"*\"}", "null, null", 1, "null");
    refused(cases, "a budget without its check", planner(fact));
    refused(cases, "a budget's check without a budget", planner(STORE));
    refused(
        cases,
        "a budget with the check of another store",
        planner(fact + " check if budget_store(\"group\");"));
    refused(
        cases,
        "a budget with one more check",
        planner(fact + STORE + " check if budget_store(\"group\");"));
    refused(
        cases,
        "a budget whose check is always true",
        planner(fact + " check if budget_store(\"acme\") or true;"));
    refused(cases, "a budget's check in another block", Story.own(planner(fact), STORE));
    refused(cases, "a budget derived", planner("note(1); budget(1) <- note(1);"));
    refused(
        cases,
        "two budgets of one id",
        planner(fact + fact("a", "{\"*\"}", "null, null", 2, "null") + STORE));
    refused(cases, "17 budgets", researcher(planner(many(16)), calls("more", 1)));
    refused(
        cases,
        "a budget in a block with a scope",
        Story.own(Story.planner(), "trusting previous; " + fact + STORE));
    refused(
        cases,
        "a budget by a third party",
        Story.planner().third(Datalog.block(calls("a", 1)), Cast.AUDITOR, Cast.PLANNER));
    cases.add(
        "a budget in a bearer tail",
        "budget_without_check",
        "roots",
        List.of(ROOT),
        "token",
        Story.planner()
            .then(calls("a", 1), Cast.PLANNER, Cast.THROW_AWAY.publicKey())
            .bearer(Cast.THROW_AWAY),
        "expect",
        Cases.code("profile_violation"));
    forms().forEach((name, form) -> refused(cases, name, planner(form + " " + STORE)));
  }

  /** Facts of other forms. */
  private static Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("a budget of six terms", "budget(\"a\", \"acme\", {\"*\"}, null, null, 1);");
    forms.put("a budget below nothing", fact("a", "{\"*\"}", "null, null", -1, "null"));
    forms.put("a budget of a unit alone", fact("a", "{\"*\"}", "null, \"EUR\"", 1, "null"));
    forms.put("a budget of an argument alone", fact("a", "{\"*\"}", "\"n\", null", 1, "null"));
    forms.put("a budget with no tool", fact("a", "{,}", "null, null", 1, "null"));
    forms.put("a budget with tools in an array", fact("a", "[\"*\"]", "null, null", 1, "null"));
    forms.put(
        "a budget of all tools and one", fact("a", "{\"*\", \"b\"}", "null, null", 1, "null"));
    forms.put("a budget with half a prefix", fact("a", "{\"jira*\"}", "null, null", 1, "null"));
    forms.put("a budget with a tool that is none", fact("a", "{\"a b\"}", "null, null", 1, "null"));
    forms.put("a budget of 65 tools", fact("a", tools(65), "null, null", 1, "null"));
    forms.put("a budget with no window", fact("a", "{\"*\"}", "null, null", 1, "0"));
    forms.put(
        "a budget with a window of 367 days", fact("a", "{\"*\"}", "null, null", 1, "31708800"));
    forms.put(
        "a budget with a limit as text",
        "budget(\"a\", \"acme\", {\"*\"}, null, null, \"1\", null);");
    forms.put("a budget whose id is no label", fact(" a", "{\"*\"}", "null, null", 1, "null"));
    forms.put(
        "a budget whose id is long", fact("a".repeat(257), "{\"*\"}", "null, null", 1, "null"));
    forms.put(
        "a budget whose unit is long",
        fact("a", "{\"*\"}", "\"n\", \"" + "E".repeat(65) + "\"", 1, "null"));
    return forms;
  }

  private static String tools(int count) {
    StringBuilder tools = new StringBuilder("{\"t0\"");
    for (int i = 1; i < count; i++) {
      tools.append(", \"t").append(i).append('"');
    }
    return tools + "}";
  }

  private static void refused(Cases cases, String name, Chain chain) {
    cases.add(
        name,
        "budget_without_check",
        "roots",
        List.of(ROOT),
        "token",
        chain.held(),
        "expect",
        Cases.code("profile_violation"));
  }

  static JsonNode file() {
    BudgetCases all = new BudgetCases();
    all.addCounts();
    all.addChains();
    all.addWindows();
    all.addAmounts();
    all.addIssuers();
    all.addApproved();
    return all.cases.file();
  }

  private static Decision decision(String name, @Nullable String attack) {
    return new Decision(name, attack).with("stores", List.of("acme"));
  }

  private static ObjectNode exhausted(int hop, String holder) {
    return denied("budget_exhausted", hop, holder);
  }

  /** The name under which something is counted in the store acme. */
  private static String counter(String signer, String id, String unit, String window) {
    byte[] all = "\0TAPER\0BUDGET\0".getBytes(StandardCharsets.US_ASCII);
    for (String part : List.of(signer, Cast.DELEGATOR, "acme", id, unit, window)) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      all = Messages.join(all, ByteBuffer.allocate(4).putInt(text.length).array(), text);
    }
    return Json.hex(Messages.sha256(all));
  }

  private static String key(PrivateKey key) {
    return key.publicKey().toString();
  }

  private void addCounts() {
    Chain two = planner(calls("trip", 2));
    String counter = counter(ROOT, "trip", "", "");
    decision("calls are counted until none is left", "budget_overdrawn")
        .call(two, Cast.PLANNER, SEARCH, allowed())
        .charged(counter)
        .call(two, Cast.PLANNER, SEARCH, allowed())
        .charged(counter)
        .call(two, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .after(Duration.ofMinutes(30))
        .call(two, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    decision("a budget of nothing", "budget_overdrawn")
        .call(planner(calls("a", 0)), Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    Chain one = Story.stating(Story.STATED + "check if tool(\"jira.search\"); " + calls("trip", 1));
    decision("refused calls are not counted", null)
        .call(one, Cast.PLANNER, Story.DELETE, denied("out_of_scope", 0, PLANNER))
        .call(one, Cast.RESEARCHER, SEARCH, denied("proof_mismatch"))
        .call(one, Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    Chain mail =
        planner(fact("a", "{\"mail.*\", \"jira.delete\"}", "null, null", 0, "null") + STORE);
    decision("other tools are not counted", null)
        .call(mail, Cast.PLANNER, SEARCH, allowed())
        .charged()
        .call(mail, Cast.PLANNER, Story.DELETE, exhausted(0, PLANNER))
        .addTo(cases);
    new Decision("a verifier without the store", null)
        .with("stores", List.of("other"))
        .call(mail, Cast.PLANNER, SEARCH, denied("budget_unavailable", 0, PLANNER))
        .addTo(cases);
  }

  private void addChains() {
    Chain two = planner(calls("trip", 2));
    Chain searching = researcher(two, "");
    Chain scraping = scraper(two, "");
    decision("siblings share what their parent has", "budget_overdrawn")
        .call(searching, Cast.RESEARCHER, SEARCH, allowed())
        .call(scraping, Cast.SCRAPER, SEARCH, allowed())
        .call(searching, Cast.RESEARCHER, SEARCH, exhausted(0, PLANNER))
        .call(scraping, Cast.SCRAPER, SEARCH, exhausted(0, PLANNER))
        .call(two, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    Chain part = researcher(two, calls("part", 1));
    decision("a part of a budget, all or nothing", "budget_overdrawn")
        .call(part, Cast.RESEARCHER, SEARCH, allowed())
        .charged(counter(ROOT, "trip", "", ""), counter(key(Cast.PLANNER), "part", "", ""))
        .call(part, Cast.RESEARCHER, SEARCH, exhausted(1, RESEARCHER))
        .call(two, Cast.PLANNER, SEARCH, allowed())
        .call(part, Cast.RESEARCHER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    decision("new budgets in hops", "budget_renamed")
        .call(researcher(two, calls("new", 100)), Cast.RESEARCHER, SEARCH, allowed())
        .call(researcher(two, calls("newer", 100)), Cast.RESEARCHER, SEARCH, allowed())
        .call(researcher(two, calls("newest", 100)), Cast.RESEARCHER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    decision("the parent's id in a hop", null)
        .call(researcher(two, calls("trip", 100)), Cast.RESEARCHER, SEARCH, allowed())
        .charged(counter(ROOT, "trip", "", ""), counter(key(Cast.PLANNER), "trip", "", ""))
        .addTo(cases);
    Chain twice = Story.own(Story.own(Story.planner(), calls("own", 5)), calls("own", 1));
    decision("one counter twice in a chain", "budget_overdrawn")
        .call(twice, Cast.PLANNER, SEARCH, allowed())
        .charged(counter(key(Cast.PLANNER), "own", "", ""))
        .call(twice, Cast.PLANNER, SEARCH, exhausted(2, PLANNER))
        .call(Story.own(Story.planner(), calls("own", 5)), Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
  }

  private void addWindows() {
    Chain minutely = planner(budget("a", "null, null", 2, "60"));
    decision("a window that passes", "budget_overdrawn")
        .call(minutely, Cast.PLANNER, SEARCH, allowed())
        .charged(counter(ROOT, "a", "", "60"))
        .after(Duration.ofSeconds(30))
        .call(minutely, Cast.PLANNER, SEARCH, allowed())
        .after(Duration.ofSeconds(29))
        .call(minutely, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .after(Duration.ofSeconds(3))
        .call(minutely, Cast.PLANNER, SEARCH, allowed())
        .call(minutely, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    decision("other windows are other counters", null)
        .call(planner(budget("a", "null, null", 1, "60")), Cast.PLANNER, SEARCH, allowed())
        .call(planner(budget("a", "null, null", 1, "61")), Cast.PLANNER, SEARCH, allowed())
        .call(planner(calls("a", 1)), Cast.PLANNER, SEARCH, allowed())
        .call(
            planner(budget("a", "null, null", 1, "60")),
            Cast.PLANNER,
            SEARCH,
            exhausted(0, PLANNER))
        .addTo(cases);
  }

  private static String pay(String more) {
    return "{\"tool\":\"pay.transfer\",\"args\":{\"account\":\"7\"" + more + "}}";
  }

  private void addAmounts() {
    Chain euros = planner(budget("trip", "\"amount\", \"EUR\"", 500_000, "null"));
    decision("amounts are added up exactly", "budget_overdrawn")
        .with("catalog", CATALOG)
        .call(euros, Cast.PLANNER, pay(",\"amount\":0.3"), allowed())
        .charged(counter(ROOT, "trip", "EUR", ""))
        .call(euros, Cast.PLANNER, pay(",\"amount\":0.200001"), exhausted(0, PLANNER))
        .call(euros, Cast.PLANNER, pay(",\"amount\":0.2"), allowed())
        .call(euros, Cast.PLANNER, pay(",\"amount\":1e-6"), exhausted(0, PLANNER))
        .call(euros, Cast.PLANNER, pay(",\"amount\":0"), allowed())
        .addTo(cases);
    ObjectNode refusal = denied("budget_amount", 0, PLANNER);
    for (String amount :
        List.of(
            "",
            ",\"amount\":-0.1",
            ",\"amount\":0.0000001",
            ",\"amount\":null",
            ",\"amount\":1e15")) {
      decision("an amount that cannot be counted: " + amount, "amount_missing")
          .with("catalog", CATALOG)
          .call(euros, Cast.PLANNER, pay(amount), refusal)
          .addTo(cases);
    }
    Chain dollars = planner(budget("trip", "\"amount\", \"USD\"", 500_000, "null"));
    decision("an amount of another unit", "amount_missing")
        .with("catalog", CATALOG)
        .call(dollars, Cast.PLANNER, pay(",\"amount\":0.1"), refusal)
        .addTo(cases);
    Chain points = planner(budget("trip", "\"points\", \"EUR\"", 500_000, "null"));
    decision("an amount of no unit", "amount_missing")
        .with("catalog", CATALOG)
        .call(points, Cast.PLANNER, pay(",\"points\":0"), refusal)
        .addTo(cases);
    decision("an amount where callers state what calls mean", "amount_missing")
        .call(euros, Cast.PLANNER, pay(",\"amount\":0.1"), refusal)
        .addTo(cases);
    Chain both = researcher(planner(calls("a", 0)), budget("b", "\"amount\", \"EUR\"", 1, "null"));
    decision("what cannot be counted is named before what is used up", "amount_missing")
        .with("catalog", CATALOG)
        .call(both, Cast.RESEARCHER, pay(""), denied("budget_amount", 1, RESEARCHER))
        .addTo(cases);
  }

  /** An approval that is good for one call is not used up by a call that no budget pays. */
  private void addApproved() {
    Chain chain =
        Chain.empty()
            .then(
                Story.block(
                    Story.CONTEXT,
                    Story.STATED + budget("a", "null, null", 1, "60"),
                    ActivationCases.DELETE + " if approved by " + Cast.BOSS.publicKey(),
                    null),
                Cast.ROOT,
                Cast.PLANNER.publicKey(),
                1);
    List<String> once = List.of(Said.of(chain, Statements.CALL).times(1).by(Cast.BOSS));
    decision("an approval used while its budget is used up", "budget_overdrawn")
        .with("countsApprovals", true)
        .call(chain, Cast.PLANNER, SEARCH, allowed())
        .call(chain, once, Cast.PLANNER, Statements.CALL, exhausted(0, PLANNER))
        .after(Duration.ofSeconds(62))
        .call(chain, once, Cast.PLANNER, Statements.CALL, allowed())
        .charged(counter(ROOT, "a", "", "60"))
        .after(Duration.ofSeconds(62))
        .call(chain, once, Cast.PLANNER, Statements.CALL, denied("approval_used", 0, PLANNER))
        .addTo(cases);
  }

  private void addIssuers() {
    Chain first = planner(calls("trip", 1));
    Chain renewed =
        Story.stating(
            Story.STATED + "check if time($t), $t < 2031-01-01T00:00:00Z; " + calls("trip", 1));
    Chain rotated =
        Chain.empty()
            .then(
                Datalog.block(Story.STATED + calls("trip", 1)).withContext(Story.CONTEXT),
                Cast.ROOT_P256,
                Cast.PLANNER.publicKey(),
                1)
            .keyId(2);
    decision("a renewed token", "budget_renamed")
        .call(first, Cast.PLANNER, SEARCH, allowed())
        .call(renewed, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    List<ObjectNode> roots = List.of(Decision.root(ROOT, 1), Decision.root(key(Cast.ROOT_P256), 2));
    decision("another root key of a named issuer", "budget_renamed")
        .with("roots", roots)
        .with("issuers", Json.object(ROOT, "issuer:acme", key(Cast.ROOT_P256), "issuer:acme"))
        .call(first, Cast.PLANNER, SEARCH, allowed())
        .charged(counter("issuer:acme", "trip", "", ""))
        .call(rotated, Cast.PLANNER, SEARCH, exhausted(0, PLANNER))
        .addTo(cases);
    decision("root keys without names count for themselves", null)
        .with("roots", roots)
        .call(first, Cast.PLANNER, SEARCH, allowed())
        .call(rotated, Cast.PLANNER, SEARCH, allowed())
        .charged(counter(key(Cast.ROOT_P256), "trip", "", ""))
        .addTo(cases);
  }
}
