package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.Peer;
import dev.taper.benchmarks.workload.Workload;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Authorization alone: the token of {@link ColdTokenBenchmark} was decoded and verified before, and
 * the authorizer is prepared as there. Each operation gives the request's 4 facts anew and
 * evaluates all checks and policies.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar AuthorizationBenchmark -prof gc
 * }</pre>
 */
public class AuthorizationBenchmark extends TimedBenchmark {
  /** Who authorizes; no signature is involved. */
  @Param({"taper-bouncycastle", "biscuit-java"})
  public String peer = "";

  /** Attenuation blocks: 0, 1, 3 or 7. */
  @Param({"0", "1", "3", "7"})
  public int blocks;

  private IntSupplier authorization;

  /** Verifies the token and prepares the peer. */
  @Setup
  public void prepare() {
    authorization = Peer.of(peer, true).keep(Workload.token(blocks));
  }

  /** Authorizes the token. */
  @Benchmark
  public int authorize() {
    return Workload.expected(authorization.getAsInt());
  }
}
