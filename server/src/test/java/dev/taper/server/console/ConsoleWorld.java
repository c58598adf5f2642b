package dev.taper.server.console;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A service that keeps asks, an agent that asks, two approvers, and the files of all. */
public final class ConsoleWorld implements AutoCloseable {
  static final String ORIGIN = "https://jira.example.com";
  static final String DATABASE = "sqlite:taper.db";
  static final String SECRET = "sixteen-letters-of-a-relay";

  public final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey second = PrivateKey.generate(Algorithm.SECP256R1);
  public final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey registrar = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey auditKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey listKey = PrivateKey.generate(Algorithm.ED25519);
  public final Path folder;
  private final ConfiguredVerifier service;
  private final HttpGuard guard;

  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://jira.example.com"}], "tools": {
        "jira.search": {"operation": "read", "resource": "jira:project/{project}",
          "http": {"method": "GET", "path": "/projects/{project}/issues"},
          "arguments": {"project": {"type": "string", "required": true}}},
        "jira.close": {"operation": "close", "resource": "jira:issue/{id}",
          "http": {"method": "POST", "path": "/issues/{id}/close"},
          "arguments": {"id": {"type": "string", "required": true},
            "text": {"type": "string", "is": "text"}, "count": {"type": "number"}}},
        "jira.delete": {"operation": "delete", "resource": "jira:issue/{id}",
          "http": {"method": "DELETE", "path": "/issues/{id}"},
          "arguments": {"id": {"type": "string", "required": true}}}}}
      """;

  /** Writes the files, with asks in a database. */
  public ConsoleWorld(Path folder, String asks) throws IOException {
    this.folder = folder;
    publicKey("root", root);
    publicKey("registrar", registrar);
    publicKey("audit", auditKey);
    publicKey("list", listKey);
    secret("audit.key", auditKey.exposeText());
    secret("list.key", listKey.exposeText());
    secret("relay.secret", SECRET);
    Files.writeString(folder.resolve("catalog.json"), CATALOG);
    names(1);
    Files.writeString(
        folder.resolve("service.yaml"),
        "audience: svc:jira\nroot-keys: root.pub\ncatalog: catalog.json\nrevocations: none\n"
            + "names:\n  file: names.json\n  keys: [registrar.pub]\nasks: \""
            + asks
            + "\"\n");
    this.service = TaperConfig.load(config(), Clock.systemUTC()).open();
    this.guard =
        HttpGuard.of(service::verifier)
            .dialledAs(ORIGIN)
            .keepingAsks(Objects.requireNonNull(service.asks()));
  }

  Path config() {
    return folder.resolve("service.yaml");
  }

  void names(long number) throws IOException {
    names(number, boss);
  }

  /** Takes the key of an approver out of the names, and puts another one there. */
  void replaceBoss(PrivateKey by) throws IOException {
    names(2, by);
  }

  private void names(long number, PrivateKey ofBoss) throws IOException {
    String text =
        NamesFile.builder()
            .number(number)
            .agent("agent:planner", planner.publicKey())
            .approver("user:boss@acme.com", ofBoss.publicKey())
            .approver("user:second@acme.com", second.publicKey())
            .group("leads", "user:boss@acme.com", "user:second@acme.com")
            .build()
            .sign(registrar);
    Files.writeString(folder.resolve("names.json"), text);
  }

  private void publicKey(String name, PrivateKey key) throws IOException {
    Files.writeString(folder.resolve(name + ".pub"), key.publicKey().toString());
  }

  Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  public AgentToken token() {
    return token("T-4711", root);
  }

  public AgentToken token(String task, PrivateKey by) {
    return token("user:alice@acme.com", "agent:planner", task, by);
  }

  /** A token of the planner's key, under any name. */
  AgentToken token(String delegator, String agent, String task, PrivateKey by) {
    return Issuer.of(by)
        .mint(
            Delegation.by(delegator)
                .to(Agent.of(agent, planner.publicKey()))
                .task(task, "triage")
                .grant("jira.search read")
                .grant("jira.close close if approved by " + boss.publicKey())
                .grant("jira.delete delete if approved by 2 of group \"leads\"")
                .expiresIn(Duration.ofHours(2)));
  }

  /** Has the planner ask for the approval of a call. */
  public void ask(String method, String target) throws Exception {
    ask(token(), method, target, null, "done");
  }

  /** Has the holder of a token ask. */
  void ask(AgentToken token, String method, String target, @Nullable String content, String reason)
      throws Exception {
    String said =
        content == null
            ? ""
            : ",\"content_type\":\"application/json\",\"content\":\""
                + java.util.Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(content.getBytes(StandardCharsets.UTF_8))
                + "\"";
    String json =
        "{\"method\":\""
            + method
            + "\",\"target\":\""
            + target
            + "\""
            + said
            + ",\"reason\":"
            + com.fasterxml.jackson.databind.node.TextNode.valueOf(reason)
            + "}";
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    SentHttp sent = SentHttp.of("POST", ORIGIN, "/v1/asks").content("application/json", bytes);
    String proof =
        token
            .prove(planner, sent, "svc:jira", SentApprovals.NONE, Clock.systemUTC())
            .encodeBase64();
    HttpAnswer answer =
        guard.answer(
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
                    String.valueOf(bytes.length)),
                bytes));
    if (answer == null || answer.status() != 201) {
      throw new AssertionError(
          answer == null ? "no answer" : new String(answer.content(), StandardCharsets.UTF_8));
    }
  }

  /** An approval of what a request asks. */
  public static String approval(String request, PrivateKey by) {
    return ApprovalRequest.decode(request)
        .approve(by, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
        .encodeBase64();
  }

  @Override
  public void close() {
    service.close();
  }
}
