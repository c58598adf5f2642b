package dev.taper.benchmarks;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.benchmarks.peer.TaperPeer;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.benchmarks.workload.Workload;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.token.TokenCache;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * Whether threads stand in each other's way: one and two threads with one verifier, one token cache
 * and one memory of proofs, and a token that is known. {@link #heldOne} and {@link #heldTwo} decide
 * about a held chain of 3 blocks with its proof; {@link #bearerOne} and {@link #bearerTwo}
 * authorize the bearer token of {@link WarmTokenBenchmark} with 3 attenuation blocks. For
 * comparison, {@link #signatureOne} and {@link #signatureTwo} only verify signatures and share
 * nothing: what the machine itself gives.
 *
 * <p>Each time is that of one operation in each thread, so two threads do 2 × (one / two) as much.
 * After 2,048 proofs a thread puts a new verifier with a new memory of proofs in place of the
 * shared one; the call objects are made beforehand.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ContentionBenchmark -p backend=accp
 * }</pre>
 */
public class ContentionBenchmark extends TimedBenchmark {
  private static final int BLOCKS = 3;
  static final int PROOFS = 2048;

  /** What the threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** The signature backend. */
    @Param({"accp", "bouncycastle"})
    public String backend = "";

    private final TokenCache cache = TokenCache.of(TokenCache.DEFAULT_BYTES);
    private PrivateKey root;
    private HeldChain chain;
    private TaperPeer taper;
    private volatile Verifier verifier;

    /** Makes the chain. */
    @Setup
    public void prepare() {
      Backend.use(backend);
      taper = TaperPeer.create(backend, true);
      root = PrivateKey.generate(Algorithm.ED25519);
      chain = HeldChain.of(root, BLOCKS, 1);
      verifier = newVerifier();
    }

    private Verifier newVerifier() {
      return HeldChain.verifier(root).tokenCache(cache).build();
    }

    void forget() {
      verifier = newVerifier();
    }
  }

  /** What a thread sends. */
  @State(Scope.Thread)
  public static class Requests {
    private final HeldChain.Request[] requests = new HeldChain.Request[PROOFS];
    private int next;

    /** Makes the proofs. */
    @Setup
    public void prepare(Shared shared) {
      for (int i = 0; i < PROOFS; i++) {
        requests[i] = shared.chain.request(i);
      }
    }

    HeldChain.Request next(Shared shared) {
      if (next == PROOFS) {
        shared.forget();
        next = 0;
      }
      return requests[next++];
    }
  }

  /** A signature of the thread's own. */
  @State(Scope.Thread)
  public static class Signature {
    private final byte[] message = new byte[300];
    private byte[] signature = {};
    private PublicKey key;

    /** Makes the signature, once the backend is chosen. */
    @Setup
    public void prepare(Shared shared) {
      PrivateKey secret = PrivateKey.generate(Algorithm.ED25519);
      key = secret.publicKey();
      signature = secret.sign(message);
    }
  }

  /** A bearer token of the thread's own, of the same bytes. */
  @State(Scope.Thread)
  public static class Bearer {
    private final byte[] token = Workload.token(BLOCKS);
  }

  /** One thread, held token. */
  @Benchmark
  @Threads(1)
  public CallDecision heldOne(Shared shared, Requests requests) {
    return held(shared, requests);
  }

  /** Two threads, held token. */
  @Benchmark
  @Threads(2)
  public CallDecision heldTwo(Shared shared, Requests requests) {
    return held(shared, requests);
  }

  private static CallDecision held(Shared shared, Requests requests) {
    HeldChain.Request request = requests.next(shared); // which may change the verifier
    return HeldChain.decide(shared.verifier, request);
  }

  /** One thread, bearer token. */
  @Benchmark
  @Threads(1)
  public int bearerOne(Shared shared, Bearer bearer) {
    return bearer(shared, bearer);
  }

  /** Two threads, bearer token. */
  @Benchmark
  @Threads(2)
  public int bearerTwo(Shared shared, Bearer bearer) {
    return bearer(shared, bearer);
  }

  private static int bearer(Shared shared, Bearer bearer) {
    TaperPeer taper = shared.taper;
    return Workload.expected(taper.authorize(shared.cache.verify(bearer.token, taper.root())));
  }

  /** One thread, signatures alone. */
  @Benchmark
  @Threads(1)
  public boolean signatureOne(Signature own) {
    return own.key.verify(own.message, own.signature);
  }

  /** Two threads, signatures alone. */
  @Benchmark
  @Threads(2)
  public boolean signatureTwo(Signature own) {
    return own.key.verify(own.message, own.signature);
  }
}
