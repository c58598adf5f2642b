package dev.taper.server.oidc;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import java.io.IOException;
import java.net.URI;
import java.util.SortedMap;
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
  /**
   * Reads what a provider says of itself.
   *
   * @param provider who says it
   * @param document JSON of OpenID Connect discovery
   * @throws IOException if it is no such document, or another provider's
   */
  public static Endpoints read(Provider provider, String document) throws IOException {
    try {
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(document);
      if (!provider.issuer().equals(member(members, "issuer"))) {
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

  private static @Nullable String member(SortedMap<String, String> members, String name) {
    String value = members.get(name);
    return value == null ? null : CanonicalJson.string(value, name);
  }

  private static @Nullable URI address(
      Provider provider, SortedMap<String, String> members, String name) throws IOException {
    String value = member(members, name);
    URI address = value == null ? null : Provider.address(value);
    boolean isPlain = address != null && "http".equals(address.getScheme());
    if (isPlain && !provider.issuer().startsWith("http:")) { // it would have us ask this machine
      throw new IOException("a provider elsewhere names an address of this machine");
    }
    return address;
  }
}
