package dev.taper.operations.login;

import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.WebUrl;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** URLs of providers and issuers: https, or http on this machine alone. */
final class ServerUrl {
  private static final int LONGEST = 1024;

  private ServerUrl() {}

  /**
   * Reads the URL that something is called by.
   *
   * @param what is called so, for the message
   * @throws OperationException {@code usage} if it is no such URL
   */
  static URI named(String text, String what) {
    URI uri = read(text);
    if (uri == null || uri.getRawQuery() != null) {
      throw OperationException.usage(
          what
              + " is called by a URL such as https://login.example.com (http on this machine"
              + " alone), not "
              + Place.shown(text));
    }
    return uri;
  }

  /**
   * Reads the URL of an issuer, whose name is its origin.
   *
   * @return the URL in its one spelling, without the slash that may stand at its end
   * @throws OperationException {@code usage} if it is no such URL
   */
  static URI issuer(String text) {
    URI unusedUrl = named(text, "an issuer"); // https, or on this machine
    String origin = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      var unused = SentHttp.of("POST", origin, "/");
    } catch (TaperException e) {
      throw OperationException.usage(
          "an issuer is called such as https://issuer.example.com, in small letters and with nothing"
              + " behind it, not "
              + Place.shown(text));
    }
    return URI.create(origin);
  }

  /** Reads a URL that a server gave; null if it is none that may be asked. */
  static @Nullable URI read(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      return null;
    }
    boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    return isWeb && WebUrl.isPrivate(uri) ? uri : null;
  }

  /**
   * Reads a URL that a server states of itself.
   *
   * @return null if it is none, or if a server elsewhere names one of this machine: it would be
   *     told secrets, or a browser be sent to what only this machine reaches
   */
  static @Nullable URI stated(@Nullable String text, URI by) {
    URI uri = read(text);
    boolean isPlain = uri != null && "http".equals(uri.getScheme());
    return isPlain && !"http".equals(by.getScheme()) ? null : uri;
  }

  /** The same URL with another path behind its own. */
  static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }
}
