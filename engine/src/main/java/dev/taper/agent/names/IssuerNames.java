package dev.taper.agent.names;

import dev.taper.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Knows issuers by names that stay when their root keys change, so that what is counted for one of
 * them goes on being counted. Used from any thread.
 */
@FunctionalInterface
public interface IssuerNames {
  /** Knows nobody: every root key counts for itself. */
  static IssuerNames none() {
    return key -> null;
  }

  /** The stable name of the issuer that has a root key; null if it is not known. */
  @Nullable String name(PublicKey rootKey);
}
