package dev.taper.operations;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** URLs of servers, as people write them. */
public final class WebUrl {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  private WebUrl() {}

  /**
   * Reads an {@code http} or {@code https} URL that has a host, and no user, query or fragment.
   *
   * @return null for anything else
   */
  public static @Nullable URI plain(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
    String scheme = lower(uri.getScheme());
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    return isWeb
            && uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
        ? uri
        : null;
  }

  /** True if nobody in between can change what the server answers: https, or this machine. */
  public static boolean isPrivate(URI uri) {
    return lower(uri.getScheme()).equals("https")
        || LOOPBACK.matcher(lower(uri.getHost())).matches();
  }

  /** True if a URL names no page of its server. */
  public static boolean isRoot(URI uri) {
    String path = String.valueOf(uri.getRawPath());
    return path.isEmpty() || path.equals("/");
  }

  private static String lower(@Nullable String text) {
    return String.valueOf(text).toLowerCase(Locale.ROOT);
  }
}
