package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The private key that a command signs with. */
public final class PrivateKeyInput {
  private static final String VARIABLE = "TAPER_PRIVATE_KEY";

  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      description =
          "File with the private key, or - for standard input."
              + " Default: the variable TAPER_PRIVATE_KEY.")
  private @Nullable String key;

  @Option(
      names = "--key-env",
      paramLabel = "NAME",
      description = "Environment variable that holds the private key.")
  private @Nullable String variable;

  @Option(
      names = "--key-format",
      paramLabel = "FORMAT",
      completionCandidates = KeyFormatNames.class,
      converter = KeyFormatNames.class,
      description = "Its format: ${COMPLETION-CANDIDATES}. Default: text or pem, whichever it is.")
  private KeyFormat format = KeyFormat.AUTO;

  @Option(
      names = "--key-algorithm",
      paramLabel = "NAME",
      completionCandidates = AlgorithmNames.class,
      converter = AlgorithmNames.class,
      description = "The algorithm of a raw key: ${COMPLETION-CANDIDATES}. Default: ed25519.")
  private @Nullable Algorithm algorithm;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens an encrypted PEM key.")
  private @Nullable String passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable whose value opens an encrypted PEM key.")
  private @Nullable String passphraseVariable;

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
    Source passphrase =
        exclusive("--passphrase-file", passphraseFile, "--passphrase-env", passphraseVariable);
    Source source = exclusive("--key", key, "--key-env", variable);
    if (source == null) {
      if (console.variable(VARIABLE) == null) {
        return null;
      }
      source = new Source.Variable(VARIABLE);
    }
    return new KeyInput(source, format, algorithm, passphrase);
  }

  /** The source that a file option or a variable option names; null if neither was given. */
  public static @Nullable Source exclusive(
      String fileOption, @Nullable String file, String variableOption, @Nullable String variable) {
    if (file != null && variable != null) {
      throw CliException.usage(fileOption + " and " + variableOption + " exclude each other");
    }
    if (file != null) {
      return Source.ofFile(file);
    }
    return variable == null ? null : new Source.Variable(variable);
  }
}
