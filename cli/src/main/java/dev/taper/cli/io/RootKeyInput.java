package dev.taper.cli.io;


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
