package dev.taper.server.oidc;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider signs people in, as it says itself. Immutable and thread-safe.
 *
 * @param keys where it publishes its keys
 * @param authorization where a browser goes to sign in; null if the provider names no such place
 * @param token where a code is exchanged; null if the provider names no such place
 * @param endSession where a browser goes to sign out; null if the provider names no such place
 */
public record Endpoints(
    URI keys, @Nullable URI authorization, @Nullable URI token, @Nullable URI endSession) {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER = 1000;
  private static final JsonReader<IOException> JSON =
      JsonReader.of(MAX_DEPTH, ProviderPages.MAX_BYTES, MAX_NUMBER, IOException::new);

  /**
   * Reads what a provider says of itself.
   *
   * @param provider who says it
   * @param document JSON of OpenID Connect discovery
   * @throws IOException if it is no such document, or another provider's
   */
  public static Endpoints read(Provider provider, String document) throws IOException {
    JsonMembers<IOException> members = JSON.read(document, "what the provider says of itself");
    try {
      if (!provider.issuer().equals(members.textOrNull("issuer"))) {
        throw new IOException("the provider calls itself otherwise than it is configured");
      }
      URI keys = address(provider, members, "jwks_uri");
      if (keys == null) {
        throw new IOException("the provider publishes no keys");
      }
      return new Endpoints(
          keys,
          address(provider, members, "authorization_endpoint"),
          address(provider, members, "token_endpoint"),
          address(provider, members, "end_session_endpoint"));
    } catch (TaperException e) {
      throw new IOException("what the provider says of itself makes no sense", e);
    }
  }

  private static @Nullable URI address(
      Provider provider, JsonMembers<IOException> members, String name) throws IOException {
    String value = members.textOrNull(name);
    URI address = value == null ? null : Provider.address(value);
    boolean isPlain = address != null && "http".equals(address.getScheme());
    if (isPlain && !provider.issuer().startsWith("http:")) { // it would have us ask this machine
      throw new IOException("a provider elsewhere names an address of this machine");
    }
    return address;
  }
}
