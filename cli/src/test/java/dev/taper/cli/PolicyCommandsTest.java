package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandsTest {
  private static final String LIBRARY = Path.of("..", "policies").toAbsolutePath().toString();

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.file("call.json", "{\"tool\": \"jira.get\", \"operation\": \"read\"}");
  }

  @Test
  void check_library_isClean() {
    assertThat(cli.ok("policy", "check", LIBRARY)).contains(" policies, 0 findings");
  }

  @Test
  void check_mistake_isOneAndSaysWhere() throws IOException {
    cli.file("typo.datalog", "check if tol(\"jira.get\");\nallow if true;\ndeny if tool(\"x\");\n");

    Cli.Result result = cli.run("policy", "check", "typo.datalog");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("typo.datalog:1:10: no verifier states tol", "did you mean tool?")
        .contains("typo.datalog:3:1: ", "(deny_after_allow_all)", "1 policy, 2 findings");
    JsonNode json = new ObjectMapper().readTree(cli.run("policy", "check", ".", "--json").out());
    assertThat(json.at("/findings/0/code").textValue()).isEqualTo("unknown_predicate");
    assertThat(cli.run("policy", "check", "missing.datalog").exit()).isEqualTo(5);
  }

  @Test
  void check_severalByName_areASetAndSayIfTheyNeverAllow() throws IOException {
    cli.file("calls.datalog", "check if operation(\"call\");\n");
    cli.file("reads.datalog", "// Reading only.\ncheck if operation(\"read\");\n");

    Cli.Result set = cli.run("policy", "check", "calls.datalog", "reads.datalog");

    assertThat(set.exit()).isEqualTo(1);
    assertThat(set.out())
        .contains(
            "reads.datalog:2:1: no call is ever allowed, as these never hold for one call: ",
            "calls.datalog: check if operation(\"call\"); ",
            "reads.datalog: check if operation(\"read\") (never_allows)",
            "2 policies, 1 finding");
    assertThat(cli.run("policy", "check", "calls.datalog", "read-only").exit()).isEqualTo(1);
    assertThat(cli.ok("policy", "check", "reads.datalog", "read-only")).contains("0 findings");
    assertThat(cli.ok("policy", "check", "mcp-server", "read-only")).contains("0 findings");
    assertThat(cli.ok("policy", "check", ".")).contains("2 policies, 0 findings");
    cli.file("calls.datalog", "check if operation(\"call\"), operation(\"read\");\n");
    JsonNode json = new ObjectMapper().readTree(cli.run("policy", "check", ".", "--json").out());
    assertThat(json.at("/findings/0/code").textValue()).isEqualTo("never_allows");
    assertThat(json.at("/findings/0/file").textValue()).endsWith("calls.datalog");
  }

  @Test
  void fmt_file_isWrittenUnlessOnlyChecked() {
    cli.file("p.datalog", "allow if  true ; // all\n");

    assertThat(cli.run("policy", "fmt", "--check", "p.datalog").exit()).isEqualTo(1);
    assertThat(cli.read("p.datalog")).contains("true ;");
    assertThat(cli.ok("policy", "fmt", ".")).contains("p.datalog");
    assertThat(cli.read("p.datalog")).isEqualTo("allow if true; // all\n");
    assertThat(cli.ok("policy", "fmt", "p.datalog", "--check")).isEmpty();
    cli.file("p.datalog", "allow true");
    assertThat(cli.run("policy", "fmt", "p.datalog").exit()).isEqualTo(4);
  }

  @Test
  void explain_withoutToken_showsEveryStep() {
    cli.file(
        "mine", "known($t) <- tool($t); check if known($t), allowed_tool($t); deny if time($t);");

    Cli.Result result =
        cli.run("policy", "explain", "./mine", "read-only", "default", "-r", "call.json");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .containsSubsequence(
            "facts\n",
            "  tool(\"jira.get\")\n",
            "  known(\"jira.get\")\n",
            "rules\n",
            "derives known(\"jira.get\")",
            "checks\n",
            "  ✗ ./mine, check 0: check if known($t), allowed_tool($t)\n",
            "no fact matches allowed_tool(",
            "  ✓ read-only, check 0: ",
            "matches operation(\"read\")",
            "policies\n",
            "  → ./mine, policy 0: deny if time($t)\n",
            "where $t = 2030-01-01T12:00:00Z",
            "DENIED  policy_denied  by ./mine, policy 0\n");
  }

  @Test
  void explain_allowed_isZero() {
    Cli.Result result =
        cli.run(
            "policy",
            "explain",
            "tool-allow-list",
            "default",
            "-r",
            "call.json",
            "-f",
            "allowed_tool(\"jira.get\")");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("where $tool = \"jira.get\"", "→ default, policy 0")
        .endsWith("ALLOWED  by default, policy 0\n");
  }

  @Test
  void explain_noPolicyMatches_saysWhyOfEach() {
    Cli.Result result = cli.run("policy", "explain", "rights", "-r", "call.json");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("no fact matches resource(", "none matches", "DENIED  no_matching_policy\n");
  }

  @Test
  void explain_withToken_showsItsChecksAndChain() {
    cli.ok("keygen", "--out", "root.key");
    cli.ok("keygen", "--out", "planner.key");
    cli.ok(
        ("mint --key root.key --delegator user:alice@acme.com --holder agent:planner=planner.pub"
                + " --task T-1 --grant jira.search --expires 1h --out token")
            .split(" ", -1));
    String[] args = {
      "policy", "explain", "default", "-r", "call.json", "--token", "token", "-p", "root.pub"
    };

    Cli.Result result = cli.run(args);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("delegator(\"user:alice@acme.com\")  (block 0)", "depth(0)")
        .contains("checks of the token\n  ✗ block 0, check 0: check if tool(\"jira.search\")\n")
        .endsWith("DENIED  check_failed  by block 0, check 0\n");
    assertThat(cli.run("policy", "explain", "default", "-r", "call.json", "-p", "root.pub").exit())
        .isEqualTo(2);
  }
}
