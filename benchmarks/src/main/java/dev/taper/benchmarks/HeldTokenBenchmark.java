package dev.taper.benchmarks;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.benchmarks.workload.Known;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.KnownKeys;
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
 *   <li>{@code tokens=new-by-known-keys}, {@code tokens=known-by-known-keys}: the same, but all
 *       chains are of the same agents, whose keys are known.
 * </ul>
 *
 * <p>Otherwise only the root key is known, as it is to every verifier from its start: there is no
 * room for another table.
 *
 * <p>Verifier, memory of proofs and call objects are new for every 64 requests, and made outside of
 * the time; the bytes allocated include them.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar HeldTokenBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class HeldTokenBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;
  private static final String BY_KNOWN_KEYS = "-by-known-keys";

  /** Enough for the tables of the base point and of one key, and not of two. */
  private static final String ROOM_FOR_ONE = "640000";

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Blocks of the chain: 1, 3, 8 or 20. */
  @Param({"1", "3", "8", "20"})
  public int blocks;

  /** Whether the tokens were seen before. */
  @Param({"new", "new-uncached", "known", "new-by-known-keys", "known-by-known-keys"})
  public String tokens = "";

  private final List<HeldChain> chains = new ArrayList<>();
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private PrivateKey root;
  private Verifier verifier;

  /** Makes the chains and their proofs. */
  @Setup
  public void prepare() {
    boolean knownKeys = tokens.endsWith(BY_KNOWN_KEYS);
    if (!knownKeys && System.getProperty(KnownKeys.PROPERTY) == null) {
      System.setProperty(KnownKeys.PROPERTY, ROOM_FOR_ONE);
    }
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    List<PrivateKey> agents = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      agents.add(PrivateKey.generate(Algorithm.ED25519));
    }
    int distinct = tokens.startsWith("known") ? 1 : REQUESTS;
    for (int i = 0; i < distinct; i++) {
      chains.add(knownKeys ? HeldChain.of(root, agents, i) : HeldChain.of(root, blocks, i));
    }
    Known.await(root, knownKeys ? agents : List.of());
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = chain(i).request(i);
    }
    if (tokens.startsWith("known")) {
      HeldChain.decide(HeldChain.verifier(root).tokenCache(known).build(), requests[0]);
    }
  }

  /** Forgets proofs and calls, and tokens unless they are to be known. */
  @Setup(Level.Invocation)
  public void forget() {
    VerifierBuilder builder = HeldChain.verifier(root);
    verifier =
        switch (tokens.replace(BY_KNOWN_KEYS, "")) {
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
