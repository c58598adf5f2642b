package dev.taper.server.connect;

import dev.taper.operations.OperationException;
import dev.taper.server.process.KeySource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which key an agent signs with. */
final class SignerOptions {
  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      required = true,
      description =
          "File with the agent's own private key, which holds the token; or keeper:NAME for one"
              + " that a keeper has.")
  private String key = "";

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens an encrypted PEM key.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable whose value opens an encrypted PEM key.")
  private @Nullable String passphraseVariable;

  @Option(
      names = "--accept-readable-key",
      description = "Take the key, or its passphrase, from a file that others can read or change.")
  private boolean isExposed;

  /**
   * The key, or what signs with it.
   *
   * @throws OperationException or {@link dev.taper.TaperException} as {@link KeySource#open}
   */
  OwnKey key() {
    KeySource source = new KeySource(key, passphraseFile, passphraseVariable, isExposed);
    return keeperName() == null
        ? OwnKey.here(source.open())
        : OwnKey.of(source.open(), KeySource.keeper());
  }

  /** The environment variable with the passphrase; null without. */
  @Nullable String passphraseVariable() {
    return passphraseVariable;
  }

  /** What a keeper calls the key; null if it is in a file. */
  @Nullable String keeperName() {
    return KeySource.keeperName(key);
  }
}
