package dev.taper.cli.key;

import dev.taper.cli.io.AlgorithmNames;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.KeyFormatNames;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What key pair to make and where to put it. */
final class KeyPairOptions {
  @Option(
      names = {"-a", "--algorithm"},
      paramLabel = "NAME",
      completionCandidates = AlgorithmNames.class,
      converter = AlgorithmNames.class,
      description =
          "${COMPLETION-CANDIDATES}. Default: ed25519. With --from: the algorithm of a raw key.")
  private @Nullable Algorithm algorithm;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "File for the private key. Default: standard output.")
  @Nullable String privateFile;

  @Option(
      names = "--public-out",
      paramLabel = "FILE",
      description = "File for the public key. Default: beside the private key, as .pub.")
  @Nullable String publicFile;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = KeyFormatNames.class,
      converter = KeyFormatNames.class,
      description = "${COMPLETION-CANDIDATES}. Default: text.")
  KeyFormat format = KeyFormat.TEXT;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Encrypt the private key (pem) with the first line of a file.")
  private @Nullable String passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Encrypt the private key (pem) with the value of an environment variable.")
  private @Nullable String passphraseVariable;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Use this private key (a file, or - for standard input) instead of a new one.")
  private @Nullable String from;

  @Option(
      names = "--from-env",
      paramLabel = "NAME",
      description = "Use the private key in an environment variable instead of a new one.")
  private @Nullable String fromVariable;

  @Option(
      names = "--from-format",
      paramLabel = "FORMAT",
      completionCandidates = KeyFormatNames.class,
      converter = KeyFormatNames.class,
      description = "Its format. Default: text or pem, whichever it is.")
  private KeyFormat fromFormat = KeyFormat.AUTO;

  @Option(
      names = "--from-passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens it, if it is an encrypted PEM key.")
  private @Nullable String fromPassphraseFile;

  @Option(
      names = "--from-passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable whose value opens it, if it is an encrypted PEM key.")
  private @Nullable String fromPassphraseVariable;

  @Option(names = "--only-public", description = "Write only the public key.")
  private boolean onlyPublic;

  @Option(names = "--only-private", description = "Write only the private key.")
  private boolean onlyPrivate;

  @Option(names = "--force", description = "Replace existing files.")
  boolean force;

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
    if (onlyPublic && onlyPrivate) {
      throw CliException.usage("--only-public and --only-private exclude each other");
    }
    if (passphrase() != null && format != KeyFormat.PEM) {
      throw CliException.usage("only a PEM key can be encrypted: use --format pem");
    }
    KeyInput unused = from();
  }

  /** The algorithm of a new key. */
  Algorithm algorithm() {
    return algorithm == null ? Algorithm.ED25519 : algorithm;
  }

  /** What encrypts the PEM document of the private key, or null. */
  @Nullable Source passphrase() {
    return PrivateKeyInput.exclusive(
        "--passphrase-file", passphraseFile, "--passphrase-env", passphraseVariable);
  }

  Parts parts() {
    return onlyPublic ? Parts.PUBLIC : onlyPrivate ? Parts.PRIVATE : Parts.BOTH;
  }

  /**
   * An existing private key to use instead of a new one, or null.
   *
   * @throws CliException if the options contradict each other
   */
  @Nullable KeyInput from() {
    Source source = PrivateKeyInput.exclusive("--from", from, "--from-env", fromVariable);
    if (source == null) {
      return null;
    }
    if (algorithm != null && fromFormat != KeyFormat.RAW) {
      throw CliException.usage(
          "--algorithm is for a new key, or for a raw one: a text or PEM key has its own");
    }
    Source passphrase =
        PrivateKeyInput.exclusive(
            "--from-passphrase-file",
            fromPassphraseFile,
            "--from-passphrase-env",
            fromPassphraseVariable);
    return new KeyInput(source, fromFormat, algorithm, passphrase);
  }
}
