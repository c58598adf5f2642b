package dev.taper.server.signin;

import dev.taper.SecretFile;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this process is known at a provider. Immutable and thread-safe.
 *
 * @param id the client's id
 * @param secretFile a file of its owner alone, whose first line is the client's secret; null for a
 *     client without one
 * @param scopes what is asked for; {@code openid} is added
 * @param roles which claims give which roles
 */
public record SignInClient(
    String id, @Nullable Path secretFile, Set<String> scopes, RoleMapping roles) {
  private static final int MAX_SECRET = 4096;

  /** Copies the scopes. */
  public SignInClient {
    scopes = Set.copyOf(scopes);
  }

  /**
   * The client's secret, read now; null if it has none.
   *
   * @throws OperationException {@code io} if the file cannot be read
   * @throws dev.taper.TaperException {@code secret_exposed} if others can get at it
   */
  @Nullable String secret() {
    if (secretFile == null) {
      return null;
    }
    try {
      String text = new String(SecretFile.read(secretFile, MAX_SECRET), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw OperationException.io("cannot read " + secretFile + ": " + e.getMessage(), e);
    }
  }
}
