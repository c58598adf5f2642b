package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody revokes, and a service refuses on its next call. */
class RevokeTest {
  @TempDir private Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    agents.prove("researcher", "search.json", "svc:jira", "proof");
    cli.ok("keygen", "--out", "revoker.key");
    assertThat(sign()).isEqualTo("revoked.list is now number 1\n");
    assertThat(decide().exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "task, T-4711, task T-4711 is revoked",
    "holder, planner.pub, the key of agent:planner is revoked",
    "holder, researcher.pub, the key of agent:researcher is revoked",
    "delegator, user:alice@acme.com, user:alice@acme.com is revoked",
    "root, root.pub, the root key"
  })
  void revoke_whatTheTokenStandsOn_isRefusedOnTheNextCall(String kind, String what, String why) {
    assertThat(revoke(kind, what).out()).endsWith("; revoked.list is now number 2\n");

    assertThat(decide().exit()).isEqualTo(1);
    assertThat(decide().out()).startsWith("DENIED  revoked  svc:jira refused").contains(why);
  }

  @Test
  void revoke_blockOfAnAncestor_endsItsDescendantsAndNamesIts() {
    Cli.Result result = revoke("block", "researcher.token", "--block", "0", "-p", "root.pub");

    assertThat(result.out())
        .isEqualTo(
            "revoked block 0 (user:alice@acme.com → agent:planner) and all that came of it,"
                + " which ends at 2030-01-01T13:00:00Z; revoked.list is now number 2\n");
    assertThat(decide().out()).contains("hop 0", "(block 0) is revoked");
  }

  @Test
  void revoke_lastBlockByDefault_leavesItsParentAlone() {
    Cli.Result result = revoke("block", "researcher.token", "-p", "root.pub");
    agents.prove("planner", "search.json", "svc:jira", "planner.proof");

    assertThat(result.out())
        .startsWith("revoked block 1 (agent:planner → agent:researcher)")
        .contains("which ends at 2030-01-01T12:10:00Z");
    assertThat(decide().exit()).isEqualTo(1);
    assertThat(agents.decideWithList("planner", "search.json", "--proof", "planner.proof").exit())
        .isZero();
  }

  @Test
  void revoke_blockUntilBeforeItsEnd_isRefusedAsTheTokenWouldLiveAgain() {
    Cli.Result result = run("block", "researcher.token", "-p", "root.pub", "--until", "5m");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("good again", "its own end, 2030-01-01T12:10:00Z");
    assertThat(decide().exit()).isZero();
    assertThat(run("block", "researcher.token", "-p", "root.pub", "--until", "10m").exit())
        .isZero();
  }

  @Test
  void revocationsVerify_nobodyAnswers_saysWhatFailed() {
    Cli.Result result =
        cli.run(
            "revocations",
            "verify",
            "--revocations",
            "http://127.0.0.1:1/revoked.list",
            "--revocation-key",
            "revoker.pub");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("ConnectException").doesNotContain("null");
  }

  @Test
  void taskEnd_task_isRefusedOnTheNextCall() {
    cli.ok("task", "end", "T-4711", "--revocations", "revoked.list", "--key", "revoker.key");

    assertThat(decide().out()).contains("task T-4711 is revoked");
  }

  @Test
  void revoke_withAnAuditLog_leavesARecordThatTheTraceShows() {
    cli.ok("keygen", "--out", "audit.key");
    String[] log = {"--audit", "audit.jsonl", "--audit-key", "audit.key"};
    agents.mint("planner.token", log);

    revoke(
        "block",
        "planner.token",
        "-p",
        "root.pub",
        "--reason",
        "on leave",
        log[0],
        log[1],
        log[2],
        log[3]);
    String revoked = cli.read("audit.jsonl");
    with(
        new String[] {
          "task", "end", "T-4711", "--revocations", "revoked.list", "--key", "revoker.key"
        },
        log);

    assertThat(revoked).contains("\"kind\":\"revoke\"", "\"reason\":\"on leave\"");
    assertThat(cli.read("audit.jsonl")).contains("\"kind\":\"task_end\"");
    assertThat(cli.ok("audit", "trace", "audit.jsonl", "--task", "T-4711"))
        .contains("task ended", "on leave");
  }

  @Test
  void revoke_untilADate_endsThen() {
    revoke("task", "T-4711", "--until", "2m");

    assertThat(decide("--time", "+1m").exit()).isEqualTo(1);
    assertThat(decide("--time", "+1m").out()).contains("revoked");
    agents.mint("planner.token", "--purpose", "again");
    agents.delegate("planner", "researcher", "--expires", "10m");
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
        "+3m",
        "--out",
        "proof");
    assertThat(decide("--time", "+3m").exit()).isZero();
  }

  @Test
  void authorize_staleList_isRefused() {
    sign("--max-age", "1s", "--next-update", "1ms");

    Cli.Result result = decide("--time", "+3m"); // the token has not ended

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).startsWith("DENIED  revocation_stale");
  }

  @Test
  void authorize_revokedWithAReplayMemory_leavesTheProofUnused() {
    revoke("task", "T-9");
    revoke("task", "T-4711");

    assertThat(decide("--replay-memory", "used").out()).contains("DENIED  revoked");
    assertThat(
            agents
                .decide("researcher", "search.json", "--proof", "proof", "--replay-memory", "used")
                .exit())
        .isZero();
  }

  @Test
  void authorize_neitherListNorWithout_isUsage() {
    String[] call = {
      "authorize",
      "researcher.token",
      "-p",
      "root.pub",
      "-r",
      "search.json",
      "--audience",
      "svc:jira"
    };
    assertThat(cli.run(call).exit()).isEqualTo(2);
    assertThat(cli.run(call).err()).contains("--revocations LIST", "--without-revocation");
    assertThat(decide("--without-revocation").err()).contains("exclude each other");
    assertThat(with(call, "--revocations", "revoked.list").err()).contains("--revocation-key");
    assertThat(with(call, "--revocation-key", "revoker.pub").err()).contains("--revocations LIST");
    assertThat(
            cli.run("authorize", "researcher.token", "-p", "root.pub", "--revocations", "x").err())
        .contains("--revocations needs --request");
  }

  @Test
  void authorize_listOfAnotherOrNoList_isRefused() {
    cli.ok("keygen", "--out", "thief.key");
    cli.ok("revocations", "sign", "--revocations", "forged.list", "--key", "thief.key");
    String[] call = {
      "authorize",
      "researcher.token",
      "-p",
      "root.pub",
      "-r",
      "search.json",
      "--audience",
      "svc:jira",
      "--proof",
      "proof",
      "--revocation-key",
      "revoker.pub"
    };

    Cli.Result forged = with(call, "--revocations", "forged.list");
    assertThat(forged.exit()).isEqualTo(3);
    assertThat(forged.err()).contains("(unknown_revocation_key)");
    assertThat(with(call, "--revocations", "nothing.list").exit()).isEqualTo(5);
    assertThat(with(call, "--revocations", "proof").err()).contains("(malformed_revocations)");
  }

  @Test
  void authorize_olderListThanRemembered_isRefused() throws IOException {
    byte[] old = cli.readBytes("revoked.list");
    revoke("task", "T-4711");
    assertThat(decide("--revocation-memory", "memory").exit()).isEqualTo(1);
    Files.write(folder.resolve("revoked.list"), old);

    Cli.Result result = decide("--revocation-memory", "memory");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(revocations_rolled_back)");
  }

  /** What the other issuer revoked is not known then: services deny, and so does this. */
  @Test
  void revocations_verifyWithoutTheOtherIssuersList_isUnavailable() {
    revoke("task", "T-1");
    String[] verify = {
      "revocations",
      "verify",
      "--revocations",
      "revoked.list",
      "--revocation-key",
      "revoker.pub",
      "--revocation-key",
      "root.pub"
    };

    assertThat(cli.run(verify).exit()).isEqualTo(1);
    assertThat(cli.run(verify).out()).startsWith("UNAVAILABLE  number 2");
    assertThat(with(verify, "--json").out()).contains("\"status\" : \"unavailable\"");
  }

  @Test
  void revocations_verify_saysFreshOrStaleOrWhyNot() {
    String[] verify = {
      "revocations", "verify", "--revocations", "revoked.list", "--revocation-key", "revoker.pub"
    };
    revoke("task", "T-1");

    assertThat(cli.ok(verify)).isEqualTo("FRESH  number 2, 1 entry, stale in 1 day\n");
    assertThat(with(verify, "--json").out()).contains("\"status\" : \"fresh\"");
    sign("--max-age", "1s", "--next-update", "1ms");
    assertThat(cli.run(verify).exit()).isZero();
    assertThat(cli.run(verify).out()).startsWith("FRESH  number 3");
    assertThat(
            cli.run(
                    "revocations",
                    "verify",
                    "--revocations",
                    "revoked.list",
                    "--revocation-key",
                    "root.pub")
                .exit())
        .isEqualTo(3);
  }

  @Test
  void revocations_show_countsByKind() throws IOException {
    revoke("task", "T-1");
    revoke("task", "T-2", "--until", "1h");
    revoke("delegator", "user:bob@acme.com");
    String[] show = {
      "revocations", "show", "--revocations", "revoked.list", "--revocation-key", "revoker.pub"
    };

    assertThat(cli.ok(show))
        .startsWith("number 4, signed by ed25519/")
        .contains("  next update: 2030-01-02T12:00:00Z (in 1 day)")
        .contains("  1 snapshot, 3 deltas", "  task: 2", "  delegator: 1", "  holder: 0");
    JsonNode json = new ObjectMapper().readTree(with(show, "--json", "--entries").out());
    assertThat(json.get("sequence").intValue()).isEqualTo(4);
    assertThat(json.get("entries")).hasSize(3);
    assertThat(json.at("/entries/1/until").textValue()).isEqualTo("2030-01-01T13:00:00Z");
    assertThat(with(show, "--entries").out()).contains("no end", "until 2030-01-01T13:00:00Z");
  }

  @Test
  void revocations_sign_foldsDeltasAndKeepsEntries() {
    revoke("task", "T-4711");
    revoke("task", "T-2");

    assertThat(sign()).isEqualTo("revoked.list is now number 4\n");

    assertThat(
            cli.ok(
                "revocations",
                "show",
                "--revocations",
                "revoked.list",
                "--revocation-key",
                "revoker.pub"))
        .contains("  1 snapshot, 0 deltas", "  task: 2");
    assertThat(decide().exit()).isEqualTo(1);
  }

  @Test
  void revoke_nothingSaidOfTheHorizon_keepsTheLastOne() {
    sign("--next-update", "7d");

    assertThat(revoke("task", "T-1").err()).isEmpty();

    assertThat(
            cli.ok(
                "revocations",
                "verify",
                "--revocations",
                "revoked.list",
                "--revocation-key",
                "revoker.pub"))
        .contains("stale in 7 days");
    Cli.Result shorter = revoke("task", "T-2", "--next-update", "15m");
    assertThat(shorter.err())
        .contains("taper: warning: the list is good for 15 minutes, the last one was for 7 days");
  }

  @Test
  void registryPublish_nothingSaidOfTheHorizon_keepsTheLastOne() {
    String database = "sqlite:taper.db";
    cli.ok(
        "revocations",
        "sign",
        "--revocations",
        database,
        "--key",
        "revoker.key",
        "--next-update",
        "7d");

    Cli.Result kept =
        cli.run("registry", "publish", "--registry", database, "--key", "revoker.key");

    assertThat(kept.err()).isEmpty();
    assertThat(kept.out()).contains("good until 2030-01-08T12:00:00Z");
    assertThat(
            cli.run(
                    "registry",
                    "publish",
                    "--registry",
                    database,
                    "--key",
                    "revoker.key",
                    "--max-age",
                    "1h")
                .err())
        .contains("the list is good for 1 hour, the last one was for 7 days");
  }

  @Test
  void revoke_withARegistry_saysWhatItEnds() {
    String[] registry = {"--registry", "sqlite:taper.db"};
    agents.mint("planner.token", registry);

    Cli.Result slip = revoke("delegator", "user:alcie@acme.com", registry[0], registry[1]);
    Cli.Result right = revoke("delegator", "user:alice@acme.com", registry[0], registry[1]);
    Cli.Result again = revoke("delegator", "user:alice@acme.com", registry[0], registry[1]);

    assertThat(slip.out()).contains("ends nothing that the registry knows");
    assertThat(slip.err())
        .contains("warning: nothing living stands on delegator user:alcie@acme.com");
    assertThat(right.out()).contains("ends 1 living delegation\n");
    assertThat(right.err()).isEmpty();
    assertThat(again.out()).startsWith("nothing new: revoked before, delegator user:alice");
  }

  @Test
  void mint_forWhatTheRegistryHasRevoked_warns() {
    String[] registry = {"--registry", "sqlite:taper.db"};
    agents.mint("planner.token", registry);
    revoke("task", "T-4711", registry[0], registry[1]);

    Cli.Result minted =
        with(
            new String[] {
              "mint",
              "--key",
              "root.key",
              "--delegator",
              "user:alice@acme.com",
              "--task",
              "T-4711",
              "--holder",
              "agent:planner=planner.pub",
              "--grant",
              "jira.*",
              "--expires",
              "1h",
              "--out",
              "again.token"
            },
            registry);

    assertThat(minted.err()).contains("taper: warning: task T-4711 is revoked");
  }

  @Test
  void revoke_lift_takesItBackWithAReason() {
    revoke("task", "T-4711");
    assertThat(decide().exit()).isEqualTo(1);

    assertThat(lift("task", "T-4711").exit()).isEqualTo(2);
    assertThat(lift("task", "T-4712", "--reason", "x").exit()).isEqualTo(2);
    Cli.Result lifted = lift("task", "T-4711", "--reason", "wrong task");

    assertThat(lifted.out()).isEqualTo("lifted task T-4711; revoked.list is now number 3\n");
    assertThat(decide().exit()).isZero();
    sign();
    assertThat(decide().exit()).isZero();
    assertThat(
            cli.ok(
                "revocations",
                "show",
                "--revocations",
                "revoked.list",
                "--revocation-key",
                "revoker.pub",
                "--entries"))
        .contains("  task: 0", "  lifted: 1", "  lifted: task ", " wrong task");
  }

  @Test
  void revoke_listOfAnotherKey_isRefusedAndUnchanged() {
    cli.ok("keygen", "--out", "other.key");
    byte[] before = cli.readBytes("revoked.list");

    Cli.Result result =
        cli.run("revoke", "task", "T-1", "--revocations", "revoked.list", "--key", "other.key");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "block researcher.token",
        "block researcher.token -p root.pub --block 2",
        "block researcher.token -p root.pub --block -1",
        "task T-1 --block 0",
        "task T-1 -p root.pub",
        "task T-1 --max-age 32d",
        "task T-1 --until tomorrow",
        "everything x",
        "task"
      })
  void revoke_makesNoSense_isUsage(String args) {
    List<String> call = new ArrayList<>(List.of(("revoke " + args).split(" ", -1)));
    call.addAll(List.of("--revocations", "revoked.list", "--key", "revoker.key"));

    assertThat(cli.run(call.toArray(new String[0])).exit()).isEqualTo(2);
  }

  @Test
  void revoke_blockOfAForgedToken_isRefused() {
    assertThat(revokeFails("block", "researcher.token", "-p", "planner.pub")).isEqualTo(3);
  }

  private int revokeFails(String... args) {
    return run(args).exit();
  }

  private Cli.Result revoke(String... args) {
    Cli.Result result = run(args);
    assertThat(result.exit()).as(result.err()).isZero();
    return result;
  }

  private Cli.Result run(String... args) {
    return run(List.of("revoke"), args);
  }

  private Cli.Result lift(String... args) {
    return run(List.of("revocations", "lift"), args);
  }

  private Cli.Result run(List<String> command, String... args) {
    List<String> call = new ArrayList<>(command);
    call.addAll(List.of(args));
    call.addAll(List.of("--revocations", "revoked.list", "--key", "revoker.key"));
    return cli.run(call.toArray(new String[0]));
  }

  private String sign(String... more) {
    List<String> call =
        new ArrayList<>(
            List.of(
                "revocations", "sign", "--revocations", "revoked.list", "--key", "revoker.key"));
    call.addAll(List.of(more));
    return cli.ok(call.toArray(new String[0]));
  }

  private Cli.Result decide(String... more) {
    List<String> call = new ArrayList<>(List.of("--proof", "proof"));
    call.addAll(List.of(more));
    return agents.decideWithList("researcher", "search.json", call.toArray(new String[0]));
  }

  private Cli.Result with(String[] args, String... more) {
    List<String> call = new ArrayList<>(List.of(args));
    call.addAll(List.of(more));
    return cli.run(call.toArray(new String[0]));
  }
}
