package dev.taper.token;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;

/** Supplies the throw-away keys between blocks; tests use known keys. */
@FunctionalInterface
interface KeySource {
  /** Supplies new keys from the platform's secure random generator. */
  KeySource RANDOM = PrivateKey::generate;

  /** Returns a key that was never used before. */
  PrivateKey next(Algorithm algorithm);
}
