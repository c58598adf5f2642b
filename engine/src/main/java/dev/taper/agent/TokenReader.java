package dev.taper.agent;

import dev.taper.DecodeLimits;
import dev.taper.crypto.RootKeys;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import org.jspecify.annotations.Nullable;

/** How a verifier gets from a token to a verified chain: with or without a cache, the same way. */
final class TokenReader {
  private final RootKeys rootKeys;
  private final DecodeLimits limits;
  private final @Nullable TokenCache cache;

  TokenReader(RootKeys rootKeys, DecodeLimits limits, @Nullable TokenCache cache) {
    this.rootKeys = rootKeys;
    this.limits = limits;
    this.cache = cache;
  }

  /** Only decodes a token, for what can be refused before its signatures are looked at. */
  UnverifiedToken decode(String token) {
    return UnverifiedToken.decode(token, limits);
  }

  VerifiedChain verify(String token) {
    return cache == null ? decode(token).verifyAny(rootKeys) : cache.verifyAny(token, rootKeys);
  }

  VerifiedChain verify(byte[] token) {
    return cache == null
        ? UnverifiedToken.decode(token, limits).verifyAny(rootKeys)
        : cache.verifyAny(token, rootKeys);
  }

  VerifiedChain verify(UnverifiedToken token) {
    return cache == null ? token.verifyAny(rootKeys) : cache.verifyAny(token, rootKeys);
  }

  @Nullable TokenCache cache() {
    return cache;
  }
}
