package dev.taper.benchmarks;

import dev.taper.agent.DecisionEvent;
import dev.taper.agent.DecisionListener.AuditFailure;
import dev.taper.agent.Verifier;
import dev.taper.agent.call.ToolCall;
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
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Watching decisions for abuse, with the rules of the library: all that the watch does with 64
 * decisions that were just made about calls with a held chain of 3 blocks. In the caller's thread
 * it takes note of each; then it counts them and asks the rules, as a service does ten times a
 * second in a thread of its own. Each call has a proof of its own; the watch stays. Denied calls
 * are out of the token's scope.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar FindingsBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class FindingsBenchmark extends TimedBenchmark {
  private static final int CALLS = 64;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private final HeldChain.Request[] allowed = new HeldChain.Request[CALLS];
  private final HeldChain.Request[] refused = new HeldChain.Request[CALLS];
  private final List<DecisionEvent> allowedNow = new ArrayList<>(CALLS);
  private final List<DecisionEvent> refusedNow = new ArrayList<>(CALLS);
  private PrivateKey root;
  private HeldChain chain;
  private HeldChain other;
  private AbuseWatch watch;

  /** Makes the chains. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    chain = HeldChain.of(root, 3, 1);
    other = HeldChain.of(root, 3, 2);
    watch =
        AbuseWatch.by(
            AbuseRules.of(Policies.part(AbuseRules.STANDARD).code()),
            finding -> {},
            Clock.systemUTC());
    for (int i = 0; i < CALLS; i++) {
      allowed[i] = chain.request(i);
    }
  }

  /** Decides about calls with new proofs. */
  @Setup(Level.Invocation)
  public void decide() {
    for (int i = 0; i < CALLS; i++) {
      ToolCall call =
          ToolCall.of("jira.delete").operation("delete").on(other.resource() + "issue-" + i);
      String proof = other.token().prove(other.holder(), call, HeldChain.AUDIENCE).encodeBase64();
      refused[i] = new HeldChain.Request(other.token().encodeBase64(), call, proof);
      allowed[i] = chain.again(allowed[i], i);
    }
    decided(allowed, allowedNow);
    decided(refused, refusedNow);
  }

  private void decided(HeldChain.Request[] requests, List<DecisionEvent> events) {
    events.clear();
    Verifier verifier =
        HeldChain.verifier(root)
            .tokenCache(known)
            .listener(events::add, AuditFailure.ALLOW_AND_COUNT)
            .build();
    for (HeldChain.Request request : requests) {
      var unused = verifier.decide(request.token(), request.call(), request.proof());
    }
  }

  /** Takes note of allowed calls, and counts them. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void allow() {
    take(allowedNow);
  }

  /** Takes note of denied calls, counts them, and asks the rules. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void deny() {
    take(refusedNow);
  }

  private void take(List<DecisionEvent> events) {
    for (DecisionEvent event : events) {
      watch.decided(event);
    }
    watch.drain();
  }
}
