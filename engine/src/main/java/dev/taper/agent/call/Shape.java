package dev.taper.agent.call;

import dev.taper.ErrorCode;

/** What a string argument will be taken for. */
enum Shape {
  /** Neither a URL nor a path. */
  PLAIN,
  /** A URL: a scheme, then {@code ://}. */
  URL,
  /** A path: starts with a slash. */
  PATH;

  /**
   * The shape of a value.
   *
   * <p>Readers of URLs drop leading spaces and control characters, and tabs and line breaks
   * anywhere; browsers also repair {@code http:/host}. A value that is a URL only after such
   * repairs would escape every rule about URLs, so it is refused.
   */
  static Shape of(String value, String subject) {
    if (value.startsWith("/")) {
      return PATH;
    }
    String repaired = repaired(value);
    int colon = Scheme.end(repaired, 0);
    if (colon < 0) {
      return PLAIN;
    }
    boolean hasAuthority = repaired.startsWith("//", colon + 1);
    if (hasAuthority && value.startsWith(repaired)) {
      return URL;
    }
    if (hasAuthority || Scheme.isRepaired(Scheme.lower(repaired.substring(0, colon)))) {
      throw Text.refuse(
          ErrorCode.AMBIGUOUS_URL, subject, "is a URL only after dropping or adding characters");
    }
    return PLAIN;
  }

  /** The scheme of a value, its colon and two more characters, as a forgiving reader sees them. */
  private static String repaired(String value) {
    StringBuilder seen = new StringBuilder();
    int afterColon = -1;
    for (int i = 0; i < value.length() && afterColon != 2; i++) {
      char c = value.charAt(i);
      boolean leading = seen.length() == 0 && (c <= ' ' || isOtherSpace(c));
      if (leading || c == '\t' || c == '\n' || c == '\r') {
        continue;
      }
      if (afterColon < 0 && c != ':' && !Scheme.isSchemeChar(c, seen.length() == 0)) {
        return "";
      }
      seen.append(c);
      if (c == ':' || afterColon >= 0) {
        afterColon++;
      }
    }
    return seen.toString();
  }

  private static boolean isOtherSpace(char c) {
    return c >= 0x80 && (Character.isSpaceChar(c) || c == 0x85 || c == 0xfeff || c == 0x200b);
  }
}
