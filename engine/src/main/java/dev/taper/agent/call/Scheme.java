package dev.taper.agent.call;

import java.util.Locale;
import java.util.Map;

/** Schemes of URIs (RFC 3986, section 3.1). */
final class Scheme {
  private static final Map<String, Integer> PORTS =
      Map.ofEntries(
          Map.entry("ftp", 21),
          Map.entry("ftps", 990),
          Map.entry("http", 80),
          Map.entry("https", 443),
          Map.entry("ldap", 389),
          Map.entry("ldaps", 636),
          Map.entry("sftp", 22),
          Map.entry("ssh", 22),
          Map.entry("ws", 80),
          Map.entry("wss", 443));

  private Scheme() {}

  /** The index of the colon that ends the scheme starting at {@code start}, or -1. */
  static int end(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return i > start ? i : -1;
      }
      if (!isSchemeChar(c, i == start)) {
        return -1;
      }
    }
    return -1;
  }

  static boolean isSchemeChar(char c, boolean first) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
  }

  static String lower(String scheme) {
    return scheme.toLowerCase(Locale.ROOT);
  }

  /** The port that the scheme implies, or 0. */
  static int defaultPort(String scheme) {
    return PORTS.getOrDefault(scheme, 0);
  }

  /**
   * True for the schemes whose URLs browsers repair: one slash, backslashes or none at all will do.
   */
  static boolean isRepaired(String scheme) {
    return switch (scheme) {
      case "http", "https", "ws", "wss", "ftp", "file" -> true;
      default -> false;
    };
  }
}
