package dev.taper.benchmarks.workload;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A held chain as agents make it. The authority block names delegator, holder and task, grants
 * {@code jira.*} under a resource prefix, and ends in an hour; every hop after it names a new
 * holder with a key of its own, one tool, one operation, a longer resource prefix, and an end. All
 * keys are Ed25519 keys, made anew, so that no two chains have anything in common but the root key.
 *
 * <p>Immutable and thread-safe.
 *
 * @param token the chain
 * @param holder the key of its last holder
 * @param resource what its last holder may still use
 */
public record HeldChain(AgentToken token, PrivateKey holder, String resource) {
  /** The service that the calls are for. */
  public static final String AUDIENCE = "svc:jira";

  private static final String PROJECT = "jira:project/ACME/";
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * A call as it arrives at the service.
   *
   * @param token the chain in base64url
   * @param call what is to be called
   * @param proof the holder's proof in base64url
   */
  public record Request(String token, ToolCall call, String proof) {}

  /**
   * Makes a chain.
   *
   * @param root the issuer's key
   * @param blocks the number of blocks, the authority block included, so the number of signatures
   * @param number which task it is for
   */
  public static HeldChain of(PrivateKey root, int blocks, int number) {
    return of(root, blocks, number, List.of());
  }

  /**
   * Makes a chain whose first block states budgets.
   *
   * @param root the issuer's key
   * @param blocks the number of blocks, the authority block included, so the number of signatures
   * @param number which task it is for
   * @param budgets the budgets as text
   */
  public static HeldChain of(PrivateKey root, int blocks, int number, List<String> budgets) {
    return of(root, Stream.generate(HeldChain::newKey).limit(blocks).toList(), number, budgets);
  }

  /**
   * Makes a chain.
   *
   * @param root the issuer's key
   * @param holders the keys of its holders, one for each block
   * @param number which task it is for
   */
  public static HeldChain of(PrivateKey root, List<PrivateKey> holders, int number) {
    return of(root, holders, number, List.of());
  }

  private static HeldChain of(
      PrivateKey root, List<PrivateKey> holders, int number, List<String> budgets) {
    int blocks = holders.size();
    PrivateKey holder = holders.get(0);
    Delegation delegation = delegation(holder, number);
    for (String budget : budgets) {
      delegation = delegation.budget(budget);
    }
    AgentToken token = Issuer.of(root).mint(delegation);
    for (int i = 1; i < blocks; i++) {
      PrivateKey next = holders.get(i);
      token = token.delegate(holder, hop(next, i), Clock.systemUTC());
      holder = next;
    }
    return new HeldChain(token, holder, prefix(blocks - 1));
  }

  /** What the first block says. */
  public static Delegation delegation(PrivateKey holder, int number) {
    return Delegation.by("user:alice@acme.com")
        .to(Agent.of("agent:planner-" + number, holder.publicKey()))
        .task("T-" + number)
        .grant("jira.* read, list on " + PROJECT + "*")
        .expiresIn(HOUR);
  }

  /** What a block after it says. */
  public static Hop hop(PrivateKey holder, int block) {
    return Hop.to(Agent.of("agent:worker-" + block, holder.publicKey()))
        .grant("jira.search read on " + prefix(block) + "*")
        .expiresIn(HOUR);
  }

  private static String prefix(int block) {
    StringBuilder prefix = new StringBuilder(PROJECT);
    for (int i = 1; i <= block; i++) {
      prefix.append('s').append(i).append('/');
    }
    return prefix.toString();
  }

  private static PrivateKey newKey() {
    return PrivateKey.generate(Algorithm.ED25519);
  }

  /** A call that the chain allows: two arguments beside tool, operation and resource. */
  public ToolCall call(int number) {
    return ToolCall.of("jira.search")
        .operation("read")
        .on(resource + "issue-" + number)
        .arg("limit", 50)
        .arg("query", "status = open");
  }

  /** A request with a proof of its own. */
  public Request request(int number) {
    ToolCall call = call(number);
    String proof = token.prove(holder, call, AUDIENCE).encodeBase64();
    return new Request(token.encodeBase64(), call, proof);
  }

  /** A copy of the request, as if it arrived anew: nothing is remembered of its call. */
  public Request again(Request request, int number) {
    return new Request(request.token(), call(number), request.proof());
  }

  /**
   * A verifier of such chains with the real clock, the default policy, and a new memory for proofs,
   * which it takes for an hour, so that a benchmark can make them beforehand.
   */
  public static VerifierBuilder verifier(PrivateKey root) {
    return verifier(root, null);
  }

  /**
   * A verifier as {@link #verifier(PrivateKey)} makes it.
   *
   * @param catalog what the calls mean; null if callers state that
   */
  public static VerifierBuilder verifier(PrivateKey root, @Nullable ToolCatalog catalog) {
    Clock clock = Clock.systemUTC();
    VerifierBuilder verifier = Verifier.trusting(RootKeys.of(root.publicKey()));
    return (catalog == null ? verifier.callerStatesMeaning() : verifier.catalog(catalog))
        .audience(AUDIENCE)
        .withoutRevocation()
        .clock(clock)
        .proofWindow(new AcceptedProofs.Window(HOUR, Duration.ofSeconds(30)));
  }

  /**
   * Decides about a request.
   *
   * @throws IllegalStateException if it is not allowed
   */
  public static CallDecision decide(Verifier verifier, Request request) {
    CallDecision decision =
        verifier.decide(Credentials.of(request.token(), request.proof()), request.call());
    if (!decision.allowed()) {
      throw new IllegalStateException(decision.explanation());
    }
    return decision;
  }
}
