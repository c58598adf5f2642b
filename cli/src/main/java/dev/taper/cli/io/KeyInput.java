package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a key comes from.
 *
 * @param source where
 * @param format how it is written
 * @param algorithm the algorithm of raw bytes, or null for what their length says, else Ed25519
 * @param passphrase what opens an encrypted PEM document, or null
 */
public record KeyInput(
    Source source, KeyFormat format, @Nullable Algorithm algorithm, @Nullable Source passphrase) {
  /** A key in a file, or on standard input for {@code -}. */
  public static KeyInput file(String name) {
    return new KeyInput(Source.ofFile(name), KeyFormat.AUTO, null, null);
  }

  /** A public key's text, or else a file. */
  public static KeyInput written(String key) {
    return new KeyInput(source(key), KeyFormat.AUTO, null, null);
  }

  static Source source(String key) {
    for (Algorithm known : Algorithm.values()) {
      if (key.startsWith(known.text() + "/")) {
        return new Source.Text(key);
      }
    }
    return Source.ofFile(key);
  }
}
