package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.TaperCommandLine;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.TearDown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that takes a private key takes one that a keeper has. */
class CliKeyTest {
  @TempDir Path folder;
  private RunningKeeper keeper;
  private PublicKey root;
  private PublicKey planner;
  private PublicKey boss;

  @BeforeEach
  void inMemory() throws Exception {
    start(RunningKeeper.start(folder.resolve("keeper")));
  }

  private void start(RunningKeeper started) {
    keeper = started;
    root = keeper.newKey("root").key();
    planner = keeper.newKey("planner").key();
    boss = keeper.newKey("boss").key();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(keeper);
  }

  /**
   * What a command left.
   *
   * @param status its exit code
   * @param out what it printed
   * @param err its complaints
   */
  private record Ran(int status, String out, String err) {}

  private Ran taper(String line, Object... more) {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
    for (Object argument : more) {
      arguments.add(argument.toString());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("TAPER_KEEPER", keeper.client.socket().toString()),
            Clock.systemUTC(),
            Terminals.parse(""),
            folder);
    int status = new TaperCommandLine(console).run(arguments.toArray(new String[0]));
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private String done(String line, Object... more) {
    Ran ran = taper(line, more);
    assertThat(ran.status()).as(line + "\n" + ran.err()).isZero();
    return ran.out();
  }

  private void mint() {
    done(
        "mint --key keeper:root --delegator user:alice@acme.com --task T-1 --expires 1h"
            + " --audit log.jsonl --audit-key keeper:root --out planner.token",
        "--holder",
        "agent:planner=" + planner,
        "--grant",
        "jira.* read",
        "--grant",
        "jira.close close if approved by " + boss);
  }

  @Test
  void token_isMintedHandedOnJustifiedProvedAndSealed() throws Exception {
    mint();
    done("audit verify log.jsonl --audit-public-key", root);
    Files.writeString(
        folder.resolve("call.json"), "{\"tool\": \"jira.search\", \"operation\": \"read\"}");
    done(
        "prove planner.token --key keeper:planner --request call.json --audience svc:jira --out proof.txt");
    done(
        "authorize planner.token --request call.json --audience svc:jira --proof proof.txt"
            + " --without-revocation --public-key",
        root);
    assertThat(
            taper(
                    "prove planner.token --key keeper:planner --request call.json --audience svc:jira"
                        + " --time +1h")
                .err())
        .contains("a keeper dates proofs itself");
    done(
        "delegate planner.token --key keeper:planner --expires 10m --out boss.token",
        "--holder",
        "agent:boss=" + boss,
        "--grant",
        "jira.search read");
    done(
        "justify planner.token --key keeper:planner --tool jira.* --for 5m --out justified.token",
        "--reason",
        "night");
    done(
        "attenuate planner.token --key keeper:planner --ttl 5m --out shorter.token",
        "--block",
        "check if operation(\"read\")");
    done("seal boss.token --key keeper:boss --out sealed.token");
    assertThat(done("inspect sealed.token --public-key", root)).contains("sealed");
  }

  @Test
  void approval_isSigned() throws Exception {
    mint();
    Files.writeString(
        folder.resolve("call.json"), "{\"tool\": \"jira.close\", \"operation\": \"close\"}");
    done(
        "escalate planner.token --request call.json --audience svc:jira --out ask.json",
        "--reason",
        "done");
    done("approve ask.json --yes --key keeper:boss --out boss.approval --public-key", root);
    done(
        "prove planner.token --key keeper:planner --request call.json --audience svc:jira"
            + " --approval boss.approval --out proof.txt");
    done(
        "authorize planner.token --request call.json --audience svc:jira --proof proof.txt"
            + " --approval boss.approval --without-revocation --public-key",
        root);
  }

  @Test
  void names_lists_andThirdParties_areSigned() throws Exception {
    mint();
    Files.writeString(
        folder.resolve("names.json"),
        "{\"format\": \"taper/1 names\", \"agents\": {\"agent:planner\": [\"" + planner + "\"]}}");
    done("names sign names.json --key keeper:root --out signed.json");
    done("names show signed.json --names-key", root);
    done("revoke task T-2 --revocations revoked.list --key keeper:root");
    done("revocations sign --revocations revoked.list --key keeper:root");
    done("revocations verify --revocations revoked.list --revocation-key", root);
    done("task end T-3 --revocations revoked.list --key keeper:root");
    done("third-party request planner.token --out request.bin");
    done(
        "third-party sign request.bin --key keeper:boss --out block.bin --block",
        "group(\"admin\");");
    done("third-party append planner.token --key keeper:planner -c block.bin --out vouched.token");
    assertThat(done("doctor --key keeper:planner")).contains(planner.toString());
  }

  @Test
  void key_thatCannotBeUsed_isSaidPlainly() throws Exception {
    keeper.close();
    start(RunningKeeper.stored(folder.resolve("stored")));
    mint();
    assertThat(taper("seal planner.token --key keeper:nobody").err())
        .contains("no key of that name (unknown_key)");
    assertThat(taper("seal planner.token --key keeper:planner --key-format pem").err())
        .contains("keeper:NAME");
    keeper.client.lock();
    Ran locked = taper("seal planner.token --key keeper:planner");
    assertThat(locked.status()).isNotZero();
    assertThat(locked.err()).contains("the keeper is locked").contains("(locked)");
    keeper.close();
    assertThat(taper("seal planner.token --key keeper:planner").err()).contains("(no_keeper)");
  }
}
