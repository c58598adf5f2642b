package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.cli.TaperCommandLine;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.FreePort;
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

/** Every command by which a holder adds a block states that to who keeps the log. */
class StatementCommandsTest {
  @TempDir Path folder;
  private final ServeWorld world = new ServeWorld();
  private final PrivateKey logKey = PrivateKey.generate(Algorithm.ED25519);
  private String url = "";
  private Served served;

  @BeforeEach
  void start() throws Exception {
    logKey.save(folder.resolve("audit.key"));
    world.planner.save(folder.resolve("planner.key"));
    world.boss.save(folder.resolve("boss.key"));
    Files.writeString(folder.resolve("root.pub"), world.root.publicKey().toString());
    Files.writeString(folder.resolve("planner.token"), world.token.encodeBase64());
    Files.writeString(folder.resolve("wide.token"), world.wide.encodeBase64());
    Path config =
        Files.writeString(
            folder.resolve("audit.yaml"),
            """
            audience: svc:audit
            root-keys: root.pub
            catalog: none
            revocations: none
            audit: {log: audit.jsonl, key: audit.key}
            deadline: 20s
            """);
    String address = "127.0.0.1:" + FreePort.next();
    url = "http://" + address;
    served =
        Served.start(
            "--role", "audit", "--config", config, "--audit-url", url, "--listen", address);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(served);
  }

  /**
   * What a command left.
   *
   * @param status its exit code
   * @param err its complaints
   */
  private record Ran(int status, String err) {}

  private Ran taper(String line, String... more) {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
    arguments.addAll(List.of(more));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Clock.systemUTC(),
            Terminals.NONE,
            folder);
    int status = new TaperCommandLine(console).run(arguments.toArray(new String[0]));
    return new Ran(status, err.toString(StandardCharsets.UTF_8));
  }

  private void done(String line, String... more) {
    Ran ran = taper(line, more);
    assertThat(ran.status()).as(line + "\n" + ran.err()).isZero();
  }

  private List<AuditEvent> events() {
    List<AuditEvent> events = new ArrayList<>();
    var found =
        AuditVerifier.trusting(List.of(logKey.publicKey()))
            .verify(
                AuditSource.of(folder.resolve("audit.jsonl")),
                record -> {
                  if (record.content() instanceof AuditEvent event) {
                    events.add(event);
                  }
                });
    assertThat(found.consistent()).as(String.valueOf(found.flaw())).isTrue();
    return events;
  }

  @Test
  void attenuate_heldToken_isStatedAndStaysTheHolders() throws Exception {
    done(
        "attenuate planner.token --key planner.key --out narrow.token --audit " + url,
        "--block",
        "check if operation(\"read\")");
    assertThat(folder.resolve("narrow.token")).exists();
    served.close();
    AuditEvent event = events().get(0);
    assertThat(event.kind()).isEqualTo(AuditKind.DELEGATE);
    assertThat(event.by()).isEqualTo("agent:planner");
    assertThat(event.hops()).hasSize(2);
    done("seal narrow.token --key planner.key --out sealed.token");
  }

  @Test
  void thirdPartyAppend_heldToken_isStated() throws Exception {
    done("third-party request planner.token --out request");
    done("third-party sign request --key boss.key --out signed", "--block", "group(\"admin\");");
    done(
        "third-party append planner.token --key planner.key --contents signed"
            + " --out vouched.token --audit "
            + url);
    assertThat(folder.resolve("vouched.token")).exists();
    served.close();
    assertThat(events()).hasSize(1);
    assertThat(events().get(0).by()).isEqualTo(world.boss.publicKey().toString());
  }

  @Test
  void move_tokens_areStatedEach() throws Exception {
    done("keygen --out new.key");
    done(
        "rotate move planner.token wide.token --key planner.key --new-key new.pub"
            + " --out-dir moved --audit "
            + url);
    assertThat(folder.resolve("moved/wide.token")).exists();
    served.close();
    assertThat(events()).hasSize(2);
    assertThat(events().get(1).by()).isEqualTo("agent:planner");
  }

  @Test
  void commands_thatCannotState_makeNoToken() throws Exception {
    Ran keyGiven =
        taper(
            "attenuate planner.token --key planner.key --ttl 5m --out a.token --audit-key audit.key"
                + " --audit "
                + url);
    assertThat(keyGiven.err()).contains("no agent should have", "(usage)");
    done("delegate planner.token --key planner.key --to-bearer --out bearer.token");
    Ran bearer = taper("attenuate bearer.token --ttl 5m --out a.token --audit " + url);
    assertThat(bearer.err()).contains("nobody holds a bearer token", "(usage)");
    Ran approver = taper("revoke task T-1 --revocations list --key boss.key --audit " + url);
    assertThat(approver.err()).contains("takes what holders do with their tokens", "(usage)");
    Ran stranger =
        taper("attenuate planner.token --key boss.key --ttl 5m --out a.token --audit " + url);
    assertThat(stranger.status()).isNotZero();
    served.close();
    Ran gone =
        taper("attenuate planner.token --key planner.key --ttl 5m --out a.token --audit " + url);
    assertThat(gone.status()).isEqualTo(5);
    assertThat(folder.resolve("a.token")).doesNotExist();
    assertThat(events()).isEmpty();
  }
}
