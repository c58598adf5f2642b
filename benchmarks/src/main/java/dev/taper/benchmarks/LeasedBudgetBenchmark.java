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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A budget of which leases of 1,024 calls are taken from a shared store, and no budget: a call with
 * a held chain of 3 blocks that the token cache knows, whose first block states the budget. The
 * store answers at once, but counts as one that may wait, so calls have a deadline; so they have
 * without the budget, as the store is there all the same. The calls come 64 at a time with proofs
 * of their own, to an empty memory of proofs; the store stays, and the budget is never used up.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar LeasedBudgetBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class LeasedBudgetBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;
  private static final long AMPLE = 1L << 40;
  private static final int PARTS = 1 << 30;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Whether calls have a budget. */
  @Param({"no", "yes"})
  public String budget = "";

  private final Budgets store =
      Budgets.leasing(new Waiting(Budgets.forThisProcessOnly()), PARTS, Duration.ofHours(1));
  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private PrivateKey root;
  private HeldChain chain;
  private Verifier verifier;

  /** A store that may wait, and does not. */
  private record Waiting(Budgets budgets) implements Budgets {
    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
      return budgets.charge(charges, share, now);
    }

    @Override
    public void giveBack(Charged charged) {
      budgets.giveBack(charged);
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
      return budgets.look(charges, now);
    }
  }

  /** Makes the chain and its proofs. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    List<String> texts =
        budget.equals("yes") ? List.of("at most " + AMPLE + " calls from acme as b") : List.of();
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
