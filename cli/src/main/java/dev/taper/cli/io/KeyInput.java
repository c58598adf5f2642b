package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a key comes from.
 *
 * @param source where
 * @param format how it is written
 * @param algorithm the algorithm of raw bytes, or null for what their length says, else Ed25519
 * @param passphrase what opens an encrypted PEM document, or null
 * @param exposed whether a file of a private key is taken although others can get at it
 */
public record KeyInput(
    Source source,
    KeyFormat format,
    @Nullable Algorithm algorithm,
    @Nullable Source passphrase,
    boolean exposed) {
  /** What stands before the name of a key that a keeper has. */
  private static final String KEEPER = "keeper:";

  /** A private key in a file, on standard input for {@code -}, or of a keeper. */
  public static KeyInput file(String name) {
    return new KeyInput(privateSource(name), KeyFormat.AUTO, null, null, false);
  }

  /** A public key's text, or else a file. */
  public static KeyInput written(String key) {
    return new KeyInput(source(key), KeyFormat.AUTO, null, null, false);
  }

  /**
   * Where a private key is: a file, standard input, or a keeper.
   *
   * @throws CliException for the text of a key
   */
  static Source privateSource(String file) {
    if (isText(file, "-private/")) {
      throw invalid(
          "a private key does not stand on a command line, where others see it: put it into a"
              + " file, and replace it");
    }
    if (isText(file, "/")) {
      throw invalid(
          "this is a public key, where the file of a private one belongs: its holder signs with"
              + " the private half");
    }
    return file.startsWith(KEEPER)
        ? new Source.Keeper(KeeperClient.name(file.substring(KEEPER.length())))
        : Source.ofFile(file);
  }

  private static CliException invalid(String message) {
    return new CliException(ExitCode.USAGE, "invalid_key", message, null);
  }

  /**
   * Where a public key is: its text, a file, or standard input.
   *
   * @throws CliException for the text of a private key
   */
  static Source source(String key) {
    if (isText(key, "-private/")) {
      throw invalid(
          "this is a private key, where a public one belongs, and others may have seen it on the"
              + " command line: replace it");
    }
    return isText(key, "/") ? new Source.Text(key) : Source.ofFile(key);
  }

  /** Whether it is the text of a key itself, private or public, and no file. */
  static boolean isText(String written) {
    return isText(written, "-private/") || isText(written, "/");
  }

  private static boolean isText(String written, String behindAlgorithm) {
    for (Algorithm known : Algorithm.values()) {
      if (written.startsWith(known.text() + behindAlgorithm)) {
        return true;
      }
    }
    return false;
  }
}
