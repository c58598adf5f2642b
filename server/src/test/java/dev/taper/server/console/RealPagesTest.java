package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.process.Running;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.testing.TearDown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The pages in a real browser on the real console, over real stores. */
class RealPagesTest {
  private static final int ASKS = 20;
  private static final String TASK = "T-4711";

  @TempDir Path folder;
  private ConsoleWorld world;

  @BeforeAll
  static void demand() {
    PagesTest.demand();
  }

  @BeforeEach
  void start() throws Exception {
    world = new ConsoleWorld(folder, ConsoleWorld.DATABASE);
    fill();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(world);
  }

  /** A task that was handed on and used. */
  private void fill() throws Exception {
    try (Database database = Database.open(ConsoleWorld.DATABASE, folder);
        AuditLog log =
            AuditLog.on(
                    AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC()),
                    world.auditKey)
                .open()) {
      Registry registry = new Registry(database, Clock.systemUTC());
      Verifier verifier =
          Verifier.trusting(RootKeys.of(world.root.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .withoutRevocation()
              .deadline(Duration.ofSeconds(20)) // no answer depends on how fast this machine is
              .listener(registry)
              .listener(log)
              .build();
      PrivateKey researcher = PrivateKey.generate(Algorithm.SECP256R1);
      AgentToken token =
          world
              .token()
              .delegate(
                  world.planner,
                  Hop.to(Agent.of("agent:<b>researcher</b>", researcher.publicKey()))
                      .grant("jira.search read"));
      registry.issued(token, world.root.publicKey());
      ToolCall call = ToolCall.of("jira.search").operation("read");
      String proof = token.prove(researcher, call, "svc:jira").encodeBase64();
      assertThat(verifier.decide(Credentials.of(token.encodeBase64(), proof), call).allowed())
          .isTrue();
    }
  }

  private String[] arguments() {
    return new String[] {
      "--listen", "127.0.0.1:0",
      "--config", world.config().toString(),
      "--root-keys", "root.pub",
      "--names", "names.json",
      "--names-key", "registrar.pub",
      "--registry", ConsoleWorld.DATABASE,
      "--reviewer", "user:erin@acme.com",
      "--audit", "audit.jsonl",
      "--audit-public-key", "audit.pub",
      "--audit-key", "audit.key",
      "--revocations", "list.bin",
      "--revocation-key", "list.key"
    };
  }

  @Test
  void twentyAsks_answeredByKeyboardInARealBrowser_activateTheirGrants() throws Exception {
    ConsoleOptions options = new ConsoleOptions();
    CommandSpec line = CommandSpec.create();
    line.addMixin("options", CommandSpec.forAnnotatedObject(options));
    new CommandLine(line).parseArgs(arguments());
    StringWriter printed = new StringWriter();
    try (Running running = Running.stoppedByHand()) {
      new Console(options, PageFiles.load(), running, folder, Clock.systemUTC())
          .start(new PrintWriter(printed));
      atTheBrowser(printed.toString().replaceFirst("(?s).*(http://\\S+#link=\\S+).*", "$1"));
    }
    try (Browser other = Browser.signedIn(folder, (Object[]) arguments())) {
      assertThat(other.json("/api/asks?state=answered&limit=200").path("items")).hasSize(ASKS);
    }
  }

  private void atTheBrowser(String link) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Process person =
        new ProcessBuilder("node", "real.mjs", link, String.valueOf(ASKS), TASK)
            .directory(Path.of("src/test/node/console").toFile())
            .redirectError(errors.toFile())
            .start();
    try (BufferedReader said = person.inputReader(StandardCharsets.UTF_8);
        PrintStream asking =
            new PrintStream(person.getOutputStream(), true, StandardCharsets.UTF_8)) {
      AgentToken token = waitingFor(line(said, errors));
      for (int i = 0; i < ASKS; i++) {
        world.ask(token, "POST", "/issues/" + i + "/close", "{\"count\":" + i + "}", "done");
      }
      asking.println("go");
      assertThat(line(said, errors)).isEqualTo("done");
    } finally {
      person.destroy();
      person.waitFor(1, TimeUnit.MINUTES);
    }
  }

  private static String line(BufferedReader said, Path errors) throws IOException {
    String line = said.readLine();
    assertThat(line).as(Files.readString(errors)).isNotNull();
    return line;
  }

  private AgentToken waitingFor(String approver) {
    return Issuer.of(world.root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", world.planner.publicKey()))
                .task(TASK, "triage")
                .grant("jira.close close if approved by " + approver)
                .expiresIn(Duration.ofHours(2)));
  }
}
