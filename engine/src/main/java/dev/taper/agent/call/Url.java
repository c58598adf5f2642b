package dev.taper.agent.call;

import dev.taper.ErrorCode;

/**
 * A URL with an authority, taken apart. Everything that readers of URLs are known to disagree about
 * is refused: user information, backslashes, white space, escapes in hosts, empty ports, dot
 * segments.
 *
 * @param scheme in lower case
 * @param host the host; only a {@code file} URL may leave it empty, which is this machine
 * @param port the port named or implied by the scheme, or 0
 * @param path starts with a slash; without query and fragment
 */
record Url(String scheme, Host host, int port, String path) {
  private static final Host THIS_MACHINE = new Host("", HostClass.LOOPBACK, null);
  private static final int MAX_SCHEME = 32;

  static Url parse(String text, ErrorCode code, String subject) {
    int colon = Scheme.end(text, 0);
    if (colon < 0 || colon > MAX_SCHEME || !text.startsWith("//", colon + 1)) {
      throw Text.refuse(code, subject, "does not start with a scheme and '://'");
    }
    checkCharacters(text, code, subject);
    String scheme = Scheme.lower(text.substring(0, colon));
    int authority = colon + 3;
    int pathStart = endOf(text, authority, "/?#");
    int pathEnd = endOf(text, pathStart, "?#");
    String path = text.substring(pathStart, pathEnd);
    checkPath(path, code, subject);
    if (pathStart == authority && scheme.equals("file")) {
      return new Url(scheme, THIS_MACHINE, 0, path.isEmpty() ? "/" : path);
    }
    String hostAndPort = text.substring(authority, pathStart);
    if (hostAndPort.indexOf('@') >= 0) {
      throw Text.refuse(code, subject, "has user information");
    }
    int portColon = hostAndPort.indexOf(':', Math.max(0, hostAndPort.indexOf(']')));
    String host = portColon < 0 ? hostAndPort : hostAndPort.substring(0, portColon);
    int port =
        portColon < 0
            ? Scheme.defaultPort(scheme)
            : port(hostAndPort.substring(portColon + 1), code, subject);
    Host parsed = Host.parse(host, code, subject);
    if (scheme.equals("file") && parsed.text().equals("localhost")) {
      parsed = THIS_MACHINE; // RFC 8089, section 2
    }
    return new Url(scheme, parsed, port, path.isEmpty() ? "/" : path);
  }

  /**
   * A string that a service declares to be a URL or host: without its scheme, it starts with the
   * host and has the empty scheme.
   */
  static Url parseDeclared(String text, ArgumentType.Reading reading, String subject) {
    ErrorCode code = ErrorCode.AMBIGUOUS_URL;
    if (reading == ArgumentType.Reading.HOST) {
      return new Url("", Host.parse(text, code, subject), 0, "/");
    }
    // What forgiving readers take for a URL is one only if it is spelled like one.
    if (Shape.of(text, subject) == Shape.URL) {
      return parse(text, code, subject);
    }
    if (Scheme.end(text, 0) >= 0 && !hasPort(text)) {
      throw Text.refuse(code, subject, "has a scheme without '//' after it");
    }
    Url url = parse("x://" + text, code, subject);
    return new Url("", url.host(), url.port(), url.path());
  }

  /** True if what looks like a scheme is a host, because digits follow its colon. */
  private static boolean hasPort(String text) {
    int colon = text.indexOf(':');
    int end = endOf(text, colon + 1, "/?#");
    return colon + 1 < end
        && text.substring(colon + 1, end).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Scheme, host and port in their one spelling: a port that the scheme implies is left out. */
  String origin() {
    String start = scheme + "://" + host.text();
    return port == Scheme.defaultPort(scheme) ? start : start + ":" + port;
  }

  /**
   * The origin that a URL without path, query and fragment names, in its one spelling.
   *
   * @throws dev.taper.TaperException {@link ErrorCode#AMBIGUOUS_URL} if it has more than one
   *     reading
   */
  static String originOf(String url, String subject) {
    Url parsed = parse(url, ErrorCode.AMBIGUOUS_URL, subject);
    if (endOf(url, url.indexOf("://") + 3, "/?#") != url.length()) {
      throw Text.refuse(ErrorCode.AMBIGUOUS_URL, subject, "has more than scheme, host and port");
    }
    return parsed.origin();
  }

  private static void checkCharacters(String text, ErrorCode code, String subject) {
    Text.visible(text, code, subject);
    if (text.indexOf(' ') >= 0) {
      throw Text.refuse(code, subject, "holds a space");
    }
    if (text.indexOf('\\') >= 0) {
      throw Text.refuse(code, subject, "holds a backslash");
    }
  }

  private static void checkPath(String path, ErrorCode code, String subject) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) >= 0x80) {
        throw Text.refuse(
            code,
            subject,
            "has " + Text.name(path.codePointAt(i)) + " in its path without an escape");
      }
    }
    Segments.check(path, 0, code, subject);
  }

  private static int port(String digits, ErrorCode code, String subject) {
    int port = 0;
    for (int i = 0; i < digits.length() && i < 6; i++) {
      char c = digits.charAt(i);
      port = c >= '0' && c <= '9' && port >= 0 ? port * 10 + (c - '0') : -1;
    }
    if (digits.isEmpty() || digits.startsWith("0") || port < 1 || port > 65_535) {
      throw Text.refuse(code, subject, "has a port that is not a number from 1 to 65535");
    }
    return port;
  }

  /** The index of the first of the given characters, or the end. */
  private static int endOf(String text, int from, String ends) {
    for (int i = from; i < text.length(); i++) {
      if (ends.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
