package dev.taper.benchmarks;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.Verifier;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.findings.AbuseRules;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.policies.Policies;
import dev.taper.token.TokenCache;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Watching decisions for abuse, with the rules of the library: all that the watch does with 64
 * decisions about calls with a held chain of 3 blocks. In the caller's thread it takes note of
 * each; then it counts them and asks the rules, as a service does ten times a second in a thread of
 * its own. Denied calls are out of the token's scope, and each has a proof that is not counted any
 * more or was never seen: no agent counts more than 64, and there are 4,096 in turn.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar FindingsBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class FindingsBenchmark extends TimedBenchmark {
  private static final int CALLS = 64;
  private static final int BATCHES = 64;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private final List<DecisionEvent> allowed = new ArrayList<>();
  private final List<DecisionEvent> refused = new ArrayList<>();
  private AbuseWatch watch;
  private int batch;

  /** Decides about the calls. */
  @Setup
  public void decide() {
    Backend.use(backend);
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    HeldChain chain = HeldChain.of(root, 3, 1);
    TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
    Verifier allows = verifier(root, known, allowed);
    Verifier refuses = verifier(root, known, refused);
    for (int i = 0; i < CALLS * BATCHES; i++) {
      var unused = HeldChain.decide(allows, chain.request(i));
      ToolCall call =
          ToolCall.of("jira.delete").operation("delete").on(chain.resource() + "issue-" + i);
      String proof = chain.token().prove(chain.holder(), call, HeldChain.AUDIENCE).encodeBase64();
      var unusedEither = refuses.decide(Credentials.of(chain.token().encodeBase64(), proof), call);
    }
    watch =
        AbuseWatch.by(
            AbuseRules.of(Policies.part(AbuseRules.STANDARD).code()),
            finding -> {},
            Clock.systemUTC());
  }

  private static Verifier verifier(PrivateKey root, TokenCache known, List<DecisionEvent> events) {
    return HeldChain.verifier(root)
        .tokenCache(known)
        .listener(events::add, AuditFailure.ALLOW_AND_COUNT)
        .build();
  }

  /** Takes note of allowed calls, and counts them. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void allow() {
    take(allowed);
  }

  /** Takes note of denied calls, counts them, and asks the rules. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void deny() {
    take(refused);
  }

  private void take(List<DecisionEvent> events) {
    int first = batch * CALLS;
    batch = (batch + 1) % BATCHES;
    for (int i = first; i < first + CALLS; i++) {
      watch.decided(events.get(i));
    }
    watch.drain();
  }
}
