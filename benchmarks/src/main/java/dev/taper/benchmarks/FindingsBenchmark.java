package dev.taper.benchmarks;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionListener.AuditFailure;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierBuilder;
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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Watching decisions for abuse: a call with a held chain of 3 blocks that the token cache knows,
 * with the rules of the library and without. All that the watch does is counted, in the caller's
 * thread: taking note, and then counting 64 calls and asking the rules, as a service does ten times
 * a second in a thread of its own. The calls come 64 at a time with proofs of their own, to an
 * empty memory of proofs; the watch stays. Denied calls are out of the token's scope.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar FindingsBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class FindingsBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Whether decisions are watched. */
  @Param({"no", "yes"})
  public String watched = "";

  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private final HeldChain.Request[] refused = new HeldChain.Request[REQUESTS];
  private PrivateKey root;
  private HeldChain chain;
  private HeldChain other;
  private AbuseWatch watch;
  private Verifier verifier;

  /** Makes the chains and their proofs. */
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
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain.request(i);
      ToolCall call = delete(i);
      String proof = other.token().prove(other.holder(), call, HeldChain.AUDIENCE).encodeBase64();
      refused[i] = new HeldChain.Request(other.token().encodeBase64(), call, proof);
    }
  }

  /** Forgets proofs and calls. */
  @Setup(Level.Invocation)
  public void forget() {
    VerifierBuilder builder = HeldChain.verifier(root).tokenCache(known);
    if (watched.equals("yes")) {
      builder.listener(watch, AuditFailure.ALLOW_AND_COUNT);
    }
    verifier = builder.build();
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain.again(requests[i], i);
      HeldChain.Request before = refused[i];
      refused[i] = new HeldChain.Request(before.token(), delete(i), before.proof());
    }
  }

  private ToolCall delete(int number) {
    return ToolCall.of("jira.delete").operation("delete").on(other.resource() + "issue-" + number);
  }

  /** Decides about calls that are allowed, and counts them. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void allow(Blackhole results) {
    for (HeldChain.Request request : requests) {
      CallDecision decision = HeldChain.decide(verifier, request);
      results.consume(decision);
    }
    watch.drain();
  }

  /** Decides about calls that are denied, counts them, and asks the rules. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void deny(Blackhole results) {
    for (HeldChain.Request request : refused) {
      results.consume(verifier.decide(request.token(), request.call(), request.proof()));
    }
    watch.drain();
  }
}
