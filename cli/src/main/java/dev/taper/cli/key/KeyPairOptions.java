package dev.taper.cli.key;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Names;
import dev.taper.cli.io.PassphraseOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;

/** What key pair to make and where to put it. */
final class KeyPairOptions extends Arguments {
  private final Value<@Nullable Algorithm> algorithm =
      option(
              "-a, --algorithm",
              "NAME",
              "${COMPLETION-CANDIDATES}. Default: ed25519. With --from: the algorithm of a raw key.")
          .oneOf(Names.ALGORITHMS);

  final Value<@Nullable String> privateFile =
      option("-o, --out", "FILE", "File for the private key. Default: standard output.").text();

  final Value<@Nullable String> publicFile =
      option(
              "--public-out",
              "FILE",
              "File for the public key. Default: beside the private key, as .pub.")
          .text();

  final Value<KeyFormat> format =
      option("--format", "FORMAT", "${COMPLETION-CANDIDATES}. Default: text.")
          .oneOf(Names.KEY_FORMATS, KeyFormat.TEXT);

  private final PassphraseOptions passphrase =
      part(
          new PassphraseOptions(
              "",
              "Encrypt the private key (pem) with the first line of a file.",
              "Encrypt the private key (pem) with the value of an environment variable."));

  private final Value<@Nullable String> from =
      option(
              "--from",
              "FILE",
              "Use this private key (a file, or - for standard input) instead of a new one.")
          .text();

  private final Value<@Nullable String> fromVariable =
      option(
              "--from-env",
              "NAME",
              "Use the private key in an environment variable instead of a new one.")
          .text();

  private final Value<KeyFormat> fromFormat =
      option("--from-format", "FORMAT", "Its format. Default: text or pem, whichever it is.")
          .oneOf(Names.KEY_FORMATS, KeyFormat.AUTO);

  private final PassphraseOptions fromPassphrase =
      part(
          new PassphraseOptions(
              "from-",
              "File whose first line opens it, if it is an encrypted PEM key.",
              "Environment variable whose value opens it, if it is an encrypted PEM key."));

  final Flag exposed =
      flag(
          "--accept-readable-key",
          "Take the existing key, or a passphrase, from a file that others can read or change.");

  private final Flag onlyPublic = flag("--only-public", "Write only the public key.");

  private final Flag onlyPrivate = flag("--only-private", "Write only the private key.");

  final Flag force = flag("--force", "Replace existing files.");

  /** Which keys to write. */
  enum Parts {
    /** Both. */
    BOTH,
    /** Only the private key. */
    PRIVATE,
    /** Only the public key. */
    PUBLIC
  }

  /**
   * Refuses options that contradict each other.
   *
   * @throws CliException if they do
   */
  void check() {
    GivenOptions.exclude(onlyPublic, onlyPrivate);
    if (passphrase() != null && format.get() != KeyFormat.PEM) {
      throw CliException.usage("only a PEM key can be encrypted: use --format pem");
    }
    KeyInput unused = from();
  }

  /** The algorithm of a new key. */
  Algorithm algorithm() {
    return algorithm.get() == null ? Algorithm.ED25519 : algorithm.get();
  }

  /** What encrypts the PEM document of the private key, or null. */
  @Nullable Source passphrase() {
    return passphrase.source();
  }

  Parts parts() {
    return onlyPublic.given() ? Parts.PUBLIC : onlyPrivate.given() ? Parts.PRIVATE : Parts.BOTH;
  }

  /**
   * An existing private key to use instead of a new one, or null.
   *
   * @throws CliException if the options contradict each other
   */
  @Nullable KeyInput from() {
    Source source = Source.exclusive(from, fromVariable);
    if (source == null) {
      return null;
    }
    if (algorithm.get() != null && fromFormat.get() != KeyFormat.RAW) {
      throw CliException.usage(
          "--algorithm is for a new key, or for a raw one: a text or PEM key has its own");
    }
    return new KeyInput(
        source, fromFormat.get(), algorithm.get(), fromPassphrase.source(), exposed.given());
  }
}
