package dev.taper.server.issuer;

import dev.taper.agent.decision.Verifier;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Signer;
import dev.taper.server.oidc.IdentityTokens;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What an issuer is made of. Immutable.
 *
 * @param issuer its name, a URL: proofs cover it, and the links that it gives start with it
 * @param trusted whom it believes what
 * @param offered what it gives
 * @param signing how it signs
 * @param kept what it must not forget
 * @param clock what time it is
 */
public record IssuerParts(
    String issuer, Trusted trusted, Offered offered, Signing signing, Kept kept, Clock clock) {
  /** How often an agent may exchange and renew in a minute, together, unless that is set. */
  public static final int DEFAULT_TURNS = 600;

  /**
   * Whom an issuer believes what.
   *
   * @param providers who says who people are; none twice
   * @param people who may delegate, and as whom
   * @param agents who may ask
   */
  public record Trusted(List<TrustedProvider> providers, People people, EnrolledAgents agents) {
    /** Copies the list. */
    public Trusted {
      providers = List.copyOf(providers);
    }
  }

  /**
   * A provider, and whom its tokens must be for.
   *
   * @param tokens verifies them
   * @param audience this issuer, as the provider calls it in {@code aud}
   */
  public record TrustedProvider(IdentityTokens tokens, String audience) {}

  /**
   * What an issuer gives.
   *
   * @param templates the most of each kind; none of a name twice
   * @param policies who gets what of it, asked as calls of the tool {@code taper.grant}
   * @param turnsPerMinute how often an agent may exchange and renew in a minute, together
   */
  public record Offered(List<Template> templates, PolicySet policies, int turnsPerMinute) {
    /** Copies the list. */
    public Offered {
      templates = List.copyOf(templates);
    }
  }

  /**
   * How an issuer signs.
   *
   * @param root the root key
   * @param keyId its id, for verifiers with several
   * @param verifier trusts that key, and knows what is revoked; asked for again at each use
   */
  public record Signing(Signer root, OptionalInt keyId, Supplier<Verifier> verifier) {}

  /**
   * What an issuer must not forget. Each memory is for this alone; replicas share them.
   *
   * @param proofs which proofs of exchanges were used
   * @param subjects which subject tokens were used
   * @param records what was issued and decided
   */
  public record Kept(ReplayMemory proofs, ReplayMemory subjects, Records records) {}
}
