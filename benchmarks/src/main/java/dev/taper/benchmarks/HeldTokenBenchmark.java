package dev.taper.benchmarks;

import dev.taper.agent.CallDecision;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierBuilder;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.TokenCache;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a service pays for a call with a held token and its proof: from their base64url texts to the
 * decision of a {@link Verifier} with its default policy. The chain is a {@link HeldChain} of 1, 3,
 * 8 or 20 blocks, the authority block included, so 2, 4, 9 or 21 signatures with the proof.
 *
 * <p>A call is made with 64 requests, each with a call object and a proof of its own:
 *
 * <ul>
 *   <li>{@code tokens=new}: 64 chains that have nothing but the root key in common, and an empty
 *       token cache: cold.
 *   <li>{@code tokens=new-uncached}: such chains, without a token cache.
 *   <li>{@code tokens=known}: one chain, which the token cache knows: warm.
 * </ul>
 *
 * Verifier, memory of proofs and call objects are new for every 64 requests, and made outside of
 * the time; the bytes allocated include them.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar HeldTokenBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class HeldTokenBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Blocks of the chain: 1, 3, 8 or 20. */
  @Param({"1", "3", "8", "20"})
  public int blocks;

  /** Whether the tokens were seen before. */
  @Param({"new", "new-uncached", "known"})
  public String tokens = "";

  private final List<HeldChain> chains = new ArrayList<>();
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private PrivateKey root;
  private Verifier verifier;

  /** Makes the chains and their proofs. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    int distinct = tokens.equals("known") ? 1 : REQUESTS;
    for (int i = 0; i < distinct; i++) {
      chains.add(HeldChain.of(root, blocks, i));
    }
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain(i).request(i);
    }
    if (tokens.equals("known")) {
      HeldChain.decide(HeldChain.verifier(root).tokenCache(known).build(), requests[0]);
    }
  }

  /** Forgets proofs and calls, and tokens unless they are to be known. */
  @Setup(Level.Invocation)
  public void forget() {
    VerifierBuilder builder = HeldChain.verifier(root);
    verifier =
        switch (tokens) {
          case "new" -> builder.tokenCache(TokenCache.of(TokenCache.DEFAULT_BYTES)).build();
          case "new-uncached" -> builder.withoutTokenCache().build();
          case "known" -> builder.tokenCache(known).build();
          default -> throw new IllegalArgumentException("no such tokens: " + tokens);
        };
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain(i).again(requests[i], i);
    }
  }

  private HeldChain chain(int request) {
    return chains.get(request % chains.size());
  }

  /** Decides about all requests. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void decide(Blackhole results) {
    for (HeldChain.Request request : requests) {
      CallDecision decision = HeldChain.decide(verifier, request);
      results.consume(decision);
    }
  }
}
