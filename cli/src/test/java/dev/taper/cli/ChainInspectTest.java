package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainInspectTest {
  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
  }

  @Test
  void inspect_verified_showsTheChainInWords() {
    String out = cli.ok("inspect", "researcher.token", "-p", "root.pub");

    assertThat(out)
        .contains("delegation     user:alice@acme.com → agent:planner → agent:researcher\n")
        .contains("task           T-4711\n", "verified with " + cli.read("root.pub").strip())
        .contains("authority      jira.search, list or read, jira:project/ACME/Q3/*, until 2030")
        .contains("ends           2030-01-01T12:10:00Z (in 10 minutes)\n")
        .contains("├─ 0  agent:planner  granted by user:alice@acme.com\n")
        .contains("│     may      jira.* list, read on jira:project/ACME/*\n")
        .contains("└─ 1  agent:researcher  handed on by agent:planner\n")
        .contains("      narrows  tools: jira.* → jira.search\n")
        .contains("               ends: 2030-01-01T13:00:00Z → 2030-01-01T12:10:00Z\n")
        .doesNotContain("check if", "warning");
  }

  @Test
  void inspect_withoutKey_isOnlyAClaim() {
    assertThat(cli.ok("inspect", "researcher.token")).contains("not verified: no key given");
    assertThat(cli.ok("inspect", "researcher.token", "--html", "-"))
        .contains(">claimed<", "not verified")
        .doesNotContain(">verified<");
  }

  @Test
  void inspect_everyKindOfHop_isNamed() {
    cli.ok("delegate", "researcher.token", "-k", "researcher.key", "--to-self", "-o", "a.token");
    cli.ok("delegate", "a.token", "-k", "researcher.key", "--to-bearer", "-o", "b.token");

    assertThat(cli.ok("inspect", "b.token"))
        .contains("2  agent:researcher  narrowed by agent:researcher", "may      as before")
        .contains("3  whoever bears the token  made a bearer token by agent:researcher");
  }

  @Test
  void inspect_oddHops_warnAndEndedSaysSo() {
    agents.delegate("researcher", "scraper", "--grant", "jira.*", "--expires", "1d");
    agents.mint("old.token", "--audience", "svc:a");

    assertThat(cli.ok("inspect", "scraper.token"))
        .contains("warning  wider: tools jira.*, wider than jira.search; this has no effect\n")
        .contains("warning  outlives_parent: ");
    cli.ok(
        "mint",
        "-k",
        "root.key",
        "--delegator",
        "u",
        "--holder",
        "a=planner.pub",
        "--task",
        "t",
        "--grant",
        "*",
        "--expires",
        "2029-12-25T12:00:00Z",
        "--out",
        "ended.token");
    assertThat(cli.ok("inspect", "ended.token"))
        .contains("ended 2029-12-25T12:00:00Z (7 days ago)", "warning  expired");
  }

  /** A token has one copy of a text that its checks name very often. */
  @Test
  void inspect_longChecks_areCutShort() throws IOException {
    String check = "check if s($s), $s == \"" + "x".repeat(20_000) + "\";";
    PrivateKey key = PrivateKey.parse(cli.read("researcher.key").strip());
    Hop hop = Hop.toSelf();
    for (int i = 0; i < 60; i++) {
      hop = hop.check(Datalog.block(check).checks().get(0));
    }
    AgentToken token = AgentToken.decode(cli.read("researcher.token").strip());
    cli.file("long.token", token.delegate(key, hop).encodeBase64());

    assertThat(cli.ok("inspect", "long.token")).hasSizeLessThan(600_000).contains("x…");
    JsonNode json = new ObjectMapper().readTree(cli.ok("inspect", "long.token", "--json"));
    JsonNode authority = json.at("/delegation/effective_authority");
    assertThat(authority.get("words").textValue()).hasSize(16_384).endsWith("x…");
    assertThat(authority.at("/other_checks/0").textValue() + ";").isEqualTo(check);
  }

  /** However it is shown: all of this is more than memory holds. */
  @Test
  void inspect_longTextNamedVeryOften_isCutShort() throws IOException {
    Term text = new Term.Str("x".repeat(30_000));
    Term values = new Term.Array(Collections.nCopies(6_000, text));
    Check read = Datalog.block("check if s($s), $s == 1;").checks().get(0);
    Query query = read.queries().get(0);
    Expression.Binary equal = (Expression.Binary) query.expressions().get(0);
    Expression named =
        new Expression.Binary(equal.op(), equal.left(), new Expression.Value(values));
    Check check =
        new Check(read.kind(), List.of(new Query(query.predicates(), List.of(named), List.of())));
    Grant grant = Grant.tools("jira.search");
    for (int i = 0; i < 100; i++) {
      grant = grant.where(Constraint.arg("a" + i).in("x".repeat(1_000), "y".repeat(1_000)));
    }
    PrivateKey key = PrivateKey.parse(cli.read("researcher.key").strip());
    AgentToken token = AgentToken.decode(cli.read("researcher.token").strip());
    for (Hop hop :
        List.of(
            Hop.toSelf().check(check),
            Hop.toSelf().check(new Grants(Collections.nCopies(6, grant)).check()))) {
      cli.file("long.token", token.delegate(key, hop).encodeBase64());
      for (String how : List.of("--json", "--datalog", "--html=-", "--public-key=root.pub")) {
        String shown = cli.ok("inspect", "long.token", how);
        assertThat(shown.length()).as(how).isLessThan(3_000_000);
        assertThat(shown.contains("x…")).as(how).isTrue();
      }
    }
  }

  @Test
  void inspect_datalog_showsBlocksInstead() {
    assertThat(cli.ok("inspect", "researcher.token", "--datalog"))
        .contains("block 0  authority", "holder(\"agent:planner\");", "check if time(");
    for (String more : new String[] {"--json", "--html"}) {
      String[] args = {"inspect", "researcher.token", "--datalog", more, "x"};
      assertThat(cli.run(args).exit()).isEqualTo(2);
    }
  }

  @Test
  void inspect_json_hasTheChainAsData() throws IOException {
    agents.delegate("researcher", "scraper", "--grant", "jira.* where limit <= 5");

    JsonNode json = new ObjectMapper().readTree(cli.ok("inspect", "scraper.token", "--json"));

    JsonNode delegation = json.get("delegation");
    assertThat(json.get("verified").booleanValue()).isFalse();
    assertThat(json.get("blocks")).hasSize(3);
    assertThat(delegation.get("delegator").textValue()).isEqualTo("user:alice@acme.com");
    assertThat(delegation.get("depth").intValue()).isEqualTo(2);
    JsonNode authority = delegation.get("effective_authority");
    assertThat(authority.get("expiry").textValue()).isEqualTo("2030-01-01T12:10:00Z");
    assertThat(authority.get("grants").get(0).get("text").textValue())
        .isEqualTo("jira.search list, read on jira:project/ACME/Q3/* where limit <= 5");
    JsonNode hop = delegation.get("hops").get(2);
    assertThat(hop.get("holder_key").textValue()).isEqualTo(cli.read("scraper.pub").strip());
    assertThat(hop.get("warnings").get(0).get("kind").textValue()).isEqualTo("wider");
    assertThat(hop.get("narrows").get(0).get("dimension").textValue()).isEqualTo("arguments");
    assertThat(hop.get("narrows").get(0).get("before").textValue()).isEqualTo("any");
  }

  @Test
  void inspect_html_isOneSelfContainedPageWithEverythingEscaped() {
    String evil = "<script>alert('x')</script><img src=\"//x\"> & co\u202e";
    agents.mint("planner.token", "--purpose", evil, "--grant", "a.b where q matches \"<b>.*</b>\"");

    cli.ok("inspect", "planner.token", "-p", "root.pub", "--html", "page.html");
    String page = cli.read("page.html");

    assertThat(page)
        .startsWith("<!doctype html>\n")
        .endsWith("</html>\n")
        .contains(">verified<", "user:alice@acme.com", "agent:planner", "<details", "check if")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", "&amp; co\\u{202e}")
        .contains("prefers-color-scheme: dark", "@media print")
        .contains("default-src 'none'; style-src 'sha256-", "base-uri 'none'; form-action 'none'")
        .doesNotContain("<script", "<img", "<b>.*", "\u202e", "src=\"", "url(", "@import")
        .doesNotContain("unsafe-")
        .doesNotContainPattern("href=\"[^#]");
  }

  @Test
  void inspect_htmlOfAPlainToken_isNoDelegation() {
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "plain");

    Cli.Result result = cli.run("inspect", "plain", "--html", "page.html");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(not_a_delegation)");
    assertThat(folder.resolve("page.html")).doesNotExist();
  }

  @Test
  void inspect_brokenProfile_isShownAndAnError() throws IOException {
    cli.ok(
        "mint", "-k", "root.key", "--context", "taper/1", "--block", "delegator(\"u\")", "-o", "t");

    Cli.Result text = cli.run("inspect", "t", "-p", "root.pub");
    Cli.Result json = cli.run("inspect", "t", "--json");

    assertThat(text.exit()).isEqualTo(3);
    assertThat(text.out()).contains("profile        broken: block 0: ", "block 0  authority");
    assertThat(json.exit()).isEqualTo(3);
    assertThat(new ObjectMapper().readTree(json.out()).get("profile_violation").textValue())
        .startsWith("block 0: ");
  }

  @Test
  void diff_descendant_saysWhatIsNarrower() {
    assertThat(cli.ok("diff", "researcher.token", "planner.token"))
        .isEqualTo(
            """
            1 block more; narrower in
              tools      jira.* → jira.search
              resources  jira:project/ACME/* → jira:project/ACME/Q3/*
              ends       2030-01-01T13:00:00Z → 2030-01-01T12:10:00Z
            """);
    assertThat(cli.ok("diff", "planner.token", "planner.token"))
        .isEqualTo("0 blocks more; nothing is narrower\n");
  }

  @Test
  void diff_conditionsAndForeignChecks_areDimensionsToo() {
    agents.delegate(
        "researcher",
        "scraper",
        "--audience",
        "svc:a",
        "--max-depth",
        "3",
        "--verified-holders",
        "--not-before",
        "2030-01-01T12:01:00Z");
    cli.ok("delegate", "scraper.token", "-k", "scraper.key", "--to-bearer", "-o", "b.token");
    cli.ok("attenuate", "b.token", "--block", "check if a(1)", "-o", "b.token");

    assertThat(cli.ok("diff", "b.token", "researcher.token"))
        .contains("services    any → svc:a\n", "begins      at once → 2030-01-01T12:01:00Z\n")
        .contains("hand-overs  any number → at most 3 hops\n", "holders     any → verified only\n")
        .contains("check       none → check if a(1)\n");
  }

  @Test
  void attenuate_delegationTokenWithRejectIf_isRefusedAndWritesNothing() {
    cli.ok("delegate", "researcher.token", "-k", "researcher.key", "--to-bearer", "-o", "b.token");

    Cli.Result result =
        cli.run("attenuate", "b.token", "--block", "reject if a(1)", "-o", "dead.token");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("delegation token", "reject if", "(profile_violation)");
    assertThat(cli.run("inspect", "dead.token").exit()).isNotZero();
  }

  @Test
  void diff_droppedAlternative_isNamed() throws IOException {
    agents.mint("planner.token", "--grant", "web.get");
    agents.delegate("planner", "researcher", "--grant", "web.get read");

    JsonNode json =
        new ObjectMapper().readTree(cli.ok("diff", "researcher.token", "planner.token", "--json"));

    assertThat(json.get("added_blocks").intValue()).isEqualTo(1);
    assertThat(json.get("narrows").toString())
        .contains("\"dimension\":\"grant\"", "jira.* list, read", "\"after\":\"nothing\"");
    assertThat(json.get("after").get("grants")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"planner.token researcher.token", "researcher.token other.token"})
  void diff_noDescendant_isAnError(String tokens) {
    agents.mint("other.token", "--audience", "svc:a");

    Cli.Result result = cli.run(("diff " + tokens).split(" ", -1));

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(no_descendant)");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void inspect_bearerTokenEndedByItsOwnAttenuation_saysWhenItEnds() {
    cli.ok("delegate", "researcher.token", "-k", "researcher.key", "--to-bearer", "-o", "b.token");
    cli.ok("attenuate", "b.token", "--ttl", "2m", "-o", "b.token");

    assertThat(cli.ok("inspect", "b.token")).contains("2030-01-01T12:02:00Z (in 2 minutes)");
    assertThat(cli.ok("inspect", "b.token", "--datalog")).contains("$time < 2030-01-01T12:02:00Z");
  }
}
