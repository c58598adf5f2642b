package dev.taper.server.issuer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Digests;
import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.issuer.IssuerParts.TrustedProvider;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of people, from the providers that are configured, each used once and for a day at
 * most: what was used has to be remembered as long as it could be used again. Thread-safe.
 */
final class SubjectTokens {
  static final Duration LONGEST = Duration.ofDays(1);

  private final Map<String, TrustedProvider> sources = new HashMap<>();

  /**
   * A memory takes what was made before the last that it forgot for used. Tokens end at times of
   * their own, so each counts as made a fixed time before its end: forgetting goes by that order.
   */
  private static final Duration BEFORE_END = Duration.ofDays(1);

  private final ReplayMemory memory;
  private final Clock clock;

  /**
   * Takes the tokens of providers.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is there twice
   */
  SubjectTokens(List<TrustedProvider> providers, ReplayMemory memory, Clock clock) {
    this.memory = memory;
    this.clock = clock;
    for (TrustedProvider provider : providers) {
      String issuer = provider.tokens().provider().issuer();
      if (sources.put(issuer, provider) != null) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a provider is there twice: " + issuer);
      }
    }
  }

  /** Verifies a token; nothing is used yet. */
  Identity verify(String token) throws ExchangeException {
    String claimed = IdentityTokens.claimedIssuer(token);
    TrustedProvider source = claimed == null ? null : sources.get(claimed);
    if (source == null) {
      throw new ExchangeException(
          OauthError.INVALID_REQUEST,
          claimed == null ? "subject_malformed" : "subject_issuer",
          claimed == null
              ? "the subject token is no signed JWT"
              : "the subject token is of an issuer that is not trusted here");
    }
    try {
      Identity identity = source.tokens().verify(token, source.audience());
      if (!clock.instant().isBefore(end(identity))) {
        throw new IdentityException(
            IdentityException.Code.EXPIRED, "the token was made more than a day ago");
      }
      return identity;
    } catch (IdentityException e) {
      if (e.code() == IdentityException.Code.UNAVAILABLE) {
        throw ExchangeException.unavailable();
      }
      throw new ExchangeException(
          OauthError.INVALID_REQUEST,
          "subject_" + e.code().text(),
          "the subject token is not taken: " + e.getMessage());
    }
  }

  private static Instant end(Identity identity) {
    Instant last = identity.issued().plus(LONGEST);
    return identity.end().isBefore(last) ? identity.end() : last;
  }

  /**
   * Uses a token, once: by its id and nonce where it has them, and by what was signed. Its
   * signature does not count, because ECDSA has two for everything signed.
   */
  void use(String token, Identity identity, String delegator) throws ExchangeException {
    Set<String> ids = new LinkedHashSet<>();
    String issuer = identity.subject().issuer();
    ids.add("jwt " + token.substring(0, token.lastIndexOf('.')));
    if (identity.id() != null) {
      ids.add("jti " + issuer + " " + identity.id());
    }
    if (identity.nonce() != null) {
      ids.add("nonce " + issuer + " " + identity.nonce());
    }
    for (String id : ids) {
      if (!isFirst(id, end(identity), issuer, delegator)) {
        throw new ExchangeException(
            OauthError.INVALID_REQUEST, "subject_replayed", "the subject token was used before");
      }
    }
  }

  /**
   * Uses something once, which is remembered until it has ended by itself; a full memory refuses
   * and forgets nothing.
   *
   * @param id names it among all others
   * @param provider whose part of the memory it takes: who may state people without end must leave
   *     room to others
   * @param delegator whose part of that
   */
  private boolean isFirst(String id, Instant until, String provider, String delegator) {
    Instant end = Instant.ofEpochMilli(until.toEpochMilli());
    ReplayMemory.Use use = new ReplayMemory.Use(Digests.sha256Hex(id), end.minus(BEFORE_END), end);
    MemoryShare share = MemoryShare.of(provider, delegator.getBytes(StandardCharsets.UTF_8));
    return memory.claim(use, share, clock.instant());
  }

  /** Names an exchange among those that wait: token, agent and what is asked for. */
  static String key(ExchangeRequest request, EnrolledAgent agent) {
    return Digests.sha256Hex(
        request.subjectToken() + '\n' + request.details() + '\n' + agent.key());
  }
}
