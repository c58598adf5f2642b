package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;

/** The private key that a command signs with. */
public final class PrivateKeyInput extends Arguments {
  private static final String VARIABLE = "TAPER_PRIVATE_KEY";

  private final Value<@Nullable String> key =
      option(
              "-k, --key",
              "FILE",
              "File with the private key, - for standard input, or keeper:NAME for one that a"
                  + " keeper has. Default: the variable TAPER_PRIVATE_KEY.")
          .text();

  private final Value<@Nullable String> variable =
      option("--key-env", "NAME", "Environment variable that holds the private key.").text();

  private final Value<KeyFormat> format =
      option(
              "--key-format",
              "FORMAT",
              "Its format: ${COMPLETION-CANDIDATES}. Default: text or pem, whichever it is.")
          .oneOf(Names.KEY_FORMATS, KeyFormat.AUTO);

  private final Value<@Nullable Algorithm> algorithm =
      option(
              "--key-algorithm",
              "NAME",
              "The algorithm of a raw key: ${COMPLETION-CANDIDATES}. Default: ed25519.")
          .oneOf(Names.ALGORITHMS);

  private final PassphraseOptions passphrase =
      part(
          new PassphraseOptions(
              "",
              "File whose first line opens an encrypted PEM key.",
              "Environment variable whose value opens an encrypted PEM key."));

  private final Flag exposed =
      flag(
          "--accept-readable-key",
          "Take the key, or its passphrase, from a file that others can read or change.");

  /**
   * Where the key comes from.
   *
   * @throws CliException if it is not given, or twice
   */
  public KeyInput input(Console console) {
    KeyInput input = optional(console);
    if (input == null) {
      throw CliException.usage("the private key is missing: use --key FILE, or set " + VARIABLE);
    }
    return input;
  }

  /**
   * Where the key comes from; null if it is not given.
   *
   * @throws CliException if it is given twice
   */
  public @Nullable KeyInput optional(Console console) {
    Source opening = passphrase.source();
    Source source = Source.exclusive(key, variable);
    if (key.get() != null) {
      source = KeyInput.privateSource(key.get());
      if (source instanceof Source.Keeper) {
        new GivenOptions()
            .add(format, algorithm)
            .add("--passphrase-file or --passphrase-env", opening != null)
            .refuseWith("keeper:NAME");
      }
    }
    if (source == null) {
      if (console.variable(VARIABLE) == null) {
        return null;
      }
      source = new Source.Variable(VARIABLE);
    }
    return new KeyInput(source, format.get(), algorithm.get(), opening, exposed.given());
  }
}
