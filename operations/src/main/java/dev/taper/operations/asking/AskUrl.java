package dev.taper.operations.asking;

import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where an ask is. Immutable and thread-safe.
 *
 * @param uri an absolute URL with the path of an ask
 */
record AskUrl(URI uri) {
  private static final Pattern PATH = Pattern.compile("(/.*)?/v1/asks/[A-Za-z0-9_-]{22}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  /**
   * Reads a URL.
   *
   * @param unencrypted true to take {@code http} beyond this machine
   * @throws OperationException {@code usage} for another URL
   */
  static AskUrl parse(String text, boolean unencrypted) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(text);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    boolean web = scheme.equals("http") || scheme.equals("https");
    if (!web
        || host == null
        || uri.getUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !PATH.matcher(uri.getRawPath()).matches()) {
      throw wrong(text);
    }
    boolean here = LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    if (scheme.equals("http") && !here && !unencrypted) {
      throw OperationException.usage(
          "without https whoever is in between can change what is asked: use https://"
              + host
              + ", or --unencrypted");
    }
    return new AskUrl(uri);
  }

  private static OperationException wrong(String text) {
    return OperationException.usage(
        "an ask is at a URL such as https://jira.example.com/v1/asks/ID, not at "
            + Place.shown(text));
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
