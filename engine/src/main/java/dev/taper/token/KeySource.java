package dev.taper.token;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;

/** Where the throw-away keys between blocks come from; tests put known keys here. */
@FunctionalInterface
interface KeySource {
  /** New keys from the platform's secure random generator. */
  KeySource RANDOM = PrivateKey::generate;

  /** A key that was never used before. */
  PrivateKey next(Algorithm algorithm);
}
