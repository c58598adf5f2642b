import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What 'run' measures with, made in this folder: {@code tokens ALL ENDED}, {@code keys N}, {@code
 * person N}; and {@code verifier LIST KEY PROBE}, which says when a key is revoked.
 */
final class World {
  private static final int AGENTS = 100;

  private World() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "tokens" -> tokens(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      case "keys" -> keys(Integer.parseInt(args[1]));
      case "person" -> person(Integer.parseInt(args[1]));
      case "verifier" -> verifier(Path.of(args[1]), Path.of(args[2]), args[3]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static PrivateKey key() {
    return PrivateKey.generate(Algorithm.ED25519);
  }

  private static List<AgentToken> mint(PrivateKey root, int count) {
    List<Agent> agents =
        IntStream.range(0, AGENTS)
            .mapToObj(i -> Agent.of("agent:a" + i, key().publicKey()))
            .toList();
    Issuer issuer = Issuer.of(root);
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(
            i ->
                issuer.mint(
                    Delegation.by("user:alice@acme.com")
                        .to(agents.get(i % AGENTS))
                        .task("T-" + i)
                        .grant("jira.search, jira.read")
                        .expiresIn(Duration.ofHours(8))))
        .toList();
  }

  /** Tells the registry of this folder of tokens. */
  static void register(PrivateKey root, List<AgentToken> tokens) {
    try (Database database = Database.open("sqlite:taper.db", Path.of(""))) {
      Registry registry = new Registry(database, Clock.systemUTC());
      for (int i = 0; i < tokens.size(); i += 1000) {
        registry.issued(tokens.subList(i, Math.min(tokens.size(), i + 1000)), root.publicKey());
      }
    }
  }

  private static void tokens(int all, int ended) throws Exception {
    PrivateKey root = key();
    Files.writeString(Path.of("root.pub"), root.publicKey() + "\n");
    List<AgentToken> tokens = mint(root, all);
    register(root, tokens);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ended; i++) {
      lines.add(tokens.get((int) ((long) i * all / ended)).encodeBase64());
    }
    Files.write(Path.of("tokens.txt"), lines);
  }

  private static void keys(int count) throws Exception {
    try (BufferedWriter out = Files.newBufferedWriter(Path.of("keys.txt"))) {
      int chunk = 10_000;
      for (int i = 0; i < count; i += chunk) {
        List<String> lines =
            IntStream.range(0, Math.min(chunk, count - i))
                .parallel()
                .mapToObj(n -> key().publicKey().toString())
                .toList();
        for (String line : lines) {
          out.write(line + "\n");
        }
      }
    }
  }

  private static void person(int count) throws Exception {
    PrivateKey root = key();
    register(root, mint(root, count));
    Files.writeString(
        Path.of("names.json"),
        "{\"format\": \"taper/1 names\", \"approvers\": {\"user:alice@acme.com\": \""
            + key().publicKey()
            + "\"}}\n");
  }

  private static void verifier(Path file, Path issuer, String probe) throws Exception {
    RevocationList list =
        RevocationList.trusting(PublicKey.load(issuer)).forgottenAtRestart().build();
    List<Fingerprint> probed = List.of(Fingerprint.ofHolder(PublicKey.parse(probe)));
    try (RevocationFeed feed =
        RevocationFeed.start(RevocationSource.file(file), list, Duration.ofSeconds(1))) {
      System.out.println("ready");
      while (list.check(probed, Instant.now()).revoked() < 0) {
        Thread.sleep(10);
      }
      System.out.println("force " + System.currentTimeMillis());
    }
  }
}
