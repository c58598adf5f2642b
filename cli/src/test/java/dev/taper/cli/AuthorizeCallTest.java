package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizeCallTest {
  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    agents.prove("researcher", "search.json", "svc:jira", "proof");
  }

  @Test
  void authorize_provenCall_isAllowed() {
    Cli.Result result = agents.decide("researcher", "search.json", "--proof", "proof");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            ALLOWED  svc:jira allows jira.search read on jira:project/ACME/Q3/12
              user:alice@acme.com → agent:planner → agent:researcher
            """);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void authorize_callOutsideAHop_namesCodeHopAndAgent() {
    cli.file("q4.json", Agents.SEARCH.replace("Q3", "Q4"));
    agents.prove("researcher", "q4.json", "svc:jira", "q4");

    Cli.Result result = agents.decide("researcher", "q4.json", "--proof", "q4", "--explain");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith(
            "DENIED  out_of_scope  svc:jira refused jira.search read on jira:project/ACME/Q4")
        .contains("  hop 1  agent:researcher  granted by agent:planner: jira.search")
        .contains("✗ resource jira:project/ACME/Q4/12 is not among: jira:project/ACME/Q3/*")
        .contains("would allow it: agent:planner's", "ask agent:planner for \"jira.search read on")
        .contains("  hop 1: check if tool(\"jira.search\"), resource($resource)");
  }

  @Test
  void authorize_json_isTheDecision() throws IOException {
    Cli.Result result = agents.decide("researcher", "search.json", "--json");

    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(json.get("code").textValue()).isEqualTo("proof_required");
    assertThat(json.get("call").get("args").get("limit").intValue()).isEqualTo(50);
    assertThat(json.get("hops")).hasSize(2);
    assertThat(result.out()).contains("\n  \"code\" : ");
  }

  @Test
  void authorize_proofForSomethingElse_isDenied() {
    cli.file("other.json", Agents.SEARCH.replace("50", "51"));
    agents.prove("planner", "search.json", "svc:jira", "planner.proof");
    agents.prove("researcher", "search.json", "svc:web", "web.proof");

    assertThat(agents.decide("researcher", "other.json", "--proof", "proof").out())
        .startsWith("DENIED  request_mismatch")
        .contains("hop 1  agent:researcher");
    assertThat(agents.decide("researcher", "search.json", "--proof", "planner.proof").out())
        .startsWith("DENIED  proof_mismatch");
    assertThat(agents.decide("researcher", "search.json", "--proof", "web.proof").out())
        .startsWith("DENIED  request_mismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "+1m, ALLOWED",
    "+61s, proof_expired",
    "2030-01-01T11:59:30Z, ALLOWED",
    "2030-01-01T11:59:29Z, proof_not_yet_valid"
  })
  void authorize_time_countsForProofs(String time, String text) {
    assertThat(agents.decide("researcher", "search.json", "--proof", "proof", "--time", time).out())
        .contains(text);
  }

  @Test
  void authorize_timeAfterAHop_isExpired() {
    cli.ok(
        "prove",
        "researcher.token",
        "--key",
        "researcher.key",
        "--request",
        "search.json",
        "--audience",
        "svc:jira",
        "--time",
        "+10m",
        "--out",
        "late");

    assertThat(
            agents.decide("researcher", "search.json", "--proof", "late", "--time", "+10m").out())
        .startsWith("DENIED  expired")
        .contains("hop 1  agent:researcher  granted by agent:planner");
  }

  @Test
  void authorize_replayMemory_seesReplaysFromRunToRun() {
    String[] more = {"--proof", "proof", "--replay-memory", "used"};

    assertThat(agents.decide("researcher", "search.json", more).exit()).isZero();
    Cli.Result again = agents.decide("researcher", "search.json", more);
    agents.prove("researcher", "search.json", "svc:jira", "proof");
    Cli.Result fresh = agents.decide("researcher", "search.json", more);

    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.out())
        .startsWith("DENIED  proof_replayed")
        .contains("hop 1  agent:researcher");
    assertThat(fresh.exit()).isZero();
    assertThat(folder.resolve("used").resolve("proofs")).isNotEmptyFile();
  }

  @Test
  void authorize_replayMemory_remembersOnlyCallsThatWereAllowed() {
    agents.prove("planner", "search.json", "svc:jira", "planner.proof");
    cli.file("other.json", Agents.SEARCH.replace("ACME", "OTHER"));
    agents.prove("researcher", "other.json", "svc:jira", "other.proof");
    for (int i = 0; i < 2; i++) {
      assertThat(
              agents
                  .decide(
                      "researcher",
                      "other.json",
                      "--proof",
                      "other.proof",
                      "--replay-memory",
                      "used")
                  .out())
          .startsWith("DENIED  out_of_scope");
    }

    agents.decide(
        "researcher", "search.json", "--proof", "planner.proof", "--replay-memory", "used");

    assertThat(folder.resolve("used")).doesNotExist();
    assertThat(
            agents
                .decide(
                    "planner", "search.json", "--proof", "planner.proof", "--replay-memory", "used")
                .exit())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"--replay-memory, used", "--approval-uses, sqlite:used.db"})
  void authorize_anotherTime_usesNothingUp(String option, String memory) {
    Cli.Result result =
        agents.decide(
            "researcher", "search.json", "--proof", "proof", "--time", "+10s", option, memory);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("taper: " + option + " goes without --time: ");
    assertThat(folder.resolve("used")).doesNotExist();
    assertThat(folder.resolve("used.db")).doesNotExist();
  }

  @Test
  void authorize_sharedPredicateThatNoPolicyStates_isRefused() {
    cli.file("mine", "customer(\"acme\"); known($c) <- customer($c); allow if true;");
    String[] more = {"--proof", "proof", "--policy", "./mine", "--shared-predicate"};
    Cli.Result misspelt = agents.decide("researcher", "search.json", append(more, "costumer"));

    assertThat(misspelt.exit()).isEqualTo(2);
    assertThat(misspelt.err())
        .startsWith(
            "taper: --shared-predicate costumer: no policy states or derives that;"
                + " they do customer, known (usage)");
    assertThat(agents.decide("researcher", "search.json", append(more, "known")).exit()).isZero();
    assertThat(
            agents
                .decide(
                    "researcher", "search.json", "--proof", "proof", "--shared-predicate", "known")
                .err())
        .contains("they state nothing");
  }

  private static String[] append(String[] some, String last) {
    String[] all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = last;
    return all;
  }

  /** A message names what was written, and nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--audience svc:a | --audience needs --request",
        "--free-text note | --free-text needs --request",
        "--audience svc:a --free-text note | --audience and --free-text need --request",
        "--names d | --names needs --request",
        "--without-revocation | --without-revocation needs --request",
        "--revocation-key k --as-caller | --revocation-key and --as-caller need --request",
        "--registry sqlite:r | --registry needs --request",
        "--request search.json --audience svc:a --without-revocation --fact a(1)"
            + " | --fact goes without --request, whose facts the verifier states",
        "--request search.json --audience svc:a --without-revocation --query-all --raw-snapshot"
            + " | --query-all and --raw-snapshot go without --request, whose",
        "--request search.json --audience svc:a --revocation-memory m"
            + " | --revocation-memory needs --revocations LIST",
      })
  void authorize_optionsThatDoNotFit_areNamed(String options, String message) {
    List<String> args =
        new ArrayList<>(List.of("authorize", "planner.token", "--public-key", "root.pub"));
    args.addAll(List.of(options.split(" ")));

    Cli.Result result = cli.run(args.toArray(new String[0]));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("taper: " + message);
  }

  @Test
  void authorize_brokenNames_saysWhere() {
    cli.file("broken.json", "{\"agents\": [\n  \"ed25519/00");

    assertThat(
            agents
                .decide("researcher", "search.json", "--proof", "proof", "--names", "broken.json")
                .err())
        .contains("names: the file: the JSON has a syntax error or a repeated name at line 2")
        .contains("(invalid_names)");
  }

  @Test
  void authorize_replayMemoryThatIsNone_isUnavailable() {
    cli.file("used", "a file");

    Cli.Result result =
        agents.decide("researcher", "search.json", "--proof", "proof", "--replay-memory", "used");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).startsWith("DENIED  replay_cache_unavailable");
  }

  @Test
  void authorize_bearerAndSealed_onlyWhereSpelledOut() {
    cli.ok("delegate", "researcher.token", "-k", "researcher.key", "--to-bearer", "-o", "b.token");
    cli.ok("seal", "researcher.token", "-k", "researcher.key", "-o", "s.token");

    assertThat(agents.decide("b", "search.json").out()).contains("bearer_not_accepted");
    assertThat(agents.decide("s", "search.json").out()).contains("sealed_not_accepted");
    assertThat(agents.decide("b", "search.json", "--accept-bearer").exit()).isZero();
    assertThat(agents.decide("s", "search.json", "--accept-sealed").exit()).isZero();
  }

  @Test
  void authorize_policies_areTheServicesOwn() {
    cli.file("deny", "deny if invoker(\"agent:researcher\"); allow if true;");
    cli.file("allow", "allow if invoker({who});");

    assertThat(
            agents
                .decide("researcher", "search.json", "--proof", "proof", "--policy", "deny")
                .out())
        .startsWith("DENIED  policy_denied");
    assertThat(
            agents
                .decide(
                    "researcher",
                    "search.json",
                    "--proof",
                    "proof",
                    "--policy",
                    "allow",
                    "--param",
                    "who=agent:researcher",
                    "--explain")
                .out())
        .contains("  policy: allow if invoker(\"agent:researcher\")");
  }

  @Test
  void authorize_asCaller_printsNothingOfThePolicies() {
    cli.file("deny", "deny if invoker(\"agent:researcher\"); allow if true;");
    String[] call = {"--proof", "proof", "--policy", "deny", "--as-caller"};

    Cli.Result text = agents.decide("researcher", "search.json", call);
    Cli.Result both =
        agents.decide("researcher", "search.json", "--proof", "proof", "--as-caller", "--explain");

    assertThat(text.out())
        .startsWith("DENIED  policy_denied")
        .contains("the service's policies refuse it")
        .doesNotContain("deny if");
    assertThat(both.exit()).isEqualTo(2);
  }

  @Test
  void authorize_names_verifiesHolders() {
    agents.mint("planner.token", "--verified-holders");
    agents.prove("planner", "search.json", "svc:jira", "proof");
    String key = cli.read("planner.pub").strip();
    String other = cli.read("root.pub").strip();
    String start = "{\"format\": \"taper/1 names\", \"agents\": {\"agent:planner\": ";
    cli.file("right.json", start + "[\"" + other + "\", \"" + key + "\"]}}");
    cli.file("wrong.json", start + "\"" + other + "\"}}");

    assertThat(agents.decide("planner", "search.json", "--proof", "proof").out())
        .startsWith("DENIED  holder_not_verified");
    assertThat(
            agents
                .decide("planner", "search.json", "--proof", "proof", "--names", "wrong.json")
                .exit())
        .isEqualTo(1);
    assertThat(
            agents
                .decide("planner", "search.json", "--proof", "proof", "--names", "right.json")
                .exit())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"agent:planner\": \"ed25519/00\"}",
        "{\"format\": \"taper/1 names\", \"agents\": {\"a\": \"b\"}}",
        "{",
      })
  void authorize_badNames_isUsage(String json) {
    cli.file("names.json", json);

    assertThat(agents.decide("researcher", "search.json", "--names", "names.json").exit())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--request search.json",
        "--audience svc:jira",
        "--proof proof",
        "--accept-bearer",
        "--free-text x",
        "--request search.json --audience svc:jira --fact a(1)",
        "--request search.json --audience svc:jira --query a($x)<-b($x)",
        "--request search.json --audience svc:jira --dump-snapshot s",
        "--request search.json --audience svc:jira --time none"
      })
  void authorize_formsMixed_isUsage(String options) {
    Cli.Result result =
        cli.run(("authorize researcher.token -p root.pub " + options).split(" ", -1));

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
  }

  @Test
  void authorize_forgedOrMalformed_isInvalidToken() {
    cli.file("junk", "AAAA");
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "plain.token");

    assertThat(agents.decide("researcher", "search.json", "--proof", "junk").err())
        .contains("(malformed_holder_proof)");
    assertThat(agents.decide("plain", "search.json", "--accept-bearer").err())
        .contains("(not_a_delegation)");
    Cli.Result forged =
        cli.run(
            "authorize",
            "researcher.token",
            "-p",
            "planner.pub",
            "--request",
            "search.json",
            "--audience",
            "svc:jira",
            "--proof",
            "proof",
            "--without-revocation");
    assertThat(forged.exit()).isEqualTo(3);
    assertThat(forged.err()).contains("(invalid_signature)");
  }

  @Test
  void authorize_controlCharactersInArguments_areEscaped() {
    cli.file(
        "evil.json",
        "{\"tool\": \"jira.search\", \"operation\": \"read\", \"resource\":"
            + " \"jira:project/ACME/Q3/1\", \"args\": {\"q\": \"\\u001b[2J\\nALLOWED\\u202e\"}}");
    agents.delegate("researcher", "scraper", "--grant", "jira.search where q in a");
    agents.prove("scraper", "evil.json", "svc:jira", "evil");

    String out = agents.decide("scraper", "evil.json", "--proof", "evil").out();

    assertThat(out).startsWith("DENIED").doesNotContain("\u001b", "\u202e");
    assertThat(out.lines()).noneMatch(line -> line.startsWith("ALLOWED"));
  }
}
