package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.key.KeyFormat;
import dev.taper.trust.RootKeySet;
import java.time.Clock;
import java.util.Objects;
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

  /** Which of these options name a key. */
  public GivenOptions given() {
    return new GivenOptions().add("--public-key", key != null).add("--keys", keySet != null);
  }

  /**
   * True if root keys are given.
   *
   * @throws CliException if they are given twice
   */
  public boolean isGiven() {
    if (key != null && keySet != null) {
      throw CliException.usage("--public-key and --keys exclude each other");
    }
    return key != null || keySet != null;
  }

  /**
   * These options; root keys must be given.
   *
   * @throws CliException if none was given
   */
  public PublicKeyInput required() {
    if (!isGiven()) {
      throw CliException.usage(
          "a root key is needed to verify the token: use --public-key or --keys");
    }
    return this;
  }

  /**
   * Reads the root keys to trust.
   *
   * @param inputs where they come from
   * @param clock what time it is for those that end
   * @throws dev.taper.TaperException if they are none
   */
  public RootKeys read(Inputs inputs, Clock clock) {
    if (keySet != null) {
      return RootKeySet.read(inputs.text(Source.ofFile(keySet), InputKind.KEY_SET), clock);
    }
    Source source = KeyInput.source(Objects.requireNonNull(key));
    return RootKeys.of(new Keys(inputs).publicKey(new KeyInput(source, format, algorithm, null)));
  }
}
