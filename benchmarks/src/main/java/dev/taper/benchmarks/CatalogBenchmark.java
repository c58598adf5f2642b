package dev.taper.benchmarks;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.TokenCache;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs that a service says by its catalog what calls mean. The token is a held chain of 3
 * blocks that the token cache knows; the call has the same meaning in each of these:
 *
 * <ul>
 *   <li>{@code meaning=stated}: the caller states it.
 *   <li>{@code meaning=tool}: derived from a tool's name and its arguments as JSON.
 *   <li>{@code meaning=http}: derived from an HTTP request with a query.
 * </ul>
 *
 * {@code decide} gets calls that were made before, {@code receive} makes them from what was sent
 * first. The calls come 64 at a time with proofs of their own, to an empty memory of proofs.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar CatalogBenchmark -p backend=accp -prof gc
 * }</pre>
 */
public class CatalogBenchmark extends TimedBenchmark {
  private static final int REQUESTS = 64;
  private static final String TOOL = "jira.search";
  private static final String ORIGIN = "https://jira.acme.com";
  private static final String ARGUMENTS = "{\"limit\":50,\"query\":\"status = open\"}";

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  /** Who says what the calls mean: stated, tool or http. */
  @Param({"stated", "tool", "http"})
  public String meaning = "";

  private final TokenCache known = TokenCache.of(TokenCache.DEFAULT_BYTES);
  private final HeldChain.Request[] requests = new HeldChain.Request[REQUESTS];
  private PrivateKey root;
  private ToolCatalog catalog;
  private Supplier<ToolCall> received;
  private Verifier verifier;

  /** Makes the chain, its catalog and its proofs. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    root = PrivateKey.generate(Algorithm.ED25519);
    HeldChain chain = HeldChain.of(root, 3, 1);
    catalog = catalog(chain.resource() + "issue-1");
    received =
        switch (meaning) {
          case "stated" -> () -> chain.call(1);
          case "tool" -> () -> catalog.call(TOOL, ARGUMENTS);
          case "http" -> () -> catalog.call(http());
          default -> throw new IllegalArgumentException("no such meaning: " + meaning);
        };
    for (int i = 0; i < REQUESTS; i++) {
      ToolCall call = received.get();
      String proof = chain.token().prove(chain.holder(), call, HeldChain.AUDIENCE).encodeBase64();
      requests[i] = new HeldChain.Request(chain.token().encodeBase64(), call, proof);
    }
  }

  private static SentHttp http() {
    return SentHttp.of("GET", ORIGIN, "/search?limit=50&query=status+%3D+open");
  }

  private ToolCatalog catalog(String resource) {
    String http =
        meaning.equals("http") ? "\"http\":{\"method\":\"GET\",\"path\":\"/search\"}," : "";
    String origins = http.isEmpty() ? "" : "\"origins\":[{\"origin\":\"" + ORIGIN + "\"}],";
    return ToolCatalog.parse(
        "{\"format\":\"taper/1 catalog\",\"audience\":\""
            + HeldChain.AUDIENCE
            + "\","
            + origins
            + "\"tools\":{\""
            + TOOL
            + "\":{\"operation\":\"read\",\"resource\":\""
            + resource
            + "\","
            + http
            + "\"arguments\":{\"limit\":{\"type\":\"integer\"},\"query\":{\"type\":\"string\"}}}}}");
  }

  /** Forgets proofs and calls. */
  @Setup(Level.Invocation)
  public void forget() {
    VerifierBuilder builder = HeldChain.verifier(root, meaning.equals("stated") ? null : catalog);
    verifier = builder.tokenCache(known).build();
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = new HeldChain.Request(requests[i].token(), received.get(), requests[i].proof());
    }
  }

  /** Decides about all calls. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void decide(Blackhole results) {
    for (HeldChain.Request request : requests) {
      CallDecision decision = HeldChain.decide(verifier, request);
      results.consume(decision);
    }
  }

  /** Makes the calls from what was sent, and decides about them. */
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public void receive(Blackhole results) {
    for (HeldChain.Request request : requests) {
      HeldChain.Request anew =
          new HeldChain.Request(request.token(), received.get(), request.proof());
      CallDecision decision = HeldChain.decide(verifier, anew);
      results.consume(decision);
    }
  }
}
