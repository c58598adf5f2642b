package dev.taper.server.oidc;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of somebody in a token that was verified. Immutable if the claims' values
 * are left alone.
 *
 * @param subject who it is
 * @param claims all claims, by name; the values are those of JSON
 * @param audience whom the token is for
 * @param issued when it was made
 * @param end when it ends
 * @param id its own id ({@code jti}); null if it has none
 * @param nonce what its first asker chose; null if it has none
 * @param party the client that it was issued to ({@code azp}); null if it does not say
 */
public record Identity(
    Subject subject,
    Map<String, Object> claims,
    List<String> audience,
    Instant issued,
    Instant end,
    @Nullable String id,
    @Nullable String nonce,
    @Nullable String party) {
  /** Copies the collections. */
  public Identity {
    claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    audience = List.copyOf(audience);
  }

  /** Who it is; claims are nobody's business. */
  @Override
  public String toString() {
    return "Identity(" + subject + ")";
  }
}
