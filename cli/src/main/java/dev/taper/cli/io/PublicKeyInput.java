package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The root key or key set that a token is verified with. */
public final class PublicKeyInput {
  @Option(
      names = {"-p", "--public-key"},
      paramLabel = "KEY",
      description = "Root public key: its text (ed25519/..., secp256r1/...), a file, or -.")
  private @Nullable String key;

  @Option(
      names = "--public-key-format",
      paramLabel = "FORMAT",
      completionCandidates = KeyFormatNames.class,
      converter = KeyFormatNames.class,
      description = "Its format: ${COMPLETION-CANDIDATES}. Default: text or pem, whichever it is.")
  private KeyFormat format = KeyFormat.AUTO;

  @Option(
      names = "--public-key-algorithm",
      paramLabel = "NAME",
      completionCandidates = AlgorithmNames.class,
      converter = AlgorithmNames.class,
      description = "The algorithm of a raw key: ${COMPLETION-CANDIDATES}. Default: by its length.")
  private @Nullable Algorithm algorithm;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "Key set (JSON) with the trusted root keys; the token's root key id chooses.")
  private @Nullable String keySet;

  /** The root keys to trust; null if none was given. */
  public @Nullable RootKeyInput input() {
    if (key != null && keySet != null) {
      throw CliException.usage("--public-key and --keys exclude each other");
    }
    if (keySet != null) {
      return new RootKeyInput.Set(Source.ofFile(keySet));
    }
    return key == null
        ? null
        : new RootKeyInput.Single(new KeyInput(source(key), format, algorithm, null));
  }

  /**
   * The root keys to trust.
   *
   * @throws CliException if none was given
   */
  public RootKeyInput required() {
    RootKeyInput input = input();
    if (input == null) {
      throw CliException.usage(
          "a root key is needed to verify the token: use --public-key or --keys");
    }
    return input;
  }

  /** A key's text, or else a file. */
  public static Source source(String key) {
    for (Algorithm known : Algorithm.values()) {
      if (key.startsWith(known.text() + "/")) {
        return new Source.Text(key);
      }
    }
    return Source.ofFile(key);
  }
}
