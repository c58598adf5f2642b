package dev.taper.server;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.store.Database;
import dev.taper.store.SqlAsks;
import dev.taper.store.registry.Registry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Starts a console over one ask and ends it once it has its link. A JVM that watches sees which
 * classes that takes; the launcher makes its archive of shared classes from these.
 */
final class Rehearsal {
  private static final String ORIGIN = "https://rehearsal.example.com";
  private static final String AUDIENCE = "svc:rehearsal";
  private static final String DATABASE = "sqlite:taper.db";
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:rehearsal",
       "origins": [{"origin": "https://rehearsal.example.com"}],
       "tools": {"a.do": {"operation": "do", "http": {"method": "POST", "path": "/a"}}}}
      """;

  private Rehearsal() {}

  /**
   * Fills a folder, and runs a console there.
   *
   * @param args an empty folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]).toAbsolutePath();
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(folder.resolve("catalog.json"), CATALOG);
    Files.writeString(
        folder.resolve("service.yaml"),
        "audience: %s\nroot-keys: root.pub\ncatalog: catalog.json\nrevocations: none\nasks: %s\n"
            .formatted(AUDIENCE, DATABASE));
    try (Database database = Database.open(DATABASE, folder)) {
      ask(database, root);
    }
    System.exit(
        Main.commandLine()
            .setOut(new PrintWriter(new UntilLink()))
            .execute(
                "console",
                "--config",
                folder.resolve("service.yaml").toString(),
                "--root-keys",
                folder.resolve("root.pub").toString(),
                "--registry",
                "sqlite:" + folder.resolve("taper.db"),
                "--listen",
                "127.0.0.1:0"));
  }

  private static void ask(Database database, PrivateKey root) {
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:rehearsal@example.com")
                    .to(Agent.of("agent:rehearsal", holder.publicKey()))
                    .task("T-1")
                    .grant("a.do do if approved by " + root.publicKey())
                    .expiresIn(Duration.ofHours(1)));
    new Registry(database, Clock.systemUTC()).issued(token, root.publicKey());
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .catalog(ToolCatalog.parse(CATALOG))
            .audience(AUDIENCE)
            .withoutRevocation()
            .build();
    String text = "{\"method\":\"POST\",\"target\":\"/a\",\"reason\":\"none\"}";
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    SentHttp sent = SentHttp.of("POST", ORIGIN, "/v1/asks").content("application/json", content);
    String proof =
        token.prove(holder, sent, AUDIENCE, SentApprovals.NONE, Clock.systemUTC()).encodeBase64();
    var asked =
        HttpGuard.of(verifier)
            .dialledAs(ORIGIN)
            .keepingAsks(new SqlAsks(database))
            .answer(
                IncomingRequest.of(
                    "POST",
                    "/v1/asks",
                    true,
                    Map.of(
                        "authorization",
                        "Taper " + token.encodeBase64(),
                        "taper-proof",
                        proof,
                        "content-type",
                        "application/json",
                        "content-length",
                        String.valueOf(content.length)),
                    content));
    if (asked == null || asked.status() != 201) {
      throw new IllegalStateException("no ask was made");
    }
  }

  /**
   * Ends the process once a link is printed, from beside the console, which is closed meanwhile.
   */
  private static final class UntilLink extends StringWriter {
    @Override
    public void write(String text, int from, int length) {
      if (text.contains("#link=")) {
        new Thread(() -> System.exit(0), "end").start();
      }
    }
  }
}
