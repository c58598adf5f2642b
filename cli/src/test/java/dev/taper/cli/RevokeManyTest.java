package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many things end at once, an agent ends as a whole, and one can ask what ended and why. */
class RevokeManyTest extends RevokingWorld {
  @BeforeEach
  void setUp() {
    agents.prove("researcher", "search.json", "svc:jira", "proof");
    assertThat(decide()).isZero();
  }

  private int decide() {
    return agents.decideWithList("researcher", "search.json", "--proof", "proof").exit();
  }

  private static String keys(int count) {
    return Stream.generate(() -> PrivateKey.generate(Algorithm.ED25519).publicKey().toString())
        .limit(count)
        .collect(Collectors.joining("\n", "# thieves\n\n", "\n"));
  }

  @Test
  void revoke_fromFile_isOneListThatCountsWhatItRepeats() {
    String planner = cli.read("planner.pub").strip();
    cli.file("keys.txt", keys(50) + planner + "\n  " + planner + "  \r\n" + planner);

    String out = ok("revoke holder --from-file keys.txt --reason theft" + LIST + AUDIT);

    assertThat(out)
        .isEqualTo(
            "revoked 51 of kind holder, 2 lines said so twice; revoked.list is now number 2\n");
    assertThat(decide()).isEqualTo(1);
    assertThat(ok("revocations show" + LOOK)).contains("1 snapshot, 1 delta", "holder: 51");
    assertThat(cli.read("audit.jsonl"))
        .contains(
            "\"id\":\"51 of kind holder, by a file with SHA-256 "
                + HexFormat.of().formatHex(Digests.sha256(cli.readBytes("keys.txt")))
                + "\"",
            "\"decision\":\"begun\"")
        .contains("\"id\":\"2\"", "\"type\":\"revocation_list\"", "\"reason\":\"theft\"");
    assertThat(ok("revoke holder --from-file keys.txt" + LIST)).contains("51 were revoked before");
  }

  @Test
  void revoke_fromStandardInput_readsThere() {
    cli.stdin("T-1\nT-4711\n");

    JsonNode json = json(ok("revoke task --from-file - --json" + LIST));

    assertThat(json.get("revoked").intValue()).isEqualTo(2);
    assertThat(json.get("number").intValue()).isEqualTo(2);
    assertThat(decide()).isEqualTo(1);
  }

  @Test
  void revoke_tokensFromFile_endsThoseAlone() {
    agents.mint("other.token", "--purpose", "another");
    cli.file("tokens.txt", cli.read("other.token") + cli.read("researcher.token"));

    assertThat(ok("revoke block --from-file tokens.txt -p root.pub" + LIST))
        .startsWith("revoked 2 of kind block; ");

    assertThat(decide()).isEqualTo(1);
    agents.prove("planner", "search.json", "svc:jira", "planner.proof");
    assertThat(agents.decideWithList("planner", "search.json", "--proof", "planner.proof").exit())
        .isZero();
    assertThat(run("revoke block --from-file tokens.txt -p planner.pub" + LIST).err())
        .startsWith(
            "taper: 2 lines are wrong, and nothing was revoked (malformed_line)\n  line 1: ")
        .contains("\n  line 2: ");
  }

  @ParameterizedTest
  @CsvSource({
    "holder, ed25519/00, 3",
    "holder, root.pub, 3",
    "block, bm90IGEgdG9rZW4, 3",
    "approval, ed25519/aa, 3"
  })
  void revoke_fromFileWithABadLine_saysWhichAndDoesNothing(String kind, String line, int number) {
    byte[] before = cli.readBytes("revoked.list");
    cli.file("lines.txt", "\n# first\n" + line + "\n");

    Cli.Result result =
        run(
            "revoke "
                + kind
                + " --from-file lines.txt"
                + (kind.equals("block") ? " -p root.pub" : "")
                + LIST
                + AUDIT);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("taper: line " + number + ": ")
        .contains("; nothing was revoked (malformed_line)");
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(folder.resolve("audit.jsonl")).doesNotExist();
  }

  @Test
  void revoke_fromFileWithBadLines_namesThemAndCountsThem() throws IOException {
    byte[] before = cli.readBytes("revoked.list");
    String good = cli.read("planner.pub").strip() + "\n";
    Files.write(
        folder.resolve("keys.txt"),
        (good + "one\n" + good + "\u00ff\ntwo\033[31m\n").getBytes(StandardCharsets.ISO_8859_1));
    Cli.Result three = run("revoke holder --from-file keys.txt" + LIST + AUDIT);
    assertThat(three.exit()).isEqualTo(2);
    assertThat(three.err())
        .startsWith(
            "taper: 3 lines are wrong, and nothing was revoked (malformed_line)\n  line 2: ")
        .contains("\n  line 4: it is not UTF-8 text\n  line 5: ")
        .doesNotContain("more", "\033");

    cli.file("keys.txt", good + "x\n".repeat(25));
    assertThat(run("revoke holder --from-file keys.txt" + LIST + AUDIT).err())
        .startsWith("taper: 25 lines are wrong, ")
        .contains("\n  line 11: ", "\n  and 15 more\n")
        .doesNotContain("line 12");
    cli.file("keys.txt", "x\n".repeat(100_000));
    assertThat(run("revoke holder --from-file keys.txt" + LIST + AUDIT).err())
        .startsWith("taper: at least ")
        .contains("\n  line 10: ");
    cli.file("keys.txt", good + "x\n" + "y".repeat(70_000) + "\n" + good);
    assertThat(run("revoke holder --from-file keys.txt" + LIST + AUDIT).err())
        .startsWith("taper: at least 2 lines are wrong, ")
        .contains("\n  line 3: it has more than 65536 bytes\n");
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(folder.resolve("audit.jsonl")).doesNotExist();
  }

  @Test
  void revoke_fromFileOfNothingOrOfLongLines_isRefused() throws IOException {
    cli.file("empty.txt", "# nobody\n");
    cli.file("long.txt", "T-1\n" + "x".repeat(70_000));
    Files.write(folder.resolve("bytes.txt"), new byte[] {'T', '\n', (byte) 0xff});

    assertThat(run("revoke task --from-file empty.txt" + LIST).err()).contains("(malformed_line)");
    assertThat(run("revoke task --from-file long.txt" + LIST).err())
        .contains("line 2: it has more than 65536 bytes");
    assertThat(run("revoke task --from-file bytes.txt" + LIST).err())
        .contains("line 2: it is not UTF-8 text");
    Cli.Result absent = run("revoke task --from-file absent.txt" + LIST);
    assertThat(absent.exit()).isEqualTo(5);
    assertThat(absent.err()).contains("there is no file absent.txt (io)");
    assertThat(run("revoke task T-1 --from-file empty.txt" + LIST).exit()).isEqualTo(2);
    assertThat(run("revoke task" + LIST).exit()).isEqualTo(2);
  }

  /** Half done is worse than not done: whoever looks later must know which. */
  @Test
  void revoke_manyButTheLogIsBroken_doesNothing() {
    byte[] before = cli.readBytes("revoked.list");
    cli.file("audit.jsonl", "not a log\n");
    cli.file("tasks.txt", "T-4711\n");

    Cli.Result result = run("revoke task --from-file tasks.txt" + LIST + AUDIT);

    assertThat(result.exit()).isEqualTo(5);
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(decide()).isZero();
  }

  @Test
  void revoke_manyByAKeyThatIsNotTheLists_doesNothingAndRecordsThat() {
    byte[] before = cli.readBytes("revoked.list");
    cli.file("tasks.txt", "T-4711\n");

    Cli.Result result =
        run("revoke task --from-file tasks.txt --revocations revoked.list --key root.key" + AUDIT);

    assertThat(result.exit()).isEqualTo(3);
    assertThat(cli.readBytes("revoked.list")).isEqualTo(before);
    assertThat(cli.read("audit.jsonl"))
        .contains("\"decision\":\"begun\"", "\"decision\":\"failed\"");
  }

  private void names(String agent, String file) {
    cli.ok("keygen", "--out", "registrar.key");
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"agents\": {\""
            + agent
            + "\": \""
            + cli.read(file).strip()
            + "\"}}");
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");
  }

  private static final String SIGNED = " --names signed.json --names-key registrar.pub";

  @Test
  void revokeAgent_ofTheFileOfNames_endsItsKeysAndAllTheyHandedOn() {
    agents.mint("planner.token", DB.strip().split(" "));
    names("agent:planner", "planner.pub");

    String out = ok("revoke agent agent:planner --reason gone" + SIGNED + LIST + DB + AUDIT);

    assertThat(out)
        .isEqualTo(
            """
            revoked agent:planner: 1 key; revoked.list is now number 2
            ends 1 living delegation
            """);
    assertThat(decide()).isEqualTo(1);
    assertThat(ok("registry list" + DB)).isEqualTo("0 living delegations.\n");
    assertThat(cli.read("audit.jsonl")).contains("\"type\":\"holder\"", "\"reason\":\"gone\"");
  }

  /** Anybody who hands on can call another's key by any name; that must not revoke the key. */
  @Test
  void revokeAgent_nameThatAnotherKeyWasGiven_endsThatDelegationAndNotTheKey() {
    agents.delegate("researcher", "scraper", DB.strip().split(" "));
    cli.ok(
        "delegate",
        "planner.token",
        "--key",
        "planner.key",
        "--holder",
        "agent:scraper=researcher.pub",
        "--out",
        "trap.token",
        "--registry",
        "sqlite:taper.db");

    Cli.Result result = run("revoke agent agent:scraper" + LIST + DB);

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("revoked agent:scraper: 0 keys, 2 delegations by other keys; ")
        .contains("ends 2 living delegations");
    assertThat(result.err())
        .contains("not revoked as keys", cli.read("researcher.pub").strip(), "new tokens");
    assertThat(decide()).isZero();
    assertThat(run("revoke agent agent:scraper" + LIST + DB).exit()).isEqualTo(6);
  }

  @Test
  void revokeAgent_claimedKeysAsked_revokesThemToo() {
    agents.delegate("planner", "researcher", DB.strip().split(" "));

    assertThat(ok("revoke agent agent:researcher --claimed-keys" + LIST + DB))
        .startsWith("revoked agent:researcher: 1 key; ");
    assertThat(decide()).isEqualTo(1);
  }

  @Test
  void revokeAgent_makesNoSense_isRefused() {
    names("agent:planner", "planner.pub");

    assertThat(run("revoke agent agent:planner" + LIST).err()).contains("--names", "--registry");
    assertThat(run("revoke agent agent:planner --names signed.json" + LIST).err())
        .contains("--names-key", "--accept-unsigned-names");
    Cli.Result unknown = run("revoke agent agent:nobody" + SIGNED + LIST);
    assertThat(unknown.exit()).isEqualTo(6);
    assertThat(unknown.err()).contains("nothing was revoked (unknown_agent)");
    assertThat(run("revoke agent agent:planner --until 1h" + SIGNED + LIST).exit()).isEqualTo(2);
    assertThat(run("revoke task T-1" + SIGNED + LIST).exit()).isEqualTo(2);
    assertThat(run("revoke task T-1 --claimed-keys" + LIST).exit()).isEqualTo(2);
    assertThat(run("revoke token planner.token" + LIST).exit()).isEqualTo(2);
    assertThat(ok("revoke agent agent:planner --names names.json --accept-unsigned-names" + LIST))
        .contains("1 key");
  }

  @Test
  void check_whatIsRevoked_saysSinceWhenByWhomAndWhy() {
    ok("revoke holder planner.pub" + LIST + AUDIT, "--reason", "found on a laptop");
    String look = LOOK + " --audit audit.jsonl --audit-public-key audit.pub";

    Cli.Result token = run("revocations check token researcher.token -p root.pub" + look);

    assertThat(token.exit()).isEqualTo(1);
    assertThat(token.out())
        .startsWith("REVOKED  by list number 2, stale in 1 day\n")
        .contains("  the key of agent:planner\n    since  2030-01-01T12:00:00Z, list number 2\n")
        .contains("    until  ever\n    by     " + cli.read("revoker.pub").strip())
        .contains("    why    found on a laptop (recorded at 2030-01-01T12:00:00Z, by ed25519/");
    JsonNode json = json(run("revocations check holder planner.pub --json" + look).out());
    assertThat(json.get("revoked").booleanValue()).isTrue();
    assertThat(json.at("/things/0/record/reason").textValue()).isEqualTo("found on a laptop");
    assertThat(run("revocations check holder researcher.pub" + look).out())
        .startsWith("NOT REVOKED  by list number 2");
  }

  @Test
  void check_afterLifting_saysThatAndWhy() {
    ok("revoke task T-4711" + LIST);
    ok("revocations lift task T-4711" + LIST, "--reason", "the wrong one");

    Cli.Result result = run("revocations check task T-4711" + LOOK);

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .startsWith("NOT REVOKED")
        .contains("task T-4711\n    lifted by list number 3 of ", ": the wrong one");
    ok("revoke task T-4711" + LIST);
    assertThat(run("revocations check task T-4711" + LOOK).out()).contains("list number 4\n");
  }

  @Test
  void check_keyFromAFile_isFoundByTheListThatHasIt() {
    cli.file("keys.txt", keys(3) + cli.read("planner.pub"));
    ok("revoke holder --from-file keys.txt" + LIST + AUDIT, "--reason", "theft");
    ok("revocations sign" + LIST);

    assertThat(run("revocations check holder planner.pub" + LOOK + " --audit audit.jsonl").out())
        .contains("    since  at the latest 2030-01-01T12:00:00Z, list number 3\n");
  }

  @Test
  void check_agent_looksAtItsKeysAndWhatItHolds() {
    names("agent:planner", "planner.pub");
    assertThat(run("revocations check agent agent:planner" + SIGNED + LOOK).exit()).isZero();
    ok("revoke agent agent:planner" + SIGNED + LIST);

    assertThat(run("revocations check agent agent:planner" + SIGNED + LOOK).exit()).isEqualTo(1);
    Cli.Result unknown = run("revocations check agent agent:nobody" + SIGNED + LOOK);
    assertThat(unknown.exit())
        .isEqualTo(6); // it says neither that it is revoked nor that it is not
    assertThat(unknown.err()).contains("(unknown_agent)");
  }

  @Test
  void check_staleList_saysThatNobodyCanTell() {
    ok("revocations sign --next-update 1ms --max-age 1s" + LIST);
    Cli later = new Cli(folder);

    assertThat(run("revocations check task T-1" + LOOK).exit()).isZero();
    Cli.Result other =
        later.run(
            "revocations",
            "check",
            "task",
            "T-1",
            "--revocations",
            "revoked.list",
            "--revocation-key",
            "revoker.pub",
            "--revocation-key",
            "root.pub");
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.out()).startsWith("NOBODY CAN TELL");
  }

  @Test
  void lift_withoutAReason_isUsage() {
    ok("revoke task T-4711" + LIST);

    assertThat(run("revocations lift task T-4711" + LIST).err()).contains("--reason");
    assertThat(run("revoke task T-4711 --lift --reason x" + LIST).exit()).isEqualTo(2);
    JsonNode json = json(ok("revocations lift task T-4711 --reason slip --json" + LIST + AUDIT));
    assertThat(json.at("/lifted/0/id").textValue()).isEqualTo("T-4711");
    assertThat(cli.read("audit.jsonl")).contains("\"decision\":\"lifted\"", "\"reason\":\"slip\"");
    assertThat(decide()).isZero();
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
