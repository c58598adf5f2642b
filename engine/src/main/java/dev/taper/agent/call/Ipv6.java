package dev.taper.agent.call;

import org.jspecify.annotations.Nullable;

/**
 * IPv6 addresses (RFC 4291, section 2.2), without zones. Written back in the lower-case, shortest
 * form of RFC 5952, always in hexadecimal.
 *
 * <p>Classes follow the IANA IPv6 Special-Purpose Address Registry. An address that carries an IPv4
 * address (mapped, translated, compatible, NAT64, 6to4, Teredo, ISATAP) has the class of that
 * address, and is never public.
 */
final class Ipv6 {
  private static final int GROUPS = 8;

  private Ipv6() {}

  /** The eight groups, or null if the text is no address. */
  static int @Nullable [] parse(String text) {
    int[] groups = new int[GROUPS];
    int count = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && text.charAt(end) != ':') {
        end++;
      }
      String part = text.substring(at, end);
      if (end == text.length() && part.indexOf('.') >= 0) {
        long v4 = Ipv4.parse(part);
        if (v4 < 0 || count + 2 > GROUPS) {
          return null;
        }
        groups[count++] = (int) (v4 >>> 16);
        groups[count++] = (int) (v4 & 0xffff);
        at = end;
        break;
      }
      int group = group(part);
      if (group < 0 || count == GROUPS) {
        return null;
      }
      groups[count++] = group;
      at = end;
      if (at == text.length()) {
        break;
      }
      at++; // the colon
      if (at == text.length()) {
        return null;
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = count;
        at++;
      }
    }
    return spread(groups, count, gap);
  }

  /** Fills the gap that {@code ::} stands for, which must be at least one group. */
  private static int @Nullable [] spread(int[] groups, int count, int gap) {
    if (gap < 0) {
      return count == GROUPS ? groups : null;
    }
    if (count == GROUPS) {
      return null;
    }
    int[] spread = new int[GROUPS];
    System.arraycopy(groups, 0, spread, 0, gap);
    System.arraycopy(groups, gap, spread, GROUPS - (count - gap), count - gap);
    return spread;
  }

  /** One group of one to four hexadecimal digits, or -1. */
  private static int group(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  static String format(int[] groups) {
    int bestStart = -1;
    int bestLength = 1; // a single zero group is not shortened
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder out = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == bestStart) {
        out.append("::");
        i += bestLength - 1;
        continue;
      }
      if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
        out.append(':');
      }
      out.append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }

  static HostClass classOf(int[] g) {
    int low = g[6] << 16 | g[7];
    if (isZero(g, 0, 6)) { // unspecified, loopback, IPv4-compatible
      if (low == 0) {
        return HostClass.RESERVED;
      }
      return low == 1 ? HostClass.LOOPBACK : Ipv4.classOfEmbedded(low);
    }
    if (isZero(g, 0, 5) && g[5] == 0xffff) { // IPv4-mapped
      return Ipv4.classOfEmbedded(low);
    }
    if (isZero(g, 0, 4) && g[4] == 0xffff && g[5] == 0) { // IPv4-translated (RFC 2765)
      return Ipv4.classOfEmbedded(low);
    }
    if (g[0] == 0x64 && g[1] == 0xff9b && isZero(g, 2, 6)) { // NAT64 (RFC 6052)
      return Ipv4.classOfEmbedded(low);
    }
    if ((g[0] & 0xfe00) == 0xfc00 || (g[0] & 0xffc0) == 0xfec0) { // unique local, old site-local
      return HostClass.PRIVATE;
    }
    if ((g[0] & 0xffc0) == 0xfe80) {
      return HostClass.LINK_LOCAL;
    }
    if ((g[0] & 0xe000) != 0x2000) { // outside global unicast
      return HostClass.RESERVED;
    }
    return classOfGlobal(g, low);
  }

  private static HostClass classOfGlobal(int[] g, int low) {
    if (g[0] == 0x2002) { // 6to4 (RFC 3056)
      return Ipv4.classOfEmbedded(g[1] << 16 | g[2]);
    }
    if (g[0] == 0x2001 && g[1] == 0) { // Teredo (RFC 4380) stores the client's address inverted
      return Ipv4.classOfEmbedded(~low);
    }
    boolean special =
        (g[0] == 0x2001 && g[1] < 0x200) // IETF protocol assignments
            || (g[0] == 0x2001 && g[1] == 0xdb8) // documentation
            || (g[0] == 0x3fff && g[1] < 0x1000) // documentation
            || (g[0] == 0x2620 && g[1] == 0x4f && g[2] == 0x8000); // AS112
    if (special) {
      return HostClass.RESERVED;
    }
    if ((g[4] & ~0x200) == 0 && g[5] == 0x5efe) { // ISATAP (RFC 5214)
      return Ipv4.classOfEmbedded(low);
    }
    return HostClass.PUBLIC;
  }

  private static boolean isZero(int[] groups, int from, int to) {
    for (int i = from; i < to; i++) {
      if (groups[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
