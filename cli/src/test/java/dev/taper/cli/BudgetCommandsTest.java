package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice lets the planner make two calls in all, and the planner the researcher one of them. */
class BudgetCommandsTest {
  @TempDir private Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    agents.mint("planner.token", "--budget", "at most 2 calls from acme as trip");
    agents.delegate(
        "planner", "researcher", "--budget", "at most 1 calls for jira.* in 1h from acme as part");
  }

  private Cli.Result call(String holder, String... more) {
    agents.prove(holder, "search.json", "svc:jira", "call.proof");
    String[] args = new String[more.length + 2];
    System.arraycopy(more, 0, args, 0, more.length);
    args[more.length] = "--proof";
    args[more.length + 1] = "call.proof";
    return agents.decide(holder, "search.json", args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme=used", "acme=sqlite:taper.db"})
  void authorize_budgets_areCountedFromRunToRun(String store) {
    assertThat(call("researcher", "--budgets", store).exit()).isZero();

    Cli.Result exhausted = call("researcher", "--budgets", store);
    assertThat(exhausted.exit()).isEqualTo(1);
    assertThat(exhausted.out())
        .startsWith("DENIED  budget_exhausted")
        .contains("hop 1  agent:researcher")
        .contains("at most 1 calls for jira.* in 1h (left: 0 calls, needed: 1 calls; id part in")
        .contains(" in store acme)");
    assertThat(call("planner", "--budgets", store).exit()).isZero();
    assertThat(call("planner", "--budgets", store).out())
        .contains("hop 0  agent:planner")
        .contains("at most 2 calls (left: 0 calls");
  }

  @Test
  void authorize_asCaller_saysNothingOfWhatIsLeft() {
    assertThat(call("researcher", "--budgets", "acme=used").exit()).isZero();

    assertThat(call("researcher", "--budgets", "acme=used", "--as-caller").out())
        .startsWith("DENIED  budget_exhausted")
        .contains("the budget is used up: at most 1 calls")
        .doesNotContain("left:");
  }

  @Test
  void authorize_serviceWithoutTheStore_isDenied() {
    assertThat(call("researcher").out())
        .startsWith("DENIED  budget_unavailable")
        .contains("hop 0  agent:planner", "To count budgets: --budgets STORE=FOLDER");
    assertThat(call("researcher", "--budgets", "other=used").out())
        .startsWith("DENIED  budget_unavailable");
  }

  @Test
  void authorize_storeThatCannotBeUsed_isDeniedAndExplained() {
    cli.file("used", "no folder");

    Cli.Result result = call("researcher", "--budgets", "acme=used");

    assertThat(result.out()).startsWith("DENIED  budget_unavailable");
    assertThat(result.err()).contains("the budgets of acme failed: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "used",
        "=used",
        "acme=",
        "sqlite:taper.db",
        "jdbc:postgresql://host/name?user=taper",
        "acme=https://acme.com/"
      })
  void authorize_noStoreAndPlace_isUsage(String store) {
    assertThat(call("researcher", "--budgets", store).exit()).isEqualTo(2);
  }

  @Test
  void authorize_oneStoreTwice_isUsage() {
    assertThat(call("researcher", "--budgets", "acme=a", "--budgets", "acme=b").exit())
        .isEqualTo(2);
  }

  @Test
  void authorize_anotherRootKeyOfANamedIssuer_goesOnCounting() throws IOException {
    cli.ok("keygen", "--out", "next.key");
    String keys = "\"" + cli.read("root.pub").strip() + "\", \"" + cli.read("next.pub").strip();
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"issuers\": {\"issuer:acme\": [" + keys + "\"]}}");
    String[] named = {"--budgets", "acme=used", "--names", "names.json"};
    assertThat(call("planner", named).exit()).isZero();
    assertThat(call("planner", named).exit()).isZero();
    for (String half : new String[] {".key", ".pub"}) { // the issuer goes on with the next key
      Files.delete(folder.resolve("root" + half));
      Files.move(folder.resolve("next" + half), folder.resolve("root" + half));
    }
    agents.mint("planner.token", "--budget", "at most 2 calls from acme as trip");

    assertThat(call("planner", named).out()).startsWith("DENIED  budget_exhausted");
    assertThat(call("planner", "--budgets", "acme=used").exit()).isZero();
  }

  @Test
  void authorize_atAnotherTime_goesWithoutBudgets() {
    Cli.Result result = call("researcher", "--budgets", "acme=used", "--time", "+1m");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--budgets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at most", "100 calls", "at most -1 calls", "at most 1 calls in 0s"})
  void mint_noBudget_isRefused(String budget) {
    Cli.Result result =
        cli.run("delegate", "planner.token", "-k", "planner.key", "--to-self", "--budget", budget);

    assertThat(result.exit()).isNotZero();
    assertThat(result.out()).isEmpty();
  }

  @Test
  void inspect_budgets_areShown() throws IOException {
    String budget = "at most 2 calls from acme as trip";
    assertThat(cli.ok("inspect", "researcher.token"))
        .contains("budget   " + budget)
        .contains("budget   at most 1 calls for jira.* in 1h from acme as part")
        .contains("narrows  budgets: any → at most 1 calls for jira.* in 1h from acme as part")
        .doesNotContain("where budgets");
    JsonNode json = new ObjectMapper().readTree(cli.ok("inspect", "researcher.token", "--json"));
    JsonNode delegation = json.get("delegation");
    assertThat(delegation.get("effective_authority").get("budgets")).hasSize(2);
    assertThat(delegation.get("effective_authority").get("words").textValue())
        .contains("at most 2 calls, at most 1 calls for jira.* in 1h");
    assertThat(delegation.get("hops").get(0).get("budgets").get(0).textValue()).isEqualTo(budget);
    assertThat(cli.ok("inspect", "researcher.token", "--html", "-")).contains(budget);
  }

  @Test
  void authorize_audited_recordsTheCounters() throws IOException {
    cli.ok("keygen", "--out", "audit.key");
    String[] more = {"--budgets", "acme=used", "--audit", "log", "--audit-key", "audit.key"};

    assertThat(call("researcher", more).exit()).isZero();

    assertThat(cli.read("log"))
        .containsPattern("\"budgets\":\\[\"[0-9a-f]{64}\",\"[0-9a-f]{64}\"]");
    assertThat(
            cli.ok("audit", "trace", "log", "--task", "T-4711", "--audit-public-key", "audit.pub"))
        .contains("budget ");
  }
}
