package dev.taper.benchmarks;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.time.Clock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Making tokens: minting the authority block of a {@link HeldChain}, and handing a chain of 1, 3, 8
 * or 20 blocks on to another agent. What to grant is prepared; each operation writes the block,
 * signs it, and reads the result back as a delegation token.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar DelegationBenchmark -prof gc
 * }</pre>
 */
public class DelegationBenchmark extends TimedBenchmark {
  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Blocks of the chain that is handed on. */
  @Param({"1", "3", "8", "20"})
  public int blocks;

  private final Clock clock = Clock.systemUTC();
  private Issuer issuer;
  private Delegation delegation;
  private HeldChain chain;
  private Hop hop;

  /** Makes the chain and prepares the grants. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    issuer = Issuer.of(root);
    delegation = HeldChain.delegation(next, 1);
    chain = HeldChain.of(root, blocks, 1);
    hop = HeldChain.hop(next, blocks);
  }

  /** Mints a token. */
  @Benchmark
  public AgentToken mint() {
    return issuer.mint(delegation);
  }

  /** Hands the chain on. */
  @Benchmark
  public AgentToken delegate() {
    return chain.token().delegate(chain.holder(), hop, clock);
  }
}
