package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.Peer;
import dev.taper.benchmarks.workload.Workload;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Authorizes a token that was never seen before: from its bytes to the decision, in one thread.
 *
 * <p>Workload: an authority block with 5 facts and a check (a task's rights for an agent), and
 * attenuation blocks with 3 checks each (tool, resource prefix, expiry); an authorizer with 4 facts
 * about the request, a check and 3 policies, of which the third allows. With 3 attenuation blocks
 * the token has 1121 bytes and 4 Ed25519 signatures, and 11 checks are evaluated. Tokens with 0
 * (313 bytes), 1 (601) and 7 (2161) are there too.
 *
 * <p>Each operation decodes the bytes, verifies every signature and the proof, evaluates all rules,
 * checks and policies, and must end with that third policy, or the run fails. No operation keeps
 * anything of a token for the next. Every peer prepares the root key once, and with {@code
 * authorizer=prepared} what {@link dev.taper.benchmarks.peer} says; with {@code authorizer=text}
 * every operation reads the authorizer from its text.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ColdTokenBenchmark -p authorizer=prepared -prof gc
 * }</pre>
 */
public class ColdTokenBenchmark extends TimedBenchmark {
  /** Who authorizes; Taper with each of its signature backends. */
  @Param({"taper-accp", "taper-bouncycastle", "biscuit-java"})
  public String peer = "";

  /** Whether the authorizer's text is read once or in every operation. */
  @Param({"prepared", "text"})
  public String authorizer = "";

  /** Attenuation blocks: 0, 1, 3 or 7. */
  @Param({"0", "1", "3", "7"})
  public int blocks;

  private byte[] token = {};
  private Peer implementation;

  /** Reads the workload and prepares the peer. */
  @Setup
  public void prepare() {
    token = Workload.token(blocks);
    implementation = Peer.of(peer, authorizer.equals("prepared"));
  }

  /** Authorizes the token. */
  @Benchmark
  public int authorize() {
    return Workload.expected(implementation.authorize(token));
  }
}
