package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.StandardOutput;
import dev.taper.token.UnverifiedToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong at first, and what they are told. */
class MistakesTest {
  @TempDir Path folder;

  private Cli cli;
  private Agents agents;

  @BeforeEach
  void makeTokens() {
    cli = new Cli(folder);
    agents = new Agents(cli);
  }

  private void refused(int exit, String message, String... args) {
    Cli.Result result = cli.run(args);

    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err()).contains(message);
  }

  private void permissions(String file, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve(file), PosixFilePermissions.fromString(permissions));
  }

  /** Each with what it is and what takes it; nothing of what stands in it. */
  @Test
  void file_ofAnotherKind_isNamedWithWhatTakesIt() {
    cli.ok("keygen", "--out", "boss.key");
    cli.ok(
        "escalate",
        "planner.token",
        "--request",
        "search.json",
        "--audience",
        "svc:jira",
        "--reason",
        "now",
        "--out",
        "ask.json");
    cli.ok(
        "approve",
        "ask.json",
        "--public-key",
        "root.pub",
        "--key",
        "boss.key",
        "--yes",
        "-o",
        "yes");
    agents.prove("planner", "search.json", "svc:jira", "call.proof");
    agents.signRevocations();
    cli.file("names.json", "{\"format\": \"taper/1 names\", \"agents\": {}}");
    cli.file("keys.json", "{\"keys\": []}");
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("planner.key", "this is a private key: it goes with --key");
    kinds.put("planner.pub", "this is a public key: a root key goes with --public-key");
    kinds.put("ask.json", "this is a request for approval: taper approve");
    kinds.put("yes", "this is an approval: it goes with --approval");
    kinds.put("call.proof", "this is a holder's proof: it goes with --proof");
    kinds.put("revoked.list", "this is a revocation list: taper revocations show");
    kinds.put("search.json", "this is a call of a tool: it goes with --request");
    kinds.put("names.json", "this is a file of names: taper names show");
    kinds.put("keys.json", "this is a set of root keys: it goes with --keys");
    kinds.forEach(
        (file, said) -> {
          refused(3, said, "inspect", file);
          refused(3, said, "delegate", file, "--key", "planner.key", "--to-bearer");
        });
    String secret = cli.read("planner.key").strip();
    assertThat(cli.run("inspect", "planner.key").err()).doesNotContain(secret.substring(20, 40));
  }

  @Test
  void mint_incomplete_namesAllThatIsMissingAndNothingElse() {
    assertThat(cli.run("mint", "--delegator", "user:a", "--task", "T-1").err())
        .contains("needs --holder NAME=KEY, --grant GRANT", "--expires TIME", "--key FILE too")
        .doesNotContain("--delegator", "--task");
    assertThat(
            cli.run(
                    "mint",
                    "--delegator",
                    "user:a",
                    "--holder",
                    "agent:a=planner.pub",
                    "--task",
                    "T-1",
                    "--grant",
                    "*",
                    "--key",
                    "root.key")
                .err())
        .contains("needs --expires TIME")
        .doesNotContain("--holder", "--grant", "--key");
    String both = "the call and the service are missing: use --request FILE";
    refused(2, both, "prove", "planner.token", "--key", "planner.key");
    refused(2, both, "escalate", "planner.token", "--reason", "now");
  }

  /** Two keys are two people only if they are two people's. */
  @Test
  void grant_thatNeedsMorePeopleThanThereAre_isNotMade() {
    for (String name : List.of("boss", "second", "auditor")) {
      cli.ok("keygen", "--out", name + ".key");
    }
    cli.file("new.json", "{\"format\": \"taper/1 names\", \"number\": 1}");
    cli.ok("names", "add", "new.json", "--approver", "user:boss=boss.pub", "--out", "new.json");
    cli.ok("names", "add", "new.json", "--approver", "user:boss=second.pub", "--out", "new.json");
    cli.ok("names", "add", "new.json", "--approver", "user:auditor=auditor.pub", "-o", "new.json");
    String boss = cli.read("boss.pub").strip();
    String same = "jira.* if approved by 2 of " + boss + ", " + cli.read("second.pub").strip();
    String two = "jira.* if approved by 2 of " + boss + ", " + cli.read("auditor.pub").strip();
    String[] known = {"--names", "new.json"};
    String[] mint = {
      "mint",
      "-k",
      "root.key",
      "--delegator",
      "user:a",
      "--holder",
      "agent:a=planner.pub",
      "--task",
      "T-1",
      "--expires",
      "1h",
      "--out",
      "new.token",
      "--grant"
    };
    String[] delegate = {
      "delegate", "planner.token", "-k", "planner.key", "--to-self", "--out", "new.token", "--grant"
    };
    for (String[] command : new String[][] {mint, delegate}) {
      String said =
          "2 have to approve, and the 2 keys are those of user:boss, by the file of names (usage)";
      refused(2, said, joined(command, same, known));
      assertThat(folder.resolve("new.token")).doesNotExist();
      cli.ok(joined(command, two, known));
      cli.ok(joined(command, same)); // nobody says whose keys they are
      folder.resolve("new.token").toFile().delete();
    }
  }

  private static String[] joined(String[] command, String grant, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(command));
    all.add(grant);
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  private static StandardOutput failing(String message) {
    return new StandardOutput(
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException(message);
          }
        });
  }

  @Test
  void output_thatNobodyReadsAnyMore_endsQuietly() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.system().at(folder);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    for (String[] args :
        new String[][] {{"inspect", "planner.token"}, {"--help"}, {"help", "mint"}}) {
      int exit =
          new TaperCommandLine(console.with(console.in(), failing("Broken pipe"), errors))
              .run(args);
      assertThat(exit).as(Arrays.toString(args)).isEqualTo(141);
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
    int full =
        new TaperCommandLine(console.with(console.in(), failing("No space left on device"), errors))
            .run("inspect", "planner.token");
    assertThat(full).isEqualTo(5);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("cannot write to standard output (io)");
  }

  /** What stands behind a parameter that is wrong is not known, so nothing is said of it. */
  @Test
  void parameter_isNoneOfThose_isToldOnceWithTheNearest() {
    Cli.Result result =
        cli.run("revoke", "holdr", "root.pub", "--revocations", "revoked.list", "--ky", "root.key");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("taper: KIND: 'holdr' is not one of [block, task, holder,")
        .contains("; did you mean holder?; did you mean --key?", "unknown option or command: --ky")
        .doesNotContain("root.pub' is not", "Missing");
    refused(2, "did you mean json?", "audit", "export", "audit.jsonl", "--format", "jsn");
  }

  @Test
  void key_othersCanReadIt_isRefusedUnlessTold() throws IOException {
    permissions("planner.key", "rw-r--r--");
    String[] prove = {
      "prove",
      "planner.token",
      "--key",
      "planner.key",
      "--request",
      "search.json",
      "--audience",
      "svc:jira",
      "--out",
      "proof"
    };

    refused(2, "planner.key: others can get at this secret", prove);
    refused(2, "(secret_exposed)", prove);
    refused(2, "or --accept-readable-key", prove);
    String[] told = Arrays.copyOf(prove, prove.length + 1);
    told[prove.length] = "--accept-readable-key";
    cli.ok(told);
  }

  @Test
  void passphrase_othersCanReadIt_isRefusedUnlessTold() throws IOException {
    cli.file("phrase", "open sesame\n");
    permissions("phrase", "rw-r--r--");
    String[] keygen = {
      "keygen", "--out", "e.key", "--format", "pem", "--passphrase-file", "phrase"
    };

    refused(2, "phrase: others can get at this secret", keygen);
  }

  @Test
  void key_otherHalf_saysWhich() throws IOException {
    permissions("planner.pub", "rw-r--r--");
    refused(
        2,
        "planner.pub: this is a public key, where a private one belongs",
        "mint",
        "--key",
        "planner.pub",
        "--block",
        "a(1)");
    permissions("planner.pub", "rw-------");

    refused(
        2,
        "this is a public key, where a private one belongs",
        "prove",
        "planner.token",
        "--key",
        "planner.pub",
        "--request",
        "search.json",
        "--audience",
        "svc:jira");
    refused(
        2,
        "this is a private key, where a public one belongs",
        "inspect",
        "planner.token",
        "--public-key",
        "root.key");
  }

  @Test
  void key_asText_isNotRepeated() {
    String secret = cli.read("root.key").strip();

    Cli.Result asPublic = cli.run("inspect", "planner.token", "--public-key", secret);
    Cli.Result asFile = cli.run("mint", "--key", secret, "--block", "a(1)");

    assertThat(asPublic.exit()).isEqualTo(2);
    assertThat(asPublic.err()).contains("others may have seen it on the command line");
    assertThat(asFile.exit()).isEqualTo(2);
    assertThat(asFile.err()).contains("a private key does not stand on a command line");
    assertThat(asPublic.err() + asFile.err()).doesNotContain(secret.substring(20, 30));
    refused(
        2,
        "this is a public key, where the file of a private one belongs",
        "mint",
        "--key",
        cli.read("root.pub").strip());
  }

  @Test
  void token_rawBytesInAFile_areRead() throws IOException {
    byte[] raw = UnverifiedToken.decode(cli.read("planner.token").strip()).encode();
    Files.write(folder.resolve("raw.token"), raw);

    assertThat(cli.ok("inspect", "raw.token")).isEqualTo(cli.ok("inspect", "planner.token"));
    Files.write(folder.resolve("raw.token"), new byte[] {1, 2, 3, 4});
    refused(3, "(malformed_token)", "inspect", "raw.token");
  }

  @Test
  void token_swappedWithProof_saysSo() {
    agents.prove("planner", "search.json", "svc:jira", "planner.proof");

    refused(3, "this is a holder's proof: it goes with --proof", "inspect", "planner.proof");
    Cli.Result result = agents.decide("planner", "search.json", "--proof", "planner.token");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("the proof is a token: were the two swapped?");
  }

  @Test
  void prove_wrongKey_namesTheHolder() {
    refused(
        2,
        "only agent:planner, who holds the token, can prove a call",
        "prove",
        "planner.token",
        "--key",
        "root.key",
        "--request",
        "search.json",
        "--audience",
        "svc:jira");
    refused(
        2,
        "the given one is " + cli.read("planner.pub").strip() + ", of agent:planner, who held it",
        "delegate",
        "researcher.token",
        "--key",
        "planner.key",
        "--holder",
        "agent:scraper=scraper.pub");
  }

  @Test
  void policy_almostAName_isAskedFor() {
    agents.prove("planner", "search.json", "svc:jira", "proof");

    Cli.Result result =
        agents.decide("planner", "search.json", "--proof", "proof", "--policy", "readonly");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("there is no file readonly, and no policy of that name in the library")
        .contains("did you mean read-only?");
    refused(2, "did you mean read-only?", "policy", "check", "readonly");
  }

  @Test
  void policy_thatNeverAllows_isSaid() {
    agents.prove("planner", "search.json", "svc:jira", "proof");
    cli.file("never.datalog", "allow if operation(\"read\"), operation(\"write\");\n");
    cli.file("only.datalog", "deny if operation(\"write\");\n");

    Cli.Result never =
        agents.decide("planner", "search.json", "--proof", "proof", "--policy", "never.datalog");
    Cli.Result only =
        agents.decide("planner", "search.json", "--proof", "proof", "--policy", "only.datalog");

    assertThat(never.exit()).isEqualTo(1);
    assertThat(never.err()).contains("warning: no call is ever allowed");
    assertThat(only.err()).contains("warning: none of the policies allows anything: add default");
  }

  @Test
  void delegate_strict_refusesWhatItWouldWarnOf() {
    String[] wider = {
      "delegate",
      "planner.token",
      "--key",
      "planner.key",
      "--holder",
      "agent:scraper=scraper.pub",
      "--grant",
      "github.*",
      "--out",
      "wide.token"
    };
    assertThat(cli.run(wider).err()).contains("warning: ");
    String[] strict = Arrays.copyOf(wider, wider.length + 1);
    strict[wider.length] = "--strict";

    refused(2, "the hop is strict, and probably not what is meant", strict);
    refused(2, "(delegation_warning)", strict);
  }
}
