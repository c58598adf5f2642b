package dev.taper.policies.cases;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationTerms;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.token.HeldToken;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Makes or loads the tokens of cases. Described tokens are made once, with keys derived from names.
 */
final class TokenMaker {
  private static final Block NOTHING = Block.builder().build();
  private static final Duration FIRST_LIFETIME = Duration.ofHours(1);

  private final PrivateKey root = key("root");
  private final Map<String, PrivateKey> keys = new HashMap<>();
  private final Map<Made, StoredToken> made = new HashMap<>();

  private record Made(TokenSpec spec, Instant issued) {}

  /** The key of a holder. */
  PrivateKey holder(String name) {
    return keys.computeIfAbsent(name, TokenMaker::key);
  }

  /** Derives a key for tests only; everybody can derive it. */
  private static PrivateKey key(String name) {
    byte[] seed = Digests.sha256(("policy case, key of " + name).getBytes(StandardCharsets.UTF_8));
    return PrivateKey.of(Algorithm.ED25519, seed);
  }

  /**
   * The token of a case.
   *
   * @param issued the time at which it is made, if it is not made yet
   */
  StoredToken token(CaseToken token, Instant issued) {
    if (token instanceof StoredToken stored) {
      return stored;
    }
    return made.computeIfAbsent(new Made((TokenSpec) token, issued), TokenMaker.this::make);
  }

  private StoredToken make(Made described) {
    TokenSpec spec = described.spec();
    Clock clock = Clock.fixed(described.issued(), ZoneOffset.UTC);
    TokenSpec.HopSpec first = spec.hops().get(0);
    Delegation delegation =
        terms(Delegation.by(spec.delegator()).to(agent(first.holder())).task(spec.task()), first);
    if (first.expires() == null) {
      delegation = delegation.expiresIn(FIRST_LIFETIME);
    }
    AgentToken token = Issuer.of(root).clock(clock).mint(delegation);
    if (!spec.authority().equals(NOTHING)) {
      Block block = token.token().blocks().get(0).block();
      Block more = block.toBuilder().merge(spec.authority()).build();
      HeldToken held =
          HeldToken.mint(root, more, holder(first.holder()).publicKey(), OptionalInt.empty());
      token = AgentToken.of(held.unverified());
    }
    PrivateKey key = holder(first.holder());
    for (TokenSpec.HopSpec hop : spec.hops().subList(1, spec.hops().size())) {
      token = token.delegate(key, terms(Hop.to(agent(hop.holder())), hop), clock);
      key = holder(hop.holder());
    }
    return switch (spec.mode()) {
      case HELD -> new StoredToken(token, root.publicKey(), key);
      case BEARER ->
          new StoredToken(token.delegate(key, Hop.toBearer(), clock), root.publicKey(), null);
      case SEALED -> new StoredToken(token.seal(key), root.publicKey(), null);
    };
  }

  private Agent agent(String name) {
    return Agent.of(name, holder(name).publicKey());
  }

  private static <T extends DelegationTerms<T>> T terms(T start, TokenSpec.HopSpec hop) {
    T terms = start;
    for (String grant : hop.grants()) {
      terms = terms.grant(grant);
    }
    if (hop.expires() != null) {
      terms = terms.expiresIn(hop.expires());
    }
    if (!hop.audience().isEmpty()) {
      terms = terms.audience(hop.audience().toArray(new String[0]));
    }
    return hop.maxDepth() == null ? terms : terms.maxDepth(hop.maxDepth());
  }
}
