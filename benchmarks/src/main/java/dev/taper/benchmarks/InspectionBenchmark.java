package dev.taper.benchmarks;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Inspection: from the text of a {@link HeldChain} to who gave what to whom, in words, without
 * verifying a signature.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar InspectionBenchmark -prof gc
 * }</pre>
 */
public class InspectionBenchmark extends TimedBenchmark {
  /** Blocks of the chain. */
  @Param({"1", "3", "8", "20"})
  public int blocks;

  private String token = "";

  /** Makes the chain. */
  @Setup
  public void prepare() {
    token = HeldChain.of(PrivateKey.generate(Algorithm.ED25519), blocks, 1).token().encodeBase64();
  }

  /** Reads the chain and says what each hop leaves of the authority. */
  @Benchmark
  public String inspect() {
    StringBuilder words = new StringBuilder();
    for (DelegationHop hop : AgentToken.decode(token).chain().hops()) {
      words.append(hop.grantor()).append(' ').append(hop.holderName()).append(' ');
      words.append(hop.words()).append('\n');
    }
    return words.toString();
  }
}
