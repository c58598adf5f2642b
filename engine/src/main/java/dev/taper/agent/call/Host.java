package dev.taper.agent.call;

import dev.taper.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host as a URL names it.
 *
 * @param text in lower case; an IPv6 address in brackets
 * @param hostClass where it lies
 * @param ip its {@linkplain IpNetwork bits}, if it is an address; else null
 */
record Host(String text, HostClass hostClass, @Nullable String ip) {
  private static final int MAX_NAME = 253; // RFC 1035, section 2.3.4, without the root's dot
  private static final int MAX_LABEL = 63;

  private static final List<String> PRIVATE_SUFFIXES =
      List.of(
          ".local",
          ".internal",
          ".home.arpa",
          ".lan",
          ".corp",
          ".home",
          ".intranet",
          ".localdomain",
          ".private");
  private static final Set<String> RESERVED_TOP =
      Set.of("test", "invalid", "example", "onion", "alt", "arpa");

  static Host parse(String host, ErrorCode code, String subject) {
    if (host.startsWith("[")) {
      int[] groups = host.endsWith("]") ? Ipv6.parse(host.substring(1, host.length() - 1)) : null;
      if (groups == null) {
        throw Text.refuse(code, subject, "has a host in brackets that is not an IPv6 address");
      }
      return new Host(
          "[" + Ipv6.format(groups) + "]", Ipv6.classOf(groups), IpNetwork.bits(groups));
    }
    checkLabels(host, code, subject);
    String lower = host.toLowerCase(Locale.ROOT);
    String top = lower.substring(lower.lastIndexOf('.') + 1);
    if (isNumber(top)) {
      long address = Ipv4.parse(lower);
      if (address < 0) {
        throw Text.refuse(
            code, subject, "has a host that ends in a number but is not four decimal octets");
      }
      return new Host(lower, Ipv4.classOf((int) address), IpNetwork.bits((int) address));
    }
    return new Host(lower, classOfName(lower, top), null);
  }

  /** Letters, digits and inner hyphens (RFC 1123, section 2.1), in labels joined by single dots. */
  private static void checkLabels(String host, ErrorCode code, String subject) {
    if (host.isEmpty()) {
      throw Text.refuse(code, subject, "names no host");
    }
    if (host.length() > MAX_NAME) {
      throw Text.refuse(code, subject, "has a host longer than " + MAX_NAME + " characters");
    }
    int start = 0;
    for (int i = 0; i <= host.length(); i++) {
      char c = i < host.length() ? host.charAt(i) : '.';
      if (c == '.') {
        checkLabel(host, start, i, code, subject);
        start = i + 1;
      } else if (!isLetterOrDigit(c) && c != '-') {
        throw Text.refuse(code, subject, "has " + Text.name(host.codePointAt(i)) + " in its host");
      }
    }
  }

  private static void checkLabel(String host, int start, int end, ErrorCode code, String subject) {
    if (start == end) {
      throw Text.refuse(
          code,
          subject,
          end == host.length() ? "has a host that ends with a dot" : "has an empty host label");
    }
    if (end - start > MAX_LABEL) {
      throw Text.refuse(code, subject, "has a host label longer than " + MAX_LABEL);
    }
    if (host.charAt(start) == '-' || host.charAt(end - 1) == '-') {
      throw Text.refuse(code, subject, "has a host label with a hyphen at an end");
    }
  }

  /** What resolvers may take for a number: decimal or octal digits, or 0x and hexadecimal ones. */
  private static boolean isNumber(String label) {
    boolean hex = label.startsWith("0x");
    for (int i = hex ? 2 : 0; i < label.length(); i++) {
      if (Character.digit(label.charAt(i), hex ? 16 : 10) < 0) {
        return false;
      }
    }
    return true;
  }

  private static HostClass classOfName(String name, String top) {
    if (top.equals("localhost")) {
      return HostClass.LOOPBACK;
    }
    for (String suffix : PRIVATE_SUFFIXES) {
      if (name.endsWith(suffix)) {
        return HostClass.PRIVATE;
      }
    }
    boolean single = top.length() == name.length();
    return single || RESERVED_TOP.contains(top) ? HostClass.RESERVED : HostClass.PUBLIC;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
