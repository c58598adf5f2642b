package dev.taper.server.serve.decide;

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
 * What a service or proxy says to be answered, if anything: a secret that both have in a file.
 * Immutable and thread-safe.
 */
public final class CallerSecret {
  /** The field that has the secret. */
  public static final String FIELD = "Taper-Secret";

  /** Everybody who reaches the listener is answered. */
  public static final CallerSecret NONE = new CallerSecret(null);

  private static final int MAX_BYTES = 1 << 12;
  private static final int LEAST = 16;
  private static final HttpAnswer REFUSED =
      HttpAnswer.of(
          HttpRefusal.of(403, "secret_required", "the field " + FIELD + " is not the secret"));

  private final byte @Nullable [] secret;

  private CallerSecret(byte @Nullable [] secret) {
    this.secret = secret;
  }

  /**
   * Reads a secret: a file's first line, of at least 16 visible characters.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is none
   * @throws TaperException {@link dev.taper.ErrorCode#SECRET_EXPOSED} if others can read it
   */
  public static CallerSecret in(Path file) {
    String text = new String(FileReason.secret(file, MAX_BYTES), StandardCharsets.US_ASCII);
    String line = text.lines().findFirst().orElse("");
    if (line.length() < LEAST || line.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw OperationException.usage(
          "the first line of the file of the secret has at least "
              + LEAST
              + " letters, digits and signs, and no spaces");
    }
    return new CallerSecret(line.getBytes(StandardCharsets.US_ASCII));
  }

  /** The answer to a request that does not say the secret; null if it does, or there is none. */
  @Nullable HttpAnswer refusal(IncomingRequest request) {
    return isSaid(request.field(FIELD)) ? null : REFUSED;
  }

  /** True if these values are the secret alone, or there is none. */
  boolean isSaid(List<String> values) {
    return secret == null
        || (values.size() == 1
            && MessageDigest.isEqual(secret, values.get(0).getBytes(StandardCharsets.UTF_8)));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "CallerSecret";
  }
}
