package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alice leaves: what rests on her ends at once, and what others gave her agents stays. */
class OffboardTest extends RevokingWorld {
  private static final String NAMES = " --names signed.json --names-key registrar.pub";
  private static final String ALICE = "user:alice@acme.com";

  @BeforeEach
  void setUp() {
    for (String name : List.of("registrar", "alice", "boss")) {
      cli.ok("keygen", "--out", name + ".key");
    }
    agents.mint("planner.token", DB.strip().split(" "));
    agents.delegate("planner", "researcher", DB.strip().split(" "));
    mint("user:bob@acme.com", "agent:planner=planner.pub", "bob.token");
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"approvers\": {\""
            + ALICE
            + "\": \""
            + cli.read("alice.pub").strip()
            + "\", \"user:boss@acme.com\": \""
            + cli.read("boss.pub").strip()
            + "\"}, \"groups\": {\"finance\": [\""
            + ALICE
            + "\", \"user:boss@acme.com\"]}}");
    ok("names sign names.json --key registrar.key --out signed.json");
  }

  private void mint(String delegator, String holder, String out) {
    ok(
        "mint --key root.key --delegator "
            + delegator
            + " --holder "
            + holder
            + " --task T-9 --grant jira.* --expires 2h --out "
            + out
            + DB);
  }

  private String offboard(String more) {
    return "offboard " + ALICE + DB + LIST + NAMES + AUDIT + more;
  }

  private String living() {
    return ok("registry list" + DB);
  }

  @Test
  void offboard_show_listsAllAndChangesNothing() {
    byte[] before = cli.readBytes("revoked.list");

    String out = ok(offboard(" --show"));

    assertThat(out)
        .startsWith(ALICE + "\ndelegated: 2\n")
        .contains("  agent:planner  for T-4711: 1, ends in 1 hour\n")
        .contains("keys: 1\n  " + cli.read("alice.pub").strip() + " (" + ALICE + ")\n")
        .contains("agents that lose: 2\n  agent:planner  1, still holds 1 of others\n")
        .contains("  agent:researcher  1, still holds nothing\n")
        .contains("the file of names must lose: 2\n  approver " + ALICE + " with 1 key\n")
        .contains("  " + ALICE + " in the group finance, which has 1 other\n");
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(folder.resolve("audit.jsonl")).doesNotExist();
  }

  @Test
  void offboard_yes_endsItAllInOneList() {
    Cli.Result result = run(offboard(" --yes --reason left"));

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .endsWith("Ended: 2 living delegations, by 2 entries; revoked.list is now number 2.\n");
    assertThat(living()).contains("user:bob@acme.com").endsWith("\n1 living delegation.\n");
    assertThat(ok("revocations show --revocations revoked.list --revocation-key revoker.pub"))
        .contains("1 snapshot, 1 delta", "holder: 1", "delegator: 1");
    assertThat(cli.read("audit.jsonl"))
        .contains("\"id\":\"offboarding " + ALICE + "\"", "\"decision\":\"begun\"")
        .contains("\"type\":\"delegator\"", "\"type\":\"holder\"", "\"reason\":\"left\"");
    assertThat(ok(offboard(" --show"))).doesNotContain("delegated", "agents that lose");
  }

  @Test
  void offboard_nameThatNobodyKnows_isSaidOfEachHoweverItIsPrinted() {
    String alcie = " --also user:alcie@acme.com --also agent:planner --show";
    String unknown = "nothing is known of user:alcie@acme.com; is it the right name?";

    Cli.Result shown = run(offboard(alcie));
    assertThat(shown.exit()).isEqualTo(6);
    assertThat(shown.err()).contains(unknown).doesNotContain("known of agent", ALICE);
    assertThat(shown.out()).contains("delegated: 2");
    assertThat(run(offboard(alcie + " --json")).err()).contains(unknown);
  }

  @Test
  void offboard_nameThatNobodyKnows_endsNothing() {
    byte[] before = cli.readBytes("revoked.list");
    String wrong = offboard(" --yes").replace(ALICE, "user:alcie@acme.com");
    String also = offboard(" --yes --also agent:planner --also user:alcie@acme.com");
    for (String command : List.of(wrong, wrong + " --json", wrong.replace(NAMES, ""), also)) {
      Cli.Result refused = run(command);
      assertThat(refused.exit()).as(command).isEqualTo(6);
      assertThat(refused.out()).doesNotContain("Ended", "delegated");
      assertThat(refused.err())
          .contains("nothing is known of user:alcie@acme.com, and nothing was ended")
          .contains("(unknown_person)");
    }
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(folder.resolve("audit.jsonl")).doesNotExist();
    assertThat(living()).endsWith("\n3 living delegations.\n");
  }

  /**
   * What was handed on or held under a name, or has ended, is something; so is a place in a group.
   */
  @Test
  void offboard_nameWithAnything_isKnown() {
    String without = offboard(" --yes").replace(NAMES, "");
    ok(without);
    assertThat(ok(without)).contains("Nothing new: revoked before");
    assertThat(run(without.replace(ALICE, "agent:researcher")).exit()).isZero();
    assertThat(run(offboard(" --yes").replace(ALICE, "user:boss@acme.com")).exit()).isZero();
  }

  @Test
  void offboard_ownerOfARootKey_isWarnedThatOthersLoseToo() {
    String warning = "all that their root keys signed ends with them, whoever delegated it";
    assertThat(run(offboard(" --show")).err()).doesNotContain(warning);
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"issuers\": {\""
            + ALICE
            + "\": \""
            + cli.read("root.pub").strip()
            + "\"}}");
    ok("names sign names.json --key registrar.key --out signed.json");

    Cli.Result shown = run(offboard(" --show"));

    assertThat(shown.err()).contains(warning);
    assertThat(shown.out()).contains("root keys: 1\n", "agent:planner  2, still holds nothing");
  }

  @Test
  void offboard_unconfirmed_endsNothing() {
    Cli.Result noTerminal = run(offboard(""));
    assertThat(noTerminal.exit()).isEqualTo(2);
    assertThat(noTerminal.out()).contains("delegated: 2");
    assertThat(noTerminal.err()).contains("nothing was ended", "--yes", "--show");

    cli.terminals(true, true, true).stdin("user:alcie@acme.com\n");
    assertThat(run(offboard("")).err()).contains("Type " + ALICE, "nothing was ended");
    assertThat(living()).endsWith("\n3 living delegations.\n");

    cli.stdin(ALICE + "\n");
    assertThat(run(offboard("")).exit()).isZero();
    assertThat(living()).endsWith("\n1 living delegation.\n");
    assertThat(run(offboard(" --show --yes")).exit()).isEqualTo(2);
  }

  /** Who reads before the answer must not have read something else than what ends. */
  @Test
  void offboard_moreComesBeforeTheAnswer_isShownAndAskedAbout() {
    cli.terminals(true, true, true).stdin(new Typing((ALICE + "\n").repeat(2), this::lend));

    Cli.Result result = run(offboard(""));

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("more rests on them than was shown")
        .containsPattern("(?s)Type.*Type");
    assertThat(result.out())
        .contains("holds of others: 1", "Ended: 3 living delegations, by 3 entries");
    assertThat(result.out().split("delegated: 2")).hasSize(3); // what was shown before has less
  }

  private void lend() {
    new Cli(folder)
        .ok(
            ("mint --key root.key --delegator user:bob@acme.com --holder "
                    + ALICE
                    + "=scraper.pub --task T-9 --grant jira.* --expires 2h --out lent.token"
                    + DB)
                .split(" "));
  }

  /** What somebody types; before that something happens. */
  private static final class Typing extends FilterInputStream {
    private @Nullable Runnable meanwhile;

    Typing(String text, Runnable meanwhile) {
      super(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      this.meanwhile = meanwhile;
    }

    @Override
    public int read() throws IOException {
      happen();
      return super.read();
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      happen();
      return super.read(into, from, count);
    }

    private void happen() {
      if (meanwhile != null) {
        meanwhile.run();
        meanwhile = null;
      }
    }
  }

  /** A crash or a full disk between the making of a log and its first record leaves this. */
  @Test
  void offboard_logThatHasNoRecordYet_beginsIt() {
    for (String log : List.of("audit.jsonl", "sqlite:audit.db")) {
      if (log.equals("audit.jsonl")) {
        cli.file(log, "");
      }
      String into = offboard(" --yes").replace("--audit audit.jsonl", "--audit " + log);

      Cli.Result result = run(into);

      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.err()).contains("the audit log has no record yet");
      assertThat(ok("audit verify " + log + " --audit-public-key audit.pub")).startsWith("INTACT");
    }
    assertThat(living()).endsWith("\n1 living delegation.\n");
  }

  /** A log of several files is begun, whatever became of its newest one, or of a line before. */
  @Test
  void offboard_logThatLostItsNewestFile_endsNothing() throws IOException {
    ok("task end T-9" + LIST + AUDIT);
    ok("audit rotate audit.jsonl --audit-key audit.key");
    cli.file("audit.jsonl", "");
    assertThat(run(offboard(" --yes")).err()).contains("(audit_");

    Files.delete(folder.resolve("audit.jsonl"));
    assertThat(run(offboard(" --yes")).err()).contains("(audit_");

    cli.file("audit.jsonl.000001", "x" + cli.read("audit.jsonl.000001"));
    assertThat(run(offboard(" --yes")).err()).contains("(audit_");
    cli.file("audit.jsonl", "");
    assertThat(run(offboard(" --show")).err()).contains("(audit_");

    assertThat(ok("registry list" + DB)).endsWith("\n3 living delegations.\n");
  }

  @Test
  void offboard_again_saysThatNothingIsNew() {
    ok(offboard(" --yes"));

    Cli.Result looked = run("revocations check delegator " + ALICE + LOOK + " --audit none.jsonl");
    assertThat(looked.exit()).isEqualTo(1);
    assertThat(looked.out()).startsWith("REVOKED");
    assertThat(looked.err()).contains("there is no record in none.jsonl that could say why");
    assertThat(ok(offboard(" --yes")))
        .endsWith("Nothing new: revoked before, by 2 entries; revoked.list is now number 3.\n");
  }

  @Test
  void offboard_badKeyOrLog_endsNothing() throws IOException {
    byte[] before = cli.readBytes("revoked.list");
    String wrongKey = offboard(" --yes").replace("--key revoker.key", "--key root.key");
    assertThat(run(wrongKey).exit()).isEqualTo(3);
    assertThat(run(offboard(" --yes").replace("--key revoker.key", "--key no.key")).exit())
        .isEqualTo(5);
    assertThat(run(offboard(" --yes").replace("audit.jsonl", "no/audit.jsonl")).exit())
        .isEqualTo(5);
    cli.file("broken.jsonl", "none\n");
    assertThat(run(offboard(" --yes").replace("audit.jsonl", "broken.jsonl")).exit()).isNotZero();
    Files.setPosixFilePermissions(
        folder.resolve("audit.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run(offboard(" --yes")).err()).contains("(secret_exposed)");

    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(living()).endsWith("\n3 living delegations.\n");
  }

  @Test
  void offboard_namesThatNobodySigned_areNotBelieved() {
    String unsigned = offboard(" --show").replace(NAMES, " --names names.json");

    assertThat(run(unsigned).err()).contains("--names-key", "--accept-unsigned-names");
    assertThat(ok(unsigned + " --accept-unsigned-names")).contains("keys: 1");
    Cli.Result without = run(offboard(" --show").replace(NAMES, ""));
    assertThat(without.err()).contains("keys of approvers are not known, and stay good");
  }

  @Test
  void offboard_approvals_areThoseOfTheLogThatLive() throws IOException {
    cli.file("call.json", Agents.SEARCH);
    cli.ok(
        "mint",
        "--key",
        "root.key",
        "--delegator",
        "user:bob@acme.com",
        "--holder",
        "agent:planner=planner.pub",
        "--task",
        "T-9",
        "--expires",
        "2h",
        "--grant",
        "jira.search if approved by " + cli.read("alice.pub").strip(),
        "--out",
        "asking.token");
    ok(
        "escalate asking.token --request call.json --audience svc:jira --reason please --out"
            + " ask.json");
    ok("approve ask.json --public-key root.pub --key alice.key --yes --out given" + AUDIT);

    JsonNode json = new ObjectMapper().readTree(ok(offboard(" --show --json")));

    assertThat(json.get("approvals")).hasSize(1);
    assertThat(json.at("/approvals/0/tool").textValue()).isEqualTo("jira.search");
    assertThat(json.get("done").booleanValue()).isFalse();
    ok(offboard(" --yes"));
    assertThat(
            run("revocations check holder alice.pub --revocations revoked.list --revocation-key"
                    + " revoker.pub")
                .exit())
        .isEqualTo(1);
  }

  @Test
  void offboard_json_hasAllAndWhatWasDone() throws IOException {
    Cli.Result result = run(offboard(" --yes --json"));

    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(json.get("delegated")).hasSize(2);
    assertThat(json.at("/agents/0/name").textValue()).isEqualTo("agent:planner");
    assertThat(json.at("/agents/0/staying").intValue()).isEqualTo(1);
    assertThat(json.get("names_file_must_lose")).hasSize(2);
    assertThat(json.get("revocations")).hasSize(2);
    assertThat(json.get("done").booleanValue()).isTrue();
    assertThat(json.get("number").intValue()).isEqualTo(2);
    assertThat(json.get("ended").intValue()).isEqualTo(2);
  }

  /** In a token a name is a claim: it ends what was given under it, and nobody's key. */
  @Test
  void offboard_personWhoHoldsOthersAuthority_losesItAndWhatCameOfIt() {
    mint("user:bob@acme.com", ALICE + "=scraper.pub", "lent.token");
    ok(
        "delegate lent.token --key scraper.key --holder agent:researcher=researcher.pub --out"
            + " on.token"
            + DB);

    String out = ok(offboard(" --yes"));

    assertThat(out)
        .contains("handed on for others: 1\n", "holds of others: 1\n")
        .contains("Ended: 4 living delegations, by 3 entries");
    assertThat(living()).endsWith("\n1 living delegation.\n");
    assertThat(ok("revocations show --revocations revoked.list --revocation-key revoker.pub"))
        .contains("holder: 1", "block: 1");
  }

  @Test
  void offboard_alsoAnAgent_endsItsKeysToo() {
    String keys =
        cli.read("names.json").replace("\"approvers\"", agentsSection() + "\"approvers\"");
    cli.file("names.json", keys);
    ok("names sign names.json --number 5 --key registrar.key --out signed.json");

    assertThat(ok(offboard(" --yes --also agent:planner")))
        .contains("keys: 2\n", "Ended: 3 living delegations", "agent agent:planner with 1 key");
    assertThat(living()).isEqualTo("0 living delegations.\n");
  }

  private String agentsSection() {
    return "\"agents\": {\"agent:planner\": \"" + cli.read("planner.pub").strip() + "\"}, ";
  }

  @Test
  void offboard_unknownPersonToBeShown_isSaidAndExitsWithNothing() {
    List<String> args = new ArrayList<>(List.of(offboard(" --show").split(" ")));
    args.set(1, "user:nobody@acme.com");

    Cli.Result result = cli.run(args.toArray(new String[0]));

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.err()).contains("nothing is known of user:nobody@acme.com");
  }
}
