package dev.taper.server.listener;

import dev.taper.TaperException;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.server.process.FileReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What callers say to be answered, if anything. A caller has one secret in a file; who answers has
 * the same, or those of all callers, a line each, so that one caller's can be taken out. Immutable
 * and thread-safe.
 */
public final class CallerSecret {
  /** The field that has the secret. */
  public static final String FIELD = "Taper-Secret";

  /** Everybody who reaches the listener is answered. */
  public static final CallerSecret NONE = new CallerSecret(List.of());

  private static final int MAX_BYTES = 1 << 16;
  private static final int MIN_LENGTH = 16;

  /** How many callers have secrets of their own: a request is compared with all of them. */
  private static final int MAX_SECRETS = 200;

  private static final HttpAnswer REFUSED =
      HttpAnswer.of(
          HttpRefusal.of(403, "secret_required", "the field " + FIELD + " is not the secret"));

  private final List<String> secrets;

  private CallerSecret(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  /**
   * Reads one secret: a file's first line, of at least 16 visible characters.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is none
   * @throws TaperException {@link dev.taper.ErrorCode#SECRET_EXPOSED} if others can read it
   */
  public static CallerSecret in(Path file) {
    return of(lines(file).stream().limit(1).toList(), "the first line");
  }

  /**
   * Reads the secrets of all callers: each line of a file is one. A line that is empty, or begins
   * with {@code #} and so can say whose the next one is, is none.
   *
   * @throws OperationException as {@link #in}, or if there are too many, or one is there twice
   * @throws TaperException as {@link #in}
   */
  public static CallerSecret allIn(Path file) {
    List<String> lines =
        lines(file).stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    if (lines.size() > MAX_SECRETS || lines.stream().distinct().count() < lines.size()) {
      throw OperationException.usage(
          "the file of secrets has at most " + MAX_SECRETS + ", and each of them once");
    }
    return of(lines, "each line");
  }

  private static List<String> lines(Path file) {
    return new String(FileReason.secret(file, MAX_BYTES), StandardCharsets.US_ASCII)
        .lines()
        .toList();
  }

  private static CallerSecret of(List<String> secrets, String which) {
    if (secrets.isEmpty() || !secrets.stream().allMatch(CallerSecret::isSecret)) {
      throw OperationException.usage(
          which
              + " of the file of the secret has at least "
              + MIN_LENGTH
              + " letters, digits and signs, and no spaces");
    }
    return new CallerSecret(secrets);
  }

  private static boolean isSecret(String line) {
    return line.length() >= MIN_LENGTH && line.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** The secret itself, for the field. */
  public String said() {
    return secrets.get(0);
  }

  /** The answer to a request that does not say the secret; null if it does, or there is none. */
  public @Nullable HttpAnswer refusal(IncomingRequest request) {
    return isSaid(request.field(FIELD)) ? null : REFUSED;
  }

  /** True if these values are one of the secrets alone, or there is none; all are compared. */
  public boolean isSaid(List<String> values) {
    if (secrets.isEmpty() || values.size() != 1) {
      return secrets.isEmpty();
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
    return "CallerSecret";
  }
}
