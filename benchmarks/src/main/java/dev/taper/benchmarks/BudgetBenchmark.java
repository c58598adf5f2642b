package dev.taper.benchmarks;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Budgets in this process's memory: charging the counters of a call, and a whole call with a held
 * chain of 3 blocks that the token cache knows, whose first block states the budgets. Half of them,
 * rounded up, have a window of a day. The calls come 64 at a time with proofs of their own, to an
 * empty memory of proofs; the store of budgets stays, and no budget is ever used up.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar BudgetBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class BudgetBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;
  private static final long AMPLE = 1L << 60;
  private static final Duration DAY = Duration.ofDays(1);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Budgets of a call: 0, 1, 4 or 16. */
  @Param({"0", "1", "4", "16"})
  public int budgets;

  private final Budgets store = Budgets.forThisProcessOnly();
  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private final List<Budgets.Charge> charges = new ArrayList<>();
  private PrivateKey root;
  private HeldChain chain;
  private Verifier verifier;

  /** Makes the chain, its proofs and the charges. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < budgets; i++) {
      boolean windowed = i % 2 == 0;
      String window = windowed ? " in 24h" : "";
      texts.add("at most " + AMPLE + " calls" + window + " from acme as b" + i);
      charges.add(new Budgets.Charge(String.format("%064x", i), 1, AMPLE, windowed ? DAY : null));
    }
    chain = HeldChain.of(root, 3, 1, texts);
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain.request(i);
    }
  }

  /** Forgets proofs and calls. */
  @Setup(Level.Invocation)
  public void forget() {
    verifier = HeldChain.verifier(root).tokenCache(known).budgets("acme", store).build();
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain.again(requests[i], i);
    }
  }

  /** Charges the counters of as many calls. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void charge(Blackhole results) {
    Instant now = Instant.now();
    for (int i = 0; i < REQUESTS; i++) {
      results.consume(store.charge(charges, SHARE, now));
    }
  }

  /** Decides about all calls. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void decide(Blackhole results) {
    for (HeldChain.Request request : requests) {
      CallDecision decision = HeldChain.decide(verifier, request);
      results.consume(decision);
    }
  }
}
