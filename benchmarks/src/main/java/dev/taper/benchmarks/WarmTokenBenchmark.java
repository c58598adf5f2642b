package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.TaperPeer;
import dev.taper.benchmarks.workload.Workload;
import dev.taper.token.TokenCache;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Authorizes a bearer token that a {@link TokenCache} knows: from its bytes to the decision. Token,
 * request and policies are those of {@link ColdTokenBenchmark}, with 1, 2, 4 or 8 blocks. Every
 * operation verifies the token's end and evaluates the policies with the 4 facts of the request.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar WarmTokenBenchmark -prof gc
 * }</pre>
 */
public class WarmTokenBenchmark extends TimedBenchmark {
  /** The signature backend, which nothing should depend on. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Attenuation blocks: 0, 1, 3 or 7. */
  @Param({"0", "1", "3", "7"})
  public int blocks;

  private final TokenCache cache = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private byte[] token = {};
  private TaperPeer taper;

  /** Shows the token to the cache. */
  @Setup
  public void prepare() {
    token = Workload.token(blocks);
    taper = TaperPeer.create(backend, true);
    authorize();
  }

  /** Authorizes the token. */
  @Benchmark
  public int authorize() {
    return Workload.expected(taper.authorize(cache.verify(token, taper.root())));
  }
}
