package dev.taper.server.connect;

import dev.taper.SecretFile;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
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

  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      required = true,
      description = "File with the agent's own private key, which holds the token.")
  private Path key = Path.of("");

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
   *     cannot be read
   * @throws dev.taper.TaperException if it is no private key, or others can get at it
   */
  Signer signer() {
    return privateKey();
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
    return KeyFile.privateKey(secret(key), KeyFormat.AUTO, null, passphrase);
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
