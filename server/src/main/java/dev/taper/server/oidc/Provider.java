package dev.taper.server.oidc;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider of sign-ins, as it is configured. Immutable and thread-safe.
 *
 * @param issuer its name, exactly as in its tokens' {@code iss}: a URL
 * @param keys where it publishes its keys; null to find that by discovery, below its name
 * @param algorithms the algorithms whose signatures are taken, none of which is symmetric
 */
public record Provider(String issuer, @Nullable URI keys, Set<String> algorithms) {
  /** The algorithms that are taken unless others are named. */
  public static final Set<String> DEFAULT_ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if an address is no https URL (http
   *     does for this machine alone), or an algorithm is none of {@link #DEFAULT_ALGORITHMS}
   */
  public Provider {
    var unused = address(issuer);
    if (keys != null) {
      unused = address(keys.toString());
    }
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty() || !DEFAULT_ALGORITHMS.containsAll(algorithms)) {
      throw wrong("the algorithms of a provider are some of " + DEFAULT_ALGORITHMS);
    }
  }

  /** A provider whose keys are found by discovery. */
  public static Provider of(String issuer) {
    return new Provider(issuer, null, DEFAULT_ALGORITHMS);
  }

  /** Returns a copy whose keys are published at an address. */
  public Provider keys(URI newKeys) {
    return new Provider(issuer, newKeys, algorithms);
  }

  /** Returns a copy that takes other algorithms. */
  public Provider algorithms(Set<String> newAlgorithms) {
    return new Provider(issuer, keys, newAlgorithms);
  }

  /** Where a provider is asked what it has. */
  URI discovery() {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return address(base + "/.well-known/openid-configuration");
  }

  /**
   * Takes an address of a provider.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if traffic to it could be read
   */
  static URI address(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw wrong("an address of a provider is no URL");
    }
    String host = uri.getHost();
    boolean isOwn = "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
    boolean isSafe = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isOwn);
    if (host == null || !isSafe || uri.getFragment() != null || uri.getUserInfo() != null) {
      throw wrong("an address of a provider is an https URL (http on this machine alone)");
    }
    return uri;
  }

  private static TaperException wrong(String why) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, why);
  }
}
