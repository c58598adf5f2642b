import dev.taper.agent.delegation.Agent;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.call.ToolCall;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Makes the log of a service: {@code FOLDER RECORDS}. 200 tasks have a chain of three blocks each,
 * and their calls are recorded in turns, a checkpoint after each thousand. Writes audit.jsonl, of
 * 1.5 GB for a million records, and audit.pub.
 */
public final class Records {
  private static final int TASKS = 200;
  private static final int BURST = 8192;

  private Records() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int records = Integer.parseInt(arguments[1]);
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Files.writeString(folder.resolve("audit.pub"), key.publicKey() + "\n");
    write(folder.resolve("audit.jsonl"), key, records, inTurns(decisions()));
  }

  /** The same decisions over and over; each block is described once. */
  static IntFunction<AuditEvent> inTurns(List<DecisionEvent> decisions) {
    Set<String> described = new HashSet<>();
    return i -> AuditEvent.decided(decisions.get(i % decisions.size()), described::add);
  }

  /** Makes a log of so many records. */
  static void write(Path file, PrivateKey key, int records, IntFunction<AuditEvent> event)
      throws Exception {
    List<CompletableFuture<AuditLog.Receipt>> receipts = new ArrayList<>();
    try (AuditLog log =
        AuditLog.on(AuditSink.inFileWithoutForcingToDisk(file, Clock.systemUTC()), key).open()) {
      for (int i = 0; i < records; i++) {
        receipts.add(log.submit(event.apply(i)).toCompletableFuture());
        if (receipts.size() == BURST || i == records - 1) {
          receipts.forEach(CompletableFuture::join);
          receipts.clear();
        }
      }
    }
  }

  private static List<DecisionEvent> decisions() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    List<DecisionEvent> told = new ArrayList<>();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .listener(told::add)
            .build();
    for (int task = 0; task < TASKS; task++) {
      List<PrivateKey> keys = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        keys.add(PrivateKey.generate(Algorithm.ED25519));
      }
      AgentToken token =
          Issuer.of(root)
              .mint(
                  Delegation.by("user:alice@acme.com")
                      .to(Agent.of("agent:planner-" + task, keys.get(0).publicKey()))
                      .task("T-" + task)
                      .grant("jira.* read on jira:project/ACME/*")
                      .expiresIn(Duration.ofHours(1)));
      for (int i = 1; i < 3; i++) {
        token =
            token.delegate(
                keys.get(i - 1),
                Hop.to(Agent.of("agent:worker-" + i, keys.get(i).publicKey()))
                    .grant("jira.search read on jira:project/ACME/*"));
      }
      ToolCall call = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/" + task);
      var unused =
          verifier.decide(Credentials.of(token.encodeBase64(), token.prove(keys.get(2), call, "svc:jira").encodeBase64()), call);
    }
    return told;
  }
}
