package dev.taper.operations.config;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The files of a service with everything, real ones, and calls that are made there. */
final class ServiceFiles {
  static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {"jira.search": {
       "operation": "read", "arguments": {"limit": {"type": "integer"}}}}}
      """;

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  final Clock clock = Clock.systemUTC();

  final Path folder;

  /**
   * Writes all files of a service.
   *
   * @param folder an empty folder of its own
   */
  ServiceFiles(Path folder) throws IOException {
    this.folder = folder;
    write("root.pub", root.publicKey().toString());
    write("revoker.pub", revoker.publicKey().toString());
    write("catalog.json", CATALOG);
    write("open.datalog", "allow if true;");
    write("names.json", names(1));
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    publish(1, List.of());
  }

  String names(long number) {
    return NamesFile.builder()
        .number(number)
        .agent("agent:planner", planner.publicKey())
        .issuer("issuer:acme", root.publicKey())
        .build()
        .write();
  }

  void publish(long number, List<RevocationEntry> entries) throws IOException {
    Files.write(
        folder.resolve("revoked.list"),
        RevocationIssuer.of(revoker)
            .snapshot(
                number, entries, Validity.from(clock, Duration.ofHours(1), Duration.ofHours(1))));
  }

  Path write(String name, String text) throws IOException {
    Path beside = Files.writeString(folder.resolve(name + ".new"), text);
    return Files.move(
        beside,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A configuration with everything, and other lines instead of those that it has. */
  String everything(String... others) {
    StringBuilder text = new StringBuilder();
    String lines =
        """
        audience: svc:jira
        root-keys: root.pub
        catalog: catalog.json
        origins: [https://jira.example]
        revocations: {list: revoked.list, keys: revoker.pub, memory: revoked.number, every: 50ms}
        audit: {log: "sqlite:service.db", key: audit.key}
        policies: [open.datalog]
        names: names.json
        replay-memory: sqlite:service.db
        approval-uses: sqlite:service.db
        budgets: {acme: sqlite:service.db}
        reload-every: never
        deadline: 30s
        """;
    for (String line : lines.lines().toList()) {
      String key = line.substring(0, line.indexOf(':') + 1);
      String chosen = line;
      for (String other : others) {
        chosen = other.startsWith(key) ? other : chosen;
      }
      text.append(chosen).append('\n');
    }
    for (String other : others) {
      if (!text.toString().contains(other)) {
        text.append(other).append('\n');
      }
    }
    return text.toString();
  }

  TaperConfig config(String... others) throws IOException {
    return TaperConfig.load(write("service.yaml", everything(others)), clock);
  }

  AgentToken token() {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-1")
                .grant("jira.*")
                .expiresIn(Duration.ofMinutes(10)));
  }

  CallDecision call(Verifier verifier) {
    return call(verifier, token());
  }

  CallDecision call(Verifier verifier, AgentToken token) {
    ToolCall call =
        verifier.catalog() == null
            ? ToolCall.of("jira.search").operation("read").arg("limit", 5)
            : catalog(verifier).call("jira.search", "{\"limit\": 5}");
    Credentials sent = AgentClient.of(token, planner, "svc:jira").prove(call.sent());
    return verifier.decide(Credentials.of(sent.token(), sent.proof()), call);
  }

  static ToolCatalog catalog(Verifier verifier) {
    return Objects.requireNonNull(verifier.catalog());
  }

  static String code(CallDecision decision) {
    return decision instanceof CallDecision.Denied denied ? denied.code().text() : "allowed";
  }
}
