package dev.taper.benchmarks;

import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The holder's proof of a call: making one, and reading and checking one, without the token. The
 * proofs that are checked come 64 at a time to an empty memory of proofs.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ProofBenchmark -prof gc
 * }</pre>
 */
public class ProofBenchmark extends TimedBenchmark {
  private static final int PROOFS = 64;
  private static final AcceptedProofs.Window WINDOW =
      new AcceptedProofs.Window(Duration.ofHours(1), Duration.ofSeconds(30));

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});

  private final String[] proofs = new String[PROOFS];
  private HeldChain chain;
  private ToolCall call;
  private final Audience audience = Audience.of(HeldChain.AUDIENCE);
  private byte[] state = {};
  private AcceptedProofs memory;

  /** Makes a chain and the proofs. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    chain = HeldChain.of(PrivateKey.generate(Algorithm.ED25519), 3, 1);
    call = chain.call(1);
    List<byte[]> signatures = chain.token().token().revocationIds();
    state = signatures.get(signatures.size() - 1);
    for (int i = 0; i < PROOFS; i++) {
      proofs[i] = make();
    }
  }

  /** Forgets the proofs. */
  @Setup(Level.Invocation)
  public void forget() {
    memory = AcceptedProofs.of(WINDOW, ReplayMemory.inMemory(), Clock.systemUTC());
  }

  /** Makes a proof. */
  @Benchmark
  public String make() {
    return chain.token().prove(chain.holder(), call, HeldChain.AUDIENCE).encodeBase64();
  }

  /** Reads, checks and claims the proofs; a bad one throws. */
  @Benchmark
  @OperationsPerInvocation(PROOFS)
  public void check() {
    Proof.Subject subject = Proof.Subject.of(state, audience, SentApprovals.NONE, call.sent());
    for (String proof : proofs) {
      Proof.decode(proof).check(chain.holder().publicKey(), subject, memory).claim(SHARE);
    }
  }
}
