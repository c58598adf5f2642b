package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each key is replaced by commands: a holder's, a list's, a log's, and those in a file of names.
 */
class KeyRotationTest extends RevokingWorld {
  @BeforeEach
  void setUp() {
    cli.ok("keygen", "--out", "new.key");
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private void registered() {
    agents.mint("planner.token", DB.strip().split(" "));
    agents.mint("second.token", "--purpose", "two", "--registry", "sqlite:taper.db");
    agents.delegate("planner", "researcher", DB.strip().split(" "));
  }

  @Test
  void living_ofAKey_tellsWhatItHoldsAndWhatItHandedOn() throws IOException {
    registered();

    assertThat(ok("rotate living planner.pub" + DB))
        .startsWith("holds 2 living delegations\n  agent:planner  for T-4711")
        .contains("handed on 1 living delegation\n  agent:researcher")
        .endsWith(
            "revoke it as a key from 2030-01-01T13:00:00Z on (in 1 hour), when the last"
                + " of it has ended\n");
    JsonNode json = json(ok("rotate living planner.pub --json" + DB));
    assertThat(json.get("held")).hasSize(2);
    assertThat(json.get("handed_on")).hasSize(1);
    assertThat(json.get("last_ends_at").textValue()).isEqualTo("2030-01-01T13:00:00Z");
    assertThat(ok("rotate living scraper.pub" + DB)).contains("holds 0 living delegations");
  }

  @Test
  void move_allTokens_areUsedWithTheNewKeyAndTheOldOneEnds() throws IOException {
    registered();

    assertThat(
            ok(
                "rotate move planner.token second.token --key planner.key --new-key new.pub"
                    + " --out-dir moved"
                    + DB))
        .isEqualTo("moved to moved/planner.token\nmoved to moved/second.token\n");

    ok("revoke holder planner.pub --as-last-holder" + LIST + DB);
    Files.copy(folder.resolve("moved/planner.token"), folder.resolve("new.token"));
    agents.prove("new", "search.json", "svc:jira", "proof");
    assertThat(agents.decideWithList("new", "search.json", "--proof", "proof").exit()).isZero();
    assertThat(ok("rotate living planner.pub" + DB)).contains("holds 0 living delegations");
  }

  @Test
  void move_someOfTheTokens_saysWhatStays() throws IOException {
    registered();

    Cli.Result result =
        run(
            "rotate move planner.token --key planner.key --new-key new.pub --out-dir moved --json"
                + DB);

    JsonNode json = json(result.out());
    assertThat(json.get("moved")).hasSize(1);
    assertThat(json.get("left")).hasSize(1);
  }

  @Test
  void move_oneTokenThatCannotBe_movesNone() {
    registered();
    cli.file("bad.token", "nonsense");

    for (String tokens :
        new String[] {"planner.token bad.token", "planner.token researcher.token"}) {
      assertThat(
              run("rotate move " + tokens + " --key planner.key --new-key new.pub --out-dir moved")
                  .exit())
          .isNotZero();
      assertThat(folder.resolve("moved")).doesNotExist();
    }
    ok("rotate move planner.token --key planner.key --new-key new.pub --out-dir moved");
    assertThat(
            run("rotate move planner.token --key planner.key --new-key new.pub --out-dir moved")
                .err())
        .contains("exists and is not overwritten");
  }

  @Test
  void finish_whileSomethingLives_refusesAndSaysHowLong() {
    registered();

    Cli.Result result = run("rotate finish planner.pub" + LIST + DB);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("1 living delegations were handed on", "ends at 2030-01-01T13:00:00Z")
        .contains("(key_in_use)");
    assertThat(ok("revocations show --revocations revoked.list --revocation-key revoker.pub"))
        .contains("holder: 0");
    assertThat(ok("rotate finish planner.pub --early" + LIST + DB)).startsWith("revoked the old");
    assertThat(ok("registry list" + DB)).isEqualTo("0 living delegations.\n");
  }

  @Test
  void finish_nothingLives_revokesTheKey() {
    registered();

    assertThat(ok("rotate finish scraper.pub" + LIST + DB))
        .contains("; revoked.list is now number 2\n", "taper names remove");
    assertThat(ok("revocations show --revocations revoked.list --revocation-key revoker.pub"))
        .contains("holder: 1");
  }

  @Test
  void handover_ofAList_revokesTheSameByAnotherKey() throws IOException {
    ok("revoke task T-1" + LIST);
    ok("revoke task T-2" + LIST);
    ok("revocations lift task T-2 --reason slip" + LIST);
    String from = "revocations handover --from revoked.list --revocation-key revoker.pub";

    assertThat(ok(from + " --revocations next.list --key new.key"))
        .isEqualTo("took over 1 entry; next.list is now number 1\n");
    assertThat(
            json(ok(from + " --revocations all.list --key root.key --revoke-lifted --json"))
                .get("revoked")
                .intValue())
        .isEqualTo(2);
    assertThat(run(from + " --revocations next.list --key new.key").err())
        .contains("there is a list in next.list already");
    assertThat(run(from + " --revocations revoked.list --key new.key").exit()).isEqualTo(2);
    assertThat(
            run("revocations handover --from next.list --revocation-key revoker.pub --revocations"
                    + " x.list --key root.key")
                .exit())
        .isEqualTo(3);
    assertThat(
            ok(
                "revocations handover --from revoked.list --revocation-key revoker.pub"
                    + " --revocations sqlite:next.db --key new.key"))
        .contains("sqlite:next.db is now number 1");
  }

  @Test
  void audit_handedToANewKey_isIntactByBothAndUntrustedByOne() {
    ok("revoke task T-1 --audit audit.jsonl --audit-key audit.key" + LIST);

    ok("rotate audit audit.jsonl --audit-key audit.key --new-key new.key");

    ok("revoke task T-2 --audit audit.jsonl --audit-key new.key" + LIST);
    assertThat(
            ok("audit verify audit.jsonl --audit-public-key audit.pub --audit-public-key new.pub"))
        .startsWith("INTACT");
    assertThat(run("audit verify audit.jsonl --audit-public-key audit.pub").out())
        .startsWith("NOT INTACT  untrusted");
    assertThat(cli.read("audit.jsonl"))
        .contains("\"type\":\"audit_key\"", "\"decision\":\"added\"", "\"decision\":\"retired\"");
    assertThat(run("rotate audit audit.jsonl --audit-key new.key --new-key new.key").exit())
        .isEqualTo(2);

    ok("revoke task T-3 --audit audit.jsonl --audit-key audit.key" + LIST);
    Cli.Result old =
        run("audit verify audit.jsonl --audit-public-key audit.pub --audit-public-key new.pub");
    assertThat(old.exit()).isEqualTo(1);
    assertThat(old.out()).startsWith("NOT INTACT  retired");
    assertThat(
            run("audit trace audit.jsonl --task T-3 --audit-public-key audit.pub"
                    + " --audit-public-key new.pub")
                .err())
        .contains("(audit_retired)");
  }

  @Test
  void start_rootKeyOfAnIssuer_letsKeysOfOthersBe() throws IOException {
    registered();
    cli.file("keys.json", "[]");
    ok("rotate start --keys keys.json --new-key root.pub --issuer acme");
    ok("rotate start --keys keys.json --new-key scraper.pub --issuer partner");
    ok("rotate start --keys keys.json --new-key new.pub --issuer acme --overlap 2h");

    JsonNode keys = json(ok("rotate status --keys keys.json --json")).get("keys");
    assertThat(keys.get(0).get("expires_at").asText()).isEqualTo("2030-01-01T14:00:00Z");
    assertThat(keys.get(1).has("expires_at")).isFalse();
    assertThat(keys.get(2).has("expires_at")).isFalse();
    assertThat(ok("rotate retire --keys keys.json --key-id 0 --early" + DB))
        .contains("taper registry publish", "taper revoke root KEY");
  }

  @Test
  void names_addAndRemove_changeTheFileAndItsNumber() {
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"number\": 4, \"approvers\": {\"user:boss\": \""
            + cli.read("scraper.pub").strip()
            + "\"}, \"groups\": {\"finance\": [\"user:boss\"]}}");

    ok(
        "names add names.json --approver user:boss=new.pub --agent agent:planner=planner.pub"
            + " --issuer issuer:acme=root.pub --member legal=user:boss -o names.json");
    assertThat(ok("names show names.json"))
        .startsWith("number 5, ")
        .contains(cli.read("new.pub").strip(), "agent:planner", "issuer:acme", "legal");

    ok("names remove names.json --key scraper.pub --key planner.pub -o names.json");
    assertThat(ok("names show names.json"))
        .startsWith("number 6, ")
        .contains("user:boss", "finance")
        .doesNotContain("agent:planner", cli.read("scraper.pub").strip());

    Cli.Result removed = run("names remove names.json --name user:boss -o names.json");
    assertThat(removed.err()).contains("nobody is left in the group finance");
    assertThat(ok("names show names.json")).doesNotContain("user:boss", "finance");
  }

  @Test
  void names_signWith_signsAgainWhatTheSameKeySigned() {
    cli.file("names.json", "{\"format\": \"taper/1 names\"}");
    ok(
        "names add names.json --agent agent:planner=planner.pub --sign-with root.key -o signed.json");
    ok("names add signed.json --agent agent:scraper=new.pub --sign-with root.key -o signed.json");
    ok("names remove signed.json --key planner.pub --sign-with root.key -o signed.json");

    assertThat(ok("names show signed.json --names-key root.pub"))
        .startsWith("number 3, signed by " + cli.read("root.pub").strip())
        .contains("agent:scraper")
        .doesNotContain("agent:planner");
  }

  /** Who signs again would vouch for what somebody changed on the way. */
  @Test
  void names_signWith_otherOrBrokenSignature_isRefused() {
    cli.file("names.json", "{\"format\": \"taper/1 names\"}");
    ok(
        "names add names.json --agent agent:planner=planner.pub --sign-with root.key -o signed.json");
    String add = "names add signed.json --agent agent:scraper=new.pub -o out.json --sign-with ";
    Cli.Result other = run(add + "planner.key");
    cli.file("signed.json", cli.read("signed.json").replace("agent:planner", "agent:forged"));
    Cli.Result changed = run(add + "root.key");

    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("is not trusted for names (invalid_names)");
    assertThat(changed.exit()).isEqualTo(2);
    assertThat(changed.err()).contains("(invalid_names)");
    assertThat(folder.resolve("out.json")).doesNotExist();
    assertThat(run(add + "planner.pub").exit()).isEqualTo(2);
  }

  @Test
  void names_changesThatMakeNoSense_areRefused() {
    cli.file("names.json", "{\"format\": \"taper/1 names\"}");

    for (String args :
        new String[] {
          "add names.json",
          "add names.json --agent agent:planner",
          "add names.json --member finance=user:nobody",
          "add names.json --agent a=planner.pub --agent b=planner.pub",
          "remove names.json",
          "remove names.json --name user:nobody",
          "remove names.json --key planner.pub"
        }) {
      assertThat(run("names " + args).exit()).as(args).isEqualTo(2);
    }
  }
}
