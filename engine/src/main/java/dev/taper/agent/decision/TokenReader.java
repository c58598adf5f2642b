package dev.taper.agent.decision;

import dev.taper.DecodeLimits;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.RootKeys;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import org.jspecify.annotations.Nullable;

/** Turns tokens into verified chains, with or without a cache. */
final class TokenReader {
  private final RootKeys rootKeys;
  private final DecodeLimits limits;
  private final @Nullable TokenCache cache;

  TokenReader(RootKeys rootKeys, DecodeLimits limits, @Nullable TokenCache cache) {
    this.rootKeys = rootKeys;
    this.limits = limits;
    this.cache = cache;
  }

  /** Reads for a service, by the root keys that it trusts. */
  static TokenReader of(Service service) {
    return new TokenReader(
        service.rules.rootKeys(), service.shared.decodeLimits, service.shared.tokenCache);
  }

  /**
   * Says whose a token is, if it was verified before and that is known without verifying anything.
   */
  MemoryShare party(String token) {
    return cache == null ? CallLimit.STRANGERS : party(cache.known(token, rootKeys));
  }

  MemoryShare party(UnverifiedToken token) {
    return cache == null ? CallLimit.STRANGERS : party(cache.known(token.encode(), rootKeys));
  }

  private static MemoryShare party(@Nullable VerifiedChain known) {
    return known == null ? CallLimit.STRANGERS : DelegationChain.of(known).memoryShare();
  }

  /** Prepares for the signatures of the root keys. */
  void pinRootKeys() {
    try {
      KnownKeys.pin(rootKeys.prepared());
    } catch (RuntimeException e) {
      // Whoever cannot say now which keys are trusted is asked again for every token.
    }
  }

  /** Decodes a token without verifying it, for refusals that need no signatures. */
  UnverifiedToken decode(String token) {
    return UnverifiedToken.decode(token, limits);
  }

  VerifiedChain verify(String token, VerifiedChain.FirstBlockCheck check) {
    return cache == null
        ? decode(token).verifyAny(rootKeys, check)
        : cache.verifyAny(token, rootKeys, check);
  }

  VerifiedChain verify(UnverifiedToken token, VerifiedChain.FirstBlockCheck check) {
    return cache == null
        ? token.verifyAny(rootKeys, check)
        : cache.verifyAny(token, rootKeys, check);
  }
}
