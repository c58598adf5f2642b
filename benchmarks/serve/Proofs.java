import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;

/** Makes what the measuring script sends: {@code world FOLDER}, then {@code proofs FOLDER COUNT}. */
public final class Proofs {
  private Proofs() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("world")) {
      world(folder);
    } else {
      proofs(folder, Integer.parseInt(arguments[2]));
    }
  }

  /** A service, and a token that was handed on once. */
  private static void world(Path folder) throws IOException {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.* read on jira:project/*")
                    .expiresIn(Duration.ofHours(8)))
            .delegate(
                planner,
                Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
                    .grant("jira.search read on jira:project/ACME where limit <= 50")
                    .expiresIn(Duration.ofHours(8)));
    researcher.save(folder.resolve("researcher.key"));
    Files.writeString(folder.resolve("token"), token.encodeBase64());
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(
        folder.resolve("catalog.json"),
        """
        {"format": "taper/1 catalog", "audience": "svc:jira",
         "origins": [{"origin": "https://jira.example.com"}],
         "tools": {"jira.search": {"operation": "read", "resource": "jira:project/{project}",
           "http": {"method": "GET", "path": "/projects/{project}/issues"},
           "arguments": {"project": {"type": "string"}, "limit": {"type": "integer"}}}}}
        """);
    Files.writeString(
        folder.resolve("service.yaml"),
        "audience: svc:jira\nroot-keys: root.pub\ncatalog: catalog.json\nrevocations: none\n");
  }

  private static void proofs(Path folder, int count) throws IOException {
    PrivateKey key = PrivateKey.load(folder.resolve("researcher.key"));
    AgentToken token = AgentToken.decode(Files.readString(folder.resolve("token")));
    SentHttp sent =
        SentHttp.of("GET", "https://jira.example.com", "/projects/ACME/issues?limit=5");
    try (BufferedWriter out =
        new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII))) {
      IntStream.range(0, count)
          .parallel()
          .mapToObj(
              i ->
                  token
                      .prove(key, sent, "svc:jira", SentApprovals.NONE, Clock.systemUTC())
                      .encodeBase64())
          .forEach(
              proof -> {
                try {
                  synchronized (out) {
                    out.write(proof + "\n");
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
  }
}
