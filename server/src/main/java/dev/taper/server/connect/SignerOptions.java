package dev.taper.server.connect;

import dev.taper.SecretFile;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which key an agent signs with. */
final class SignerOptions {
  private static final int MAX_BYTES = 64 * 1024;
  private static final String KEEPER = "keeper:";

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
   * @throws OperationException {@code usage} if a passphrase is missing, {@code io} if a file
   *     cannot be read; what a keeper says, such as {@code unknown_key}
   * @throws dev.taper.TaperException if it is no private key, or others can get at it
   */
  OwnKey key() {
    String name = keeperName(key);
    if (name == null) {
      return OwnKey.here(privateKey());
    }
    if (passphraseFile != null || passphraseVariable != null || isExposed) {
      throw OperationException.usage(
          "--passphrase-file, --passphrase-env and --accept-readable-key go without keeper:NAME");
    }
    return OwnKey.of(KeeperClient.at(socket()), name);
  }

  /** What a keeper calls the key; null if it is in a file. */
  @Nullable String keeperName() {
    return keeperName(key);
  }

  /**
   * What a keeper calls a key or token.
   *
   * @param given {@code keeper:NAME}, or a file
   * @return null for a file
   * @throws OperationException {@code usage} if a keeper has no such names
   */
  static @Nullable String keeperName(String given) {
    return given.startsWith(KEEPER) ? KeeperClient.name(given.substring(KEEPER.length())) : null;
  }

  private static Path socket() {
    return KeeperClient.socket(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  private PrivateKey privateKey() {
    if (passphraseFile != null && passphraseVariable != null) {
      throw OperationException.usage("--passphrase-file and --passphrase-env exclude each other");
    }
    Supplier<char[]> passphrase = null;
    Path file = passphraseFile;
    String variable = passphraseVariable;
    if (file != null) {
      passphrase = () -> firstLine(new String(secret(file), StandardCharsets.UTF_8));
    } else if (variable != null) {
      passphrase = () -> variable(variable);
    }
    return KeyFile.privateKey(secret(Path.of(key)), KeyFormat.AUTO, null, passphrase);
  }

  private byte[] secret(Path file) {
    try {
      return isExposed
          ? SecretFile.readThoughOthersCan(file, MAX_BYTES)
          : SecretFile.read(file, MAX_BYTES);
    } catch (IOException e) {
      throw OperationException.io("cannot read " + file, e);
    }
  }

  private static char[] firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    if (line.isEmpty()) {
      throw OperationException.usage("the passphrase is empty");
    }
    return line.toCharArray();
  }

  private static char[] variable(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw OperationException.usage("the environment variable " + name + " is not set");
    }
    return value.toCharArray();
  }
}
