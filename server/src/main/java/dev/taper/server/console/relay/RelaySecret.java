package dev.taper.server.console.relay;

import dev.taper.operations.OperationException;
import dev.taper.server.process.FileReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * What a console on a person's machine says to the role that relays: a secret that both have in a
 * file. Immutable and thread-safe.
 */
public final class RelaySecret {
  /** The field that has the secret. */
  static final String FIELD = "Taper-Secret";

  private static final int MAX_BYTES = 1 << 12;
  private static final int LEAST = 16;

  private final String secret;

  private RelaySecret(String secret) {
    this.secret = secret;
  }

  /**
   * Reads a secret: a file's first line, of at least 16 visible characters.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is none
   * @throws dev.taper.TaperException {@code secret_exposed} if others can read it
   */
  public static RelaySecret in(Path file) {
    String text = new String(FileReason.secret(file, MAX_BYTES), StandardCharsets.US_ASCII);
    String line = text.lines().findFirst().orElse("");
    if (line.length() < LEAST || line.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw OperationException.usage(
          "the first line of the file of the secret has at least "
              + LEAST
              + " letters, digits and signs, and no spaces");
    }
    return new RelaySecret(line);
  }

  /** The secret itself, for the field. */
  String said() {
    return secret;
  }

  /** True if these values are the secret alone. */
  boolean isSaid(List<String> values) {
    return values.size() == 1
        && MessageDigest.isEqual(
            secret.getBytes(StandardCharsets.UTF_8),
            values.get(0).getBytes(StandardCharsets.UTF_8));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "RelaySecret";
  }
}
