package dev.taper.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Authorizes a token that was never seen before: from its bytes to the decision, in one thread.
 *
 * <p>Workload: an authority block with 5 facts and a check (a task's rights for an agent), and
 * attenuation blocks with 3 checks each (tool, resource prefix, expiry); an authorizer with 4 facts
 * about the request, a check and 3 policies, of which the third allows. With 3 attenuation blocks
 * the token has 1121 bytes and 4 Ed25519 signatures, and 11 checks are judged. Tokens with 0 (313
 * bytes), 1 (601) and 7 (2161) are there too.
 *
 * <p>Each operation decodes the bytes, verifies every signature and the proof, evaluates all rules,
 * checks and policies, and must end with that third policy, or the run fails. Nothing of a token is
 * kept from one operation to the next. Prepared once are, for every peer, the root key, and with
 * {@code authorizer=prepared} what {@link TaperPeer} and {@link BiscuitJavaPeer} say; with {@code
 * authorizer=text} the authorizer is read from its text in every operation.
 *
 * <pre>{@code
 * mvn -q -pl benchmarks -am package -DskipTests
 * java -jar benchmarks/target/benchmarks.jar AuthorizeBenchmark
 * java -jar benchmarks/target/benchmarks.jar AuthorizeBenchmark -p blocks=0,1,3,7 -prof gc
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class AuthorizeBenchmark {
  /** Who authorizes; Taper with each of its signature backends. */
  @Param({"taper-accp", "taper-bouncycastle", "biscuit-java"})
  public String peer = "";

  /** Whether the authorizer's text is read once or in every operation. */
  @Param({"prepared", "text"})
  public String authorizer = "";

  /** Attenuation blocks: 0, 1, 3 or 7. */
  @Param("3")
  public int blocks;

  private byte[] token = {};
  private Peer implementation = bytes -> -1;

  /** Reads the workload and prepares the peer. */
  @Setup
  public void prepare() {
    token = Workload.token(blocks);
    boolean prepared = authorizer.equals("prepared");
    implementation =
        switch (peer) {
          case "taper-accp" -> TaperPeer.create("accp", prepared);
          case "taper-bouncycastle" -> TaperPeer.create("bouncycastle", prepared);
          case "biscuit-java" -> new BiscuitJavaPeer(prepared);
          default -> throw new IllegalArgumentException("no such peer: " + peer);
        };
  }

  /** Authorizes the token. */
  @Benchmark
  public int authorize() {
    int policy = implementation.authorize(token);
    if (policy != Workload.EXPECTED_POLICY) {
      throw new IllegalStateException("policy " + policy + " matched");
    }
    return policy;
  }
}
