package dev.taper.benchmarks;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.benchmarks.workload.LoopbackClient;
import dev.taper.benchmarks.workload.LoopbackServer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.HttpGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the filter of a guarded HTTP service takes beside the verifier. Three servers of one kind
 * run in this JVM, whose handlers read 300 bytes of JSON and answer two letters: one behind the
 * filter, one bare, and one bare whose handler decides about a call that was derived before. Each
 * round makes one call of each, in an order that changes, and one such decision in its own thread.
 * The token is a held chain of 3 blocks that all token caches know. Connections stay open. What the
 * guarded server takes longer than the deciding one is the filter's: reading fields and content,
 * deriving the call, and the answer's field.
 *
 * <p>The verifier is charged where it runs, in a server's handler, because a handler that takes
 * longer costs its client more than that: one of Jetty that only waits for 35 us in a loop answered
 * 48 us later than one that does not, on two cores.
 *
 * <p>Of each iteration, {@code overheadMicros} is the median of the guarded calls less that of the
 * deciding server's; the other counters have the medians, and that of the decisions in the client's
 * own thread. The score is the time of a whole round with the making of its proofs, and says
 * nothing.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar HttpBenchmark -p backend=accp
 * }</pre>
 */
public class HttpBenchmark extends TimedBenchmark {
  private static final String TARGET = "/issues/7/comments";
  private static final int MOST = 1 << 20;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** The server: jdk or jetty. */
  @Param({"jdk", "jetty"})
  public String server = "";

  private final String content = "{\"text\":\"" + "a".repeat(289) + "\"}";
  private HeldChain chain;
  private LoopbackServer bare;
  private LoopbackServer deciding;
  private LoopbackServer guarded;
  private LoopbackClient toBare;
  private LoopbackClient toDeciding;
  private LoopbackClient toGuarded;
  private Verifier verifier;
  private Verifier inHandler;
  private volatile HeldChain.Request next;
  private ToolCatalog catalog;
  private SentHttp sent;
  private int round;

  /** The times of an iteration's calls, by their kind. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Overhead {
    private final Samples guardedCalls = new Samples();
    private final Samples bareCalls = new Samples();
    private final Samples decidingCalls = new Samples();
    private final Samples decisions = new Samples();

    /** For JMH. */
    public Overhead() {}

    /** Forgets the iteration before. */
    @Setup(Level.Iteration)
    public void forget() {
      guardedCalls.clear();
      bareCalls.clear();
      decidingCalls.clear();
      decisions.clear();
    }

    /** The median of the guarded calls, in microseconds. */
    public double guardedMicros() {
      return guardedCalls.medianMicros();
    }

    /** The median of the bare calls, in microseconds. */
    public double bareMicros() {
      return bareCalls.medianMicros();
    }

    /** The median of the calls whose handler decides, in microseconds. */
    public double decidingMicros() {
      return decidingCalls.medianMicros();
    }

    /** The median of the decisions in the client's thread, in microseconds. */
    public double decideMicros() {
      return decisions.medianMicros();
    }

    /** What is left for the filter, in microseconds. */
    public double overheadMicros() {
      return guardedMicros() - decidingMicros();
    }
  }

  /** Times in nanoseconds. */
  private static final class Samples {
    private final long[] nanos = new long[MOST];
    private int count;

    void add(long nano) {
      nanos[count % MOST] = nano;
      count++;
    }

    void clear() {
      count = 0;
    }

    double medianMicros() {
      long[] sorted = Arrays.copyOf(nanos, Math.min(count, MOST));
      Arrays.sort(sorted);
      return sorted.length == 0 ? 0 : sorted[sorted.length / 2] / 1e3;
    }
  }

  /** Starts the servers. */
  @Setup
  public void start() throws Exception {
    Backend.use(backend);
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    chain = HeldChain.of(root, 3, 1);
    bare = LoopbackServer.bare(server, () -> {});
    deciding = LoopbackServer.bare(server, () -> HeldChain.decide(inHandler, next));
    guarded =
        LoopbackServer.guarded(
            server,
            port ->
                HttpGuard.of(
                    HeldChain.verifier(root, catalogOf("http://127.0.0.1:" + port)).build()));
    toBare = new LoopbackClient(bare.port());
    toDeciding = new LoopbackClient(deciding.port());
    toGuarded = new LoopbackClient(guarded.port());
    String origin = "http://127.0.0.1:" + guarded.port();
    catalog = catalogOf(origin);
    verifier = HeldChain.verifier(root, catalog).build();
    inHandler = HeldChain.verifier(root, catalog).build();
    sent =
        SentHttp.of("POST", origin, TARGET)
            .content("application/json", content.getBytes(StandardCharsets.US_ASCII));
    next = decidable();
  }

  private String fields(String proof) {
    return "Authorization: Taper "
        + chain.token().encodeBase64()
        + "\r\nTaper-Proof: "
        + proof
        + "\r\n";
  }

  private ToolCatalog catalogOf(String origin) {
    return ToolCatalog.parse(
        "{\"format\":\"taper/1 catalog\",\"audience\":\""
            + HeldChain.AUDIENCE
            + "\",\"origins\":[{\"origin\":\""
            + origin
            + "\"}],\"tools\":{\"jira.search\":{\"operation\":\"read\",\"resource\":\""
            + chain.resource()
            + "issue-{id}\",\"http\":{\"method\":\"POST\",\"path\":\"/issues/{id}/comments\"},"
            + "\"arguments\":{\"id\":{\"type\":\"integer\"},\"text\":{\"type\":\"string\"}}}}}");
  }

  private String proof() {
    return chain.token().prove(chain.holder(), sent, HeldChain.AUDIENCE).encodeBase64();
  }

  /** Makes the calls of a round. */
  @Benchmark
  public void round(Overhead overhead, Blackhole results) throws IOException {
    // All servers get the same fields: a server keeps those that it saw before.
    String fields = fields(proof());
    byte[] request = LoopbackClient.post(guarded.port(), TARGET, fields, content);
    byte[] bareRequest = LoopbackClient.post(bare.port(), TARGET, fields, content);
    byte[] decidingRequest = LoopbackClient.post(deciding.port(), TARGET, fields, content);
    HeldChain.Request decided = decidable();
    next = decidable();
    for (int i = 0; i < 4; i++) {
      int turn = (i + round) % 4;
      long start = System.nanoTime();
      if (turn == 0) {
        expectOk(toGuarded.send(request));
        overhead.guardedCalls.add(System.nanoTime() - start);
      } else if (turn == 1) {
        expectOk(toBare.send(bareRequest));
        overhead.bareCalls.add(System.nanoTime() - start);
      } else if (turn == 2) {
        expectOk(toDeciding.send(decidingRequest));
        overhead.decidingCalls.add(System.nanoTime() - start);
      } else {
        results.consume(HeldChain.decide(verifier, decided));
        overhead.decisions.add(System.nanoTime() - start);
      }
    }
    round++;
  }

  private HeldChain.Request decidable() {
    return new HeldChain.Request(chain.token().encodeBase64(), catalog.call(sent), proof());
  }

  private static void expectOk(int status) {
    if (status != 200) {
      throw new IllegalStateException("the server answered " + status);
    }
  }

  /** Stops the servers. */
  @TearDown
  public void stop() throws Exception {
    toBare.close();
    toDeciding.close();
    toGuarded.close();
    bare.close();
    deciding.close();
    guarded.close();
  }
}
