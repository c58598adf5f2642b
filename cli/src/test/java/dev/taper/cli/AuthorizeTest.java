package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizeTest {
  private static final String ALLOW_READ =
      "allow if right($r, \"read\"), resource($r), operation(\"read\");";

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.ok("keygen", "--out", "root.key");
    cli.ok("mint", "-k", "root.key", "-b", "right(\"file1\", \"read\");", "-o", "token");
    cli.ok(
        "attenuate", "token", "-b", "check if resource(\"file1\")", "--ttl", "1h", "-o", "token");
    cli.file("policy", ALLOW_READ);
  }

  private Cli.Result authorize(String... more) {
    String[] args = {"authorize", "token", "-p", "root.pub"};
    return cli.run(with(args, more));
  }

  @Test
  void authorize_allowed_isZero() {
    Cli.Result result =
        authorize(
            "--policy", "policy", "-f", "resource(\"file1\")", "--fact", "operation(\"read\");");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo(
            "ALLOWED\n  policy 0: " + ALLOW_READ.substring(0, ALLOW_READ.length() - 1) + "\n");
  }

  @Test
  void authorize_failedCheck_isOneAndNamesIt() {
    Cli.Result result =
        authorize("--authorizer", "allow if true", "--fact", "resource(\"file2\")", "--explain");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("DENIED  check_failed\n  policy 0: allow if true\n")
        .contains("failed block 1, check 0: check if resource(\"file1\")")
        .contains("no fact matches resource(\"file1\")");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"deny if true, policy_denied", "allow if false, no_matching_policy"})
  void authorize_policySaysNo_isOne(String policy, String outcome) {
    Cli.Result result = authorize("--authorizer", policy, "--fact", "resource(\"file1\")");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).startsWith("DENIED  " + outcome + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "now, 0",
    "none, 1",
    "2030-01-01T12:59:59Z, 0",
    "2030-01-01T13:00:00Z, 1",
    "tomorrow, 2"
  })
  void authorize_time_decidesExpiry(String time, int exit) {
    Cli.Result result =
        authorize("--authorizer", "allow if true", "-f", "resource(\"file1\")", "--time", time);

    assertThat(result.exit()).isEqualTo(exit);
  }

  @Test
  void authorize_severalPolicies_addUpInOrder() {
    cli.file("first", "deny if operation(\"delete\");");

    Cli.Result result =
        authorize(
            "--policy",
            "first",
            "--policy",
            "-",
            "--authorizer",
            "allow if true",
            "-f",
            "resource(\"file1\")");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("--authorizer, policy 0: allow if true");
  }

  @Test
  void authorize_defaultScopeInOneOfSeveral_isItsOwnOnly() {
    cli.file("strict", "trusting previous; deny if right($file, $operation);");

    Cli.Result result =
        authorize(
            "--policy",
            "strict",
            "--policy",
            "policy",
            "-f",
            "resource(\"file1\")",
            "-f",
            "operation(\"read\")");

    assertThat(result.out()).contains("  policy, policy 0: allow if");
    assertThat(result.exit()).isZero();
  }

  @Test
  void authorize_params_serveFactsAndPolicies() {
    Cli.Result result =
        authorize(
            "--authorizer",
            "allow if operation({op})",
            "-f",
            "operation({op})",
            "-f",
            "resource({file})",
            "--param",
            "op=read",
            "--param",
            "file=file1");

    assertThat(result.exit()).isZero();
  }

  @Test
  void authorize_json_isAValue() throws IOException {
    Cli.Result result =
        authorize(
            "--authorizer",
            "check if user(\"x\"); allow if true",
            "--json",
            "--explain",
            "--query",
            "r($x) <- right($x, $y)");

    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(json.get("allowed").booleanValue()).isFalse();
    assertThat(json.get("outcome").textValue()).isEqualTo("check_failed");
    assertThat(json.at("/policy/kind").textValue()).isEqualTo("allow");
    assertThat(json.at("/policy/index").intValue()).isZero();
    assertThat(json.at("/failed_checks/0/block").isNull()).isTrue();
    assertThat(json.at("/failed_checks/0/check").textValue()).isEqualTo("check if user(\"x\")");
    assertThat(json.at("/failed_checks/1/block").intValue()).isEqualTo(1);
    assertThat(json.at("/explanation/0/why/0").textValue()).contains("no fact matches");
    assertThat(json.at("/query/0").textValue()).isEqualTo("r(\"file1\")");
    assertThat(json.get("elapsed_micros").isIntegralNumber()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow if 9223372036854775807 + 1 > 0 | | overflow",
        "allow if 1 / 0 > 0 | | division_by_zero",
        "deny if \"a\" === 1 | | invalid_type",
        "allow if \"a\".extern::f() | | undefined_extern",
        "a(1); b($x) <- a($x); allow if true | --max-facts=2 | too_many_facts",
        "a(1); b($x) <- a($x); c($x) <- b($x); allow if true | --max-iterations=2 |"
            + " too_many_iterations",
        "n(0); n(1); n(2); m($a, $b, $c) <- n($a), n($b), n($c); allow if true | --max-steps=5 |"
            + " too_much_work"
      })
  void authorize_evaluationFails_isDeniedByItsCode(
      String policy, @Nullable String limit, String code) throws IOException {
    String[] more = {"--authorizer", policy, "-f", "resource(\"file1\")"};
    String[] all = limit == null ? more : with(more, limit);

    Cli.Result result = authorize(all);

    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("DENIED  " + code + "\n");
    assertThat(result.err()).endsWith("(" + code + ")\n");
    Cli.Result json = authorize(with(all, "--json"));
    JsonNode tree = new ObjectMapper().readTree(json.out());
    assertThat(tree.get("allowed").booleanValue()).isFalse();
    assertThat(tree.at("/error/code").textValue()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--policy policy | 2 | root key",
        "-p root.pub | 2 | policy",
        "-p root.pub --policy missing | 5 | missing",
        "-p missing --policy policy | 5 | missing",
        "-p ed25519/00 --policy policy | 2 | (invalid_key)",
        "-p root.pub --authorizer allow | 4 | (syntax)",
        "-p root.pub --policy policy --fact resource | 4 | (syntax)",
        "-p root.pub --policy policy --fact resource($x) | 4 | (invalid_datalog)",
        "-p root.pub --authorizer r($x)<-r(1);allow_if_true | 4 | taper:",
        "-p root.pub --policy policy --query r($x) | 4 | (syntax)",
        "-p root.pub --policy policy --query r($x)<-r(1) | 4 | (invalid_datalog)",
        "-p root.pub --policy policy --query-all | 2 | --query",
        "-p root.pub --policy policy --max-facts 0 | 2 | positive",
        "-p root.pub --policy policy --max-facts many | 2 | --max-facts",
        "-p root.pub --policy policy --max-time never | 2 | duration",
        "-p root.pub --policy policy --policies-snapshot s | 2 | exclude",
        "-p root.pub --policies-snapshot-text AAAA | 3 | snapshot",
        "-p root.pub --policy policy --param x | 2 | parameter"
      })
  void authorize_badInput_hasItsExitCode(String options, int exit, String message) {
    String[] args = ("authorize token " + options).split(" ", -1);

    Cli.Result result = cli.run(args);

    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err()).contains(message);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void authorize_query_printsFacts() {
    String[] request = {"--authorizer", "allow if true", "-f", "resource(\"file1\")"};
    cli.ok("attenuate", "token", "-b", "right(\"file9\", \"read\")", "-o", "token");

    String trusted = authorize(with(request, "--query", "r($x) <- right($x, $y)")).out();
    String all = authorize(with(request, "--query", "r($x) <- right($x, $y)", "--query-all")).out();

    assertThat(trusted).contains("r(\"file1\")").doesNotContain("file9");
    assertThat(all).contains("r(\"file1\")", "r(\"file9\")");
  }

  @Test
  void query_printsOnlyFacts() throws IOException {
    String rule = "r($x, $u) <- right($x, $y), user($u)";
    String[] args = {"query", "token", rule, "-p", "root.pub", "--authorizer", "user(\"a\u001b\")"};

    assertThat(cli.ok(args)).isEqualTo("r(\"file1\", \"a\\u{1b}\")\n");
    assertThat(
            cli.env("TAPER_TOKEN", cli.read("token"))
                .ok(Arrays.stream(args).filter(arg -> !arg.equals("token")).toArray(String[]::new)))
        .isEqualTo("r(\"file1\", \"a\\u{1b}\")\n");
    JsonNode json = new ObjectMapper().readTree(cli.ok(with(args, "--json")));
    assertThat(json.at("/facts/0").textValue()).isEqualTo("r(\"file1\", \"a\u001b\")");
  }

  @Test
  void query_otherBlocks_onlyWithAll() {
    cli.ok("attenuate", "token", "-b", "right(\"file9\", \"read\")", "-o", "token");
    String[] args = {"query", "token", "r($x) <- right($x, $y)", "-p", "root.pub"};

    assertThat(cli.ok(args)).isEqualTo("r(\"file1\")\n");
    assertThat(cli.ok(with(args, "--all"))).isEqualTo("r(\"file1\")\nr(\"file9\")\n");
  }

  /** A token has one copy of a long text, and a rule can derive very many facts with it. */
  @Test
  void query_longTextInManyFacts_isCutShort() throws IOException {
    StringBuilder code = new StringBuilder("s(\"" + "x".repeat(30_000) + "\");");
    for (int i = 0; i < 200; i++) {
      code.append("f(" + i + ");");
    }
    cli.file("long.datalog", code.toString());
    cli.ok("mint", "-k", "root.key", "long.datalog", "-o", "token");
    String rule = "r($x, $y) <- f($x), s($y)";
    String[] query = {"query", "token", rule, "-p", "root.pub"};
    String[] decide = {"--authorizer", "allow if true", "--query", rule};

    for (String shown :
        new String[] {
          cli.ok(query),
          cli.ok(with(query, "--json")),
          authorize(decide).out(),
          authorize(with(decide, "--json")).out()
        }) {
      assertThat(shown.length()).isBetween(1_000_000, 1_200_000);
      assertThat(shown).contains("r(0, ", "r(199, ", "x…");
    }
  }

  @Test
  void authorize_longTextInManyChecks_isCutShort() {
    String check = "check if s($s), $s == \"" + "x".repeat(5_000) + "\";\n";
    cli.file("long.datalog", check.repeat(200));
    cli.ok("mint", "-k", "root.key", "long.datalog", "-o", "token");
    for (int i = 0; i < 2; i++) {
      cli.ok("attenuate", "token", "--block-file", "long.datalog", "-o", "token");
    }
    String[] allow = {"--authorizer", "allow if true"};

    for (String shown :
        new String[] {authorize(allow).out(), authorize(with(allow, "--json")).out()}) {
      assertThat(shown.length()).isBetween(1_000_000, 1_300_000);
      assertThat(shown).contains("check if s($s), ", "199", "x…");
    }
  }

  @Test
  void query_noKey_isUsage() {
    assertThat(cli.run("query", "token", "r($x) <- right($x, $y)").exit()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void snapshots_writtenAndRead_decideTheSame(boolean raw) throws IOException {
    String[] request = {
      "--policy",
      "policy",
      "-f",
      "resource(\"file1\")",
      "-f",
      "operation(\"read\")",
      "--dump-snapshot",
      "all",
      "--dump-policies-snapshot",
      "policies",
      raw ? "--raw-snapshot" : "--explain"
    };
    assertThat(authorize(request).exit()).isZero();

    String rawInput = raw ? "--raw-input" : "--json";
    Cli.Result shown =
        cli.run("snapshot", "inspect", "all", rawInput, "--query", "r($x) <- right($x, $y)");
    assertThat(shown.exit()).isZero();
    assertThat(shown.out()).contains("r(\\\"file1\\\")".replace("\\", raw ? "" : "\\"));
    assertThat(shown.out()).contains(raw ? "ALLOWED" : "\"allowed\" : true");

    String[] again = {
      "--policies-snapshot", "policies", "-f", "resource(\"file1\")", "-f", "operation(\"write\")"
    };
    Cli.Result denied = authorize(raw ? with(again, "--raw-policies-input") : again);
    assertThat(denied.exit()).as(denied.err()).isEqualTo(1);
    assertThat(denied.out()).startsWith("DENIED  no_matching_policy");
  }

  @Test
  void snapshotInspect_denied_isOneAndShowsFacts() {
    authorize("--policy", "policy", "--dump-snapshot", "all");

    Cli.Result result = cli.run("snapshot", "inspect", "all");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("snapshot of 2 blocks, evaluated before\n")
        .contains(
            "block 0\n",
            "[0] right(\"file1\", \"read\")",
            "[authorizer] time(2030-01-01T12:00:00Z)")
        .contains("DENIED  no_matching_policy");
  }

  @Test
  void thirdParty_wrongToken_isForged() {
    cli.ok("mint", "-k", "root.key", "-b", "a(1)", "-o", "other");
    cli.ok("third-party", "request", "other", "--raw", "-o", "request");
    String signed =
        cli.ok("third-party", "sign", "request", "--raw-input", "-k", "root.key", "-b", "b(1)");

    Cli.Result wrong = cli.run("third-party", "append", "token", "--contents-text", signed.strip());
    assertThat(wrong.exit()).isEqualTo(3);
    Cli.Result right = cli.stdin(signed).run("third-party", "append", "other", "--contents", "-");
    assertThat(right.exit()).as(right.err()).isZero();
    assertThat(cli.run("third-party", "append", "token").exit()).isEqualTo(2);
    assertThat(cli.stdin("x").run("third-party", "append", "-", "--contents", "-").exit())
        .isIn(2, 3);
  }

  private static String[] with(String[] args, String... more) {
    return Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new);
  }
}
