package dev.taper.benchmarks.peer;

import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.PolicySet;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.Workload;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Taper. Prepared once: the root key; and with {@code prepared} the policy set, compiled from the
 * authorizer's check and policies, and the 4 facts about the request as parsed facts, which are
 * given to every authorization anew.
 */
public final class TaperPeer implements Peer {
  private static final RunLimits LIFTED =
      new RunLimits(10_000_000, 1_000_000, 1L << 50, Duration.ofMinutes(10));

  private final boolean prepared;
  private final RootKeys root;
  private final String text;
  private final PolicySet policies;
  private final List<Fact> facts;

  private TaperPeer(boolean prepared) {
    this.prepared = prepared;
    this.root = RootKeys.of(PublicKey.of(Algorithm.ED25519, Workload.rootKey()));
    this.text = Workload.authorizer();
    AuthorizerCode code = Datalog.authorizer(text);
    this.facts = code.block().facts();
    this.policies = PolicySet.of(withoutFacts(code));
  }

  /**
   * The peer with a signature backend. The backend is chosen once for a JVM, so this works once in
   * each; JMH starts a JVM for every combination of parameters.
   *
   * @throws IllegalStateException if the JVM uses another backend already, or has none of the name
   */
  public static TaperPeer create(String backend, boolean prepared) {
    Backend.use(backend);
    return new TaperPeer(prepared);
  }

  static IntSupplier evaluation(List<String> facts, List<String> rules, List<String> policies) {
    StringBuilder text = new StringBuilder();
    for (List<String> statements : List.of(facts, rules, policies)) {
      statements.forEach(statement -> text.append(statement).append(";\n"));
    }
    PolicySet program = PolicySet.of(Datalog.authorizer(text.toString()));
    return () -> policy(program.authorizer().limits(LIFTED));
  }

  private static AuthorizerCode withoutFacts(AuthorizerCode code) {
    Block block = code.block();
    return new AuthorizerCode(
        new Block(null, block.scopes(), List.of(), block.rules(), block.checks()), code.policies());
  }

  /** The root key that the workload's tokens are verified with. */
  public RootKeys root() {
    return root;
  }

  @Override
  public int authorize(byte[] bytes) {
    return authorize(UnverifiedToken.decode(bytes).verify(root));
  }

  @Override
  public IntSupplier keep(byte[] bytes) {
    Token token = UnverifiedToken.decode(bytes).verify(root);
    return () -> authorize(token);
  }

  /** Authorizes a verified token. */
  public int authorize(Token token) {
    return policy(
        prepared
            ? policies.authorizer(token).facts(facts)
            : PolicySet.of(Datalog.authorizer(text)).authorizer(token));
  }

  private static int policy(Authorizer authorizer) {
    Decision decision = authorizer.authorize();
    MatchedPolicy policy = decision.policy();
    if (!decision.allowed() || policy == null) {
      throw new IllegalStateException("not allowed: " + decision);
    }
    return policy.index();
  }
}
