package dev.taper.cli.service;

import dev.taper.cli.io.Source;

/** Which root keys to trust. */
public sealed interface RootKeyInput {
  /**
   * One key, whatever the token's root key id.
   *
   * @param key where it comes from
   */
  record Single(KeyInput key) implements RootKeyInput {}

  /**
   * The keys of a key set.
   *
   * @param source where it comes from
   */
  record Set(Source source) implements RootKeyInput {}
}
