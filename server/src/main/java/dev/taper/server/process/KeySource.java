package dev.taper.server.process;

import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a key is with which a process signs: in a file, encrypted or not, or with a keeper. Nothing
 * is read before it is opened. Immutable and thread-safe.
 *
 * @param written a file, or {@code keeper:NAME}
 * @param passphraseFile whose first line opens an encrypted file; null without
 * @param passphraseVariable the environment variable that does; null without
 * @param isExposed whether a file is taken that others can read or change
 */
public record KeySource(
    String written,
    @Nullable Path passphraseFile,
    @Nullable String passphraseVariable,
    boolean isExposed) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final String KEEPER = "keeper:";

  /** A key of an own process. */
  public KeySource {
    if (passphraseFile != null && passphraseVariable != null) {
      throw OperationException.usage("--passphrase-file and --passphrase-env exclude each other");
    }
    if (keeperName(written) != null
        && (passphraseFile != null || passphraseVariable != null || isExposed)) {
      throw OperationException.usage(
          "options about a key's file and its passphrase go without keeper:NAME");
    }
  }

  /**
   * One of several keys of a process, with a passphrase for those of them that are files.
   *
   * @param written a file, or {@code keeper:NAME}
   * @param passphraseFile whose first line opens encrypted files; null without
   */
  public static KeySource oneOf(String written, @Nullable Path passphraseFile) {
    return new KeySource(written, keeperName(written) == null ? passphraseFile : null, null, false);
  }

  /**
   * What a keeper calls a key or token.
   *
   * @param given {@code keeper:NAME}, or a file
   * @return null for a file
   * @throws OperationException {@code usage} if a keeper has no such names
   */
  public static @Nullable String keeperName(String given) {
    return given.startsWith(KEEPER) ? KeeperClient.name(given.substring(KEEPER.length())) : null;
  }

  /** The keeper of this process's user. */
  public static KeeperClient keeper() {
    return KeeperClient.at(
        KeeperClient.socket(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  /**
   * What signs: the key itself, which {@link KeyFile#wipe} leaves nothing of, or the keeper.
   *
   * @throws OperationException {@code usage} if a passphrase is missing, {@code io} if a file
   *     cannot be read; what a keeper says, such as {@code unknown_key}
   * @throws TaperException if it is no private key, or others can get at it
   */
  public Signer open() {
    String name = keeperName(written);
    if (name != null) {
      return keeper().signer(name);
    }
    Supplier<char[]> passphrase = null;
    Path file = passphraseFile;
    String variable = passphraseVariable;
    if (file != null) {
      passphrase = () -> firstLine(new String(secret(file), StandardCharsets.UTF_8));
    } else if (variable != null) {
      passphrase = () -> variable(variable);
    }
    Path own = Path.of(written);
    byte[] secret = secret(own);
    try {
      return KeyFile.privateKey(secret, KeyFormat.AUTO, null, passphrase);
    } catch (TaperException e) {
      throw FileReason.named(own, e);
    }
  }

  private byte[] secret(Path file) {
    if (!isExposed) {
      return FileReason.secret(file, MAX_BYTES);
    }
    try {
      return SecretFile.readThoughOthersCan(file, MAX_BYTES);
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
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
