import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.store.Database;
import dev.taper.store.SqlAsks;
import dev.taper.store.registry.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Makes what the measured console shows: {@code FOLDER TOKENS ASKS}. Each token is handed on nine
 * times, so the registry has ten living delegations for it; every tenth was used.
 */
public final class World {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://jira.example.com"}],
       "tools": {"jira.close": {"operation": "close", "resource": "jira:issue/{id}",
         "http": {"method": "POST", "path": "/issues/{id}/close"},
         "arguments": {"id": {"type": "string", "required": true}}}}}
      """;

  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final List<PrivateKey> HOLDERS =
      IntStream.range(0, 10).mapToObj(i -> PrivateKey.generate(Algorithm.ED25519)).toList();
  private static final PrivateKey BOSS = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey AUDIT = PrivateKey.generate(Algorithm.ED25519);

  private World() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.writeString(folder.resolve("root.pub"), ROOT.publicKey().toString());
    Files.writeString(folder.resolve("audit.pub"), AUDIT.publicKey().toString());
    Files.writeString(folder.resolve("catalog.json"), CATALOG);
    Files.writeString(
        folder.resolve("service.yaml"),
        "audience: svc:jira\nroot-keys: root.pub\ncatalog: catalog.json\nrevocations: none\n"
            + "asks: sqlite:taper.db\n");
    try (Database database = Database.open("sqlite:taper.db", folder);
        AuditLog log =
            AuditLog.on(
                    AuditSink.inFileWithoutForcingToDisk(
                        folder.resolve("audit.jsonl"), Clock.systemUTC()),
                    AUDIT)
                .open()) {
      fill(new Registry(database, Clock.systemUTC()), log, Integer.parseInt(arguments[1]));
      ask(database, Integer.parseInt(arguments[2]));
    }
  }

  private static AgentToken mint(int number) {
    return Issuer.of(ROOT)
        .mint(
            Delegation.by("user:number" + number % 100 + "@acme.com")
                .to(Agent.of("agent:planner" + number % 50, HOLDERS.get(0).publicKey()))
                .task("T-" + number, "triage tickets")
                .maxDepth(12)
                .grant("jira.search read on jira:project/*")
                .grant("jira.close close if approved by " + BOSS.publicKey())
                .expiresIn(Duration.ofHours(8)));
  }

  private static void fill(Registry registry, AuditLog log, int tokens) {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(ROOT.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .listener(registry)
            .listener(log)
            .build();
    for (int i = 0; i < tokens; i++) {
      AgentToken token = mint(i);
      for (int hop = 1; hop < 10; hop++) {
        token =
            token.delegate(
                HOLDERS.get(hop - 1),
                Hop.to(Agent.of("agent:helper" + (i + hop) % 200, HOLDERS.get(hop).publicKey()))
                    .grant("jira.search read on jira:project/ACME/" + hop + "/*")
                    .expiresIn(Duration.ofHours(7)));
      }
      registry.issued(token, ROOT.publicKey());
      if (i % 10 == 0) {
        ToolCall call = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/9/1");
        var unused =
            verifier.decide(token.token(), call, token.prove(HOLDERS.get(9), call, "svc:jira"), SentApprovals.NONE);
      }
    }
  }

  private static void ask(Database database, int asks) {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(ROOT.publicKey()))
            .catalog(ToolCatalog.parse(CATALOG))
            .audience("svc:jira")
            .withoutRevocation()
            .build();
    HttpGuard guard = HttpGuard.of(verifier).dialledAs(ORIGIN).keepingAsks(new SqlAsks(database));
    for (int i = 0; i < asks; i++) {
      AgentToken token = mint(i);
      byte[] content =
          ("{\"method\":\"POST\",\"target\":\"/issues/" + i + "/close\",\"reason\":\"done\"}")
              .getBytes(StandardCharsets.UTF_8);
      SentHttp sent = SentHttp.of("POST", ORIGIN, "/v1/asks").content("application/json", content);
      String proof =
          token
              .prove(HOLDERS.get(0), sent, "svc:jira", SentApprovals.NONE, Clock.systemUTC())
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
                      String.valueOf(content.length)),
                  content));
      if (answer == null || answer.status() != 201) {
        throw new IllegalStateException("no ask was made");
      }
    }
  }
}
