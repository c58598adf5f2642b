package dev.taper.server.console.relay;

import dev.taper.operations.OperationException;
import dev.taper.server.process.FileReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * What consoles on people's machines say to the role that relays. A console has one secret in a
 * file; the role's file has those of all consoles, a line each, so that one person's can be taken
 * out. Immutable and thread-safe.
 */
public final class RelaySecret {
  /** The field that has the secret. */
  static final String FIELD = "Taper-Secret";

  private static final int MAX_BYTES = 1 << 16;
  private static final int LEAST = 16;

  /** How many consoles have secrets of their own: a request is compared with all of them. */
  private static final int MOST = 200;

  private final List<String> secrets;

  private RelaySecret(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  /**
   * Reads a console's secret: a file's first line, of at least 16 visible characters.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is none
   * @throws dev.taper.TaperException {@code secret_exposed} if others can read it
   */
  public static RelaySecret in(Path file) {
    return of(lines(file).stream().limit(1).toList(), "the first line");
  }

  /**
   * Reads the secrets of all consoles: each line of a file is one. A line that is empty, or begins
   * with {@code #} and so can say whose the next one is, is none.
   *
   * @throws OperationException as {@link #in}, or if there are too many, or one is there twice
   * @throws dev.taper.TaperException as {@link #in}
   */
  public static RelaySecret allIn(Path file) {
    List<String> lines =
        lines(file).stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    if (lines.size() > MOST || lines.stream().distinct().count() < lines.size()) {
      throw OperationException.usage(
          "the file of secrets has at most " + MOST + ", and each of them once");
    }
    return of(lines, "each line");
  }

  private static List<String> lines(Path file) {
    return new String(FileReason.secret(file, MAX_BYTES), StandardCharsets.US_ASCII)
        .lines()
        .toList();
  }

  private static RelaySecret of(List<String> secrets, String which) {
    if (secrets.isEmpty() || !secrets.stream().allMatch(RelaySecret::isSecret)) {
      throw OperationException.usage(
          which
              + " of the file of the secret has at least "
              + LEAST
              + " letters, digits and signs, and no spaces");
    }
    return new RelaySecret(secrets);
  }

  /** The secret itself, for the field. */
  String said() {
    return secrets.get(0);
  }

  /** True if these values are one of the secrets alone; it takes as long, whichever it is. */
  boolean isSaid(List<String> values) {
    if (values.size() != 1) {
      return false;
    }
    byte[] said = values.get(0).getBytes(StandardCharsets.UTF_8);
    boolean isOne = false;
    for (String secret : secrets) {
      isOne |= MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), said);
    }
    return isOne;
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "RelaySecret";
  }

  private static boolean isSecret(String line) {
    return line.length() >= LEAST && line.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
