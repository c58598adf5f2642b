package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.Jwt;
import dev.taper.benchmarks.workload.Backend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * For reference, one signature and no delegation: a JWT with Ed25519 and 8 claims, verified by
 * nimbus-jose-jwt with the backend that Taper uses.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar JwtBenchmark -prof gc
 * }</pre>
 */
public class JwtBenchmark extends TimedBenchmark {
  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private Jwt jwt;

  /** Makes the token. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    jwt = new Jwt();
  }

  /** Verifies it. */
  @Benchmark
  public String verify() {
    return jwt.verify();
  }
}
