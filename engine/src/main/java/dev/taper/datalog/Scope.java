package dev.taper.datalog;

import dev.taper.crypto.PublicKey;

/** Says whose facts a block, rule or query trusts besides its own and the authorizer's. */
public sealed interface Scope {
  /** The authority block. */
  record Authority() implements Scope {
    @Override
    public String toString() {
      return "authority";
    }
  }

  /** All earlier blocks; without meaning in an authorizer. */
  record Previous() implements Scope {
    @Override
    public String toString() {
      return "previous";
    }
  }

  /**
   * Every block with an external signature by a key.
   *
   * @param publicKey the key
   */
  record Key(PublicKey publicKey) implements Scope {
    @Override
    public String toString() {
      return publicKey.toString();
    }
  }
}
