package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTestCommandTest {
  private static final String LIBRARY = "../policies";
  private static final String CASES =
      """
      cases:
        - name: reading
          request: {tool: a.get, operation: read}
          expect: allow
          by: default
      """;

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.file("reads.datalog", "check if operation(\"read\");");
    cli.file("reads.cases.yaml", CASES);
  }

  @Test
  void test_library_passesAndReachesEverything() {
    String out =
        cli.ok(
            "policy", "test", Path.of(LIBRARY).toAbsolutePath().toString(), "--require-coverage");

    assertThat(out)
        .contains("ok     spend-limit", " policies, 0 failed\n", "coverage 100 %")
        .doesNotContain("never");
  }

  @Test
  void test_whatNoCaseReaches_isShownAndFailsIfAskedTo() {
    Cli.Result result = cli.run("policy", "test", "reads.datalog");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("check 0 never fails: check if operation(\"read\")", "coverage 0 %");
    assertThat(cli.run("policy", "test", ".", "--require-coverage").exit()).isEqualTo(1);
  }

  @Test
  void test_tokensInFiles_areDecidedLikeOthers() {
    new Agents(cli);
    cli.file(
        "reads.cases.yaml",
        """
        time: 2030-01-01T12:05:00Z
        request: {tool: jira.search, operation: read, resource: "jira:project/ACME/Q3/12"}
        token: {file: researcher.token, root: root.pub, key: researcher.key}
        cases:
          - {name: granted, expect: allow, by: default}
          - name: over
            time: 2030-01-01T12:11:00Z
            expect: deny
            code: expired
            by: hop 1
          - name: not granted
            request: {tool: jira.search, operation: read, resource: "jira:project/ACME/Q4/12"}
            expect: deny
            code: out_of_scope
            by: hop 1
          - name: without a proof
            token: {file: researcher.token, root: root.pub}
            expect: deny
            code: proof_required
          - name: another root
            token: {file: planner.token, root: scraper.pub, key: planner.key}
            expect: deny
            code: invalid_signature
        """);

    assertThat(cli.ok("policy", "test", "reads.datalog")).contains("5 cases of 1 policy, 0 failed");
  }

  @Test
  void test_caseThatComesOutOtherwise_isOne() throws IOException {
    cli.file("reads.cases.yaml", CASES.replace("operation: read", "operation: write"));

    Cli.Result result = cli.run("policy", "test", ".");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains(
            "FAILED reads  1 case",
            "case 1, reading: expected allow by default, but deny check_failed by reads",
            "1 case of 1 policy, 1 failed");
    JsonNode json = new ObjectMapper().readTree(cli.run("policy", "test", ".", "--json").out());
    assertThat(json.get("passed").booleanValue()).isFalse();
    assertThat(json.at("/policies/0/failures/0/actual").textValue())
        .isEqualTo("deny check_failed by reads");
  }

  @Test
  void test_orphans_areFailures() throws IOException {
    cli.file("lonely.datalog", "allow if true;");
    cli.file("nobody.cases.yaml", CASES);
    Files.createDirectory(folder.resolve("target"));
    cli.file("target/copy.datalog", "allow if true;");

    Cli.Result result = cli.run("policy", "test", ".");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("lonely.datalog: no cases beside it", "nobody.cases.yaml: no policy beside it")
        .doesNotContain("copy");
  }

  @Test
  void test_wrongInput_hasItsExitCode() {
    assertThat(cli.run("policy", "test", "missing.datalog").exit()).isEqualTo(1);
    assertThat(cli.run("policy", "test", "reads.txt").exit()).isEqualTo(2);
    cli.file("reads.cases.yaml", "cases: [{nam: x}]");
    Cli.Result result = cli.run("policy", "test", ".");
    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.err()).contains("reads.cases.yaml", "\"nam\"", "invalid_policy_case");
    cli.file("reads.datalog", "check operation(\"read\");");
    assertThat(cli.run("policy", "test", ".").exit()).isEqualTo(4);
  }

  @Test
  void authorize_namesOfTheLibrary_composeAndTellWhichDecided() {
    cli.ok("keygen", "--out", "root.key");
    cli.ok("mint", "-k", "root.key", "-b", "right(\"f\", \"read\");", "-o", "token");
    String[] args = {
      "authorize", "token", "-p", "root.pub", "--policy", "read-only", "--policy", "default", "-f"
    };

    Cli.Result allowed = cli.run(plus(args, "operation(\"list\")"));
    Cli.Result denied = cli.run(plus(args, "operation(\"write\")"));

    assertThat(allowed.out()).isEqualTo("ALLOWED\n  default, policy 0: allow if true\n");
    assertThat(denied.exit()).isEqualTo(1);
    assertThat(denied.out()).contains("DENIED  check_failed", "failed read-only, check 0");
  }

  private static String[] plus(String[] args, String last) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }
}
