package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.key.KeyFormat;
import dev.taper.trust.RootKeySet;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The root key or key set that a token is verified with. */
public final class PublicKeyInput extends Arguments {
  private final Value<@Nullable String> key =
      option(
              "-p, --public-key",
              "KEY",
              "Root public key: its text (ed25519/..., secp256r1/...), a file, or -.")
          .text();

  private final Value<KeyFormat> format =
      option(
              "--public-key-format",
              "FORMAT",
              "Its format: ${COMPLETION-CANDIDATES}. Default: text or pem, whichever it is.")
          .oneOf(Names.KEY_FORMATS, KeyFormat.AUTO);

  private final Value<@Nullable Algorithm> algorithm =
      option(
              "--public-key-algorithm",
              "NAME",
              "The algorithm of a raw key: ${COMPLETION-CANDIDATES}. Default: by its length.")
          .oneOf(Names.ALGORITHMS);

  private final Value<@Nullable String> keySet =
      option(
              "--keys",
              "FILE",
              "Key set (JSON) with the trusted root keys; the token's root key id chooses.")
          .text();

  /** Which of these options name a key on the command line itself. */
  public GivenOptions written() {
    return new GivenOptions()
        .add("--public-key", key.isWritten())
        .add("--keys", keySet.isWritten());
  }

  /**
   * True if root keys are given.
   *
   * @throws CliException if they are given twice
   */
  @Override
  public boolean isGiven() {
    GivenOptions.exclude(key, keySet);
    return key.get() != null || keySet.get() != null;
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
    if (keySet.get() != null) {
      return RootKeySet.read(inputs.text(Source.ofFile(keySet.get()), InputKind.KEY_SET), clock);
    }
    Source source = KeyInput.source(Objects.requireNonNull(key.get()));
    return RootKeys.of(
        new Keys(inputs)
            .publicKey(new KeyInput(source, format.get(), algorithm.get(), null, false)));
  }
}
