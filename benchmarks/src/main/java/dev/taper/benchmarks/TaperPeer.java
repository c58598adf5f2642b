package dev.taper.benchmarks;

import dev.taper.authorizer.Decision;
import dev.taper.authorizer.MatchedPolicy;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.SignatureBackend;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/**
 * Taper. Prepared once: the root key; and with {@code prepared} the policy set, compiled from the
 * authorizer's check and policies, and the 4 facts about the request as parsed facts, which are
 * given to every authorization anew.
 */
final class TaperPeer implements Peer {
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
  static TaperPeer create(String backend, boolean prepared) {
    System.setProperty("taper.crypto.backend", backend);
    String used = SignatureBackend.preferred().name();
    if (!used.equals(backend)) {
      throw new IllegalStateException("the signature backend is " + used + ", not " + backend);
    }
    return new TaperPeer(prepared);
  }

  private static AuthorizerCode withoutFacts(AuthorizerCode code) {
    Block block = code.block();
    return new AuthorizerCode(
        new Block(null, block.scopes(), List.of(), block.rules(), block.checks()), code.policies());
  }

  @Override
  public int authorize(byte[] bytes) {
    Token token = UnverifiedToken.decode(bytes).verify(root);
    Decision decision =
        prepared
            ? policies.authorizer(token).facts(facts).run().decide()
            : PolicySet.of(Datalog.authorizer(text)).authorizer(token).run().decide();
    MatchedPolicy policy = decision.policy();
    if (!decision.allowed() || policy == null) {
      throw new IllegalStateException("not allowed: " + decision);
    }
    return policy.index();
  }
}
