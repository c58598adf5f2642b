package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A network of IP addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; an address is the
 * smallest one. Datalog sees its <em>bits</em>: {@code 4:} or {@code 6:}, and the leading bits of
 * all its addresses as digits. So a network holds what starts with its bits. Immutable and
 * thread-safe.
 *
 * <p>An IPv6 address that maps an IPv4 address ({@code ::ffff:10.0.0.1}) is that IPv4 address,
 * because a machine connects to the same place. No other IPv6 address is one.
 */
final class IpNetwork {
  private static final String V4 = "4:";
  private static final String V6 = "6:";

  /** What the bits of an IPv6 address that maps an IPv4 address start with. */
  private static final String MAPPED = V6 + "0".repeat(80) + "1".repeat(16);

  private final String bits;

  private IpNetwork(String bits) {
    this.bits = bits;
  }

  /**
   * Reads a network in CIDR notation (RFC 4632): an address as a host of a URL has it, but without
   * brackets, a slash, and how many of its leading bits count; all others are 0.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is none, is spelled otherwise,
   *     or holds nothing but mapped IPv4 addresses
   */
  public static IpNetwork parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String all = addressBits(address);
    if (all == null) {
      throw refuse("not an IP address before the slash: " + ShortText.of(text, 64));
    }
    int length = slash < 0 ? -1 : length(text.substring(slash + 1), all.length() - V4.length());
    if (length < 0) {
      throw refuse(
          "after an address there must be a slash and the number of bits that count, such as "
              + address
              + "/"
              + (all.length() - V4.length()));
    }
    IpNetwork network = ofBits(all.substring(0, V4.length() + length));
    if (!network.toString().equals(text)) {
      throw refuse("not in its canonical spelling, " + network + ": " + ShortText.of(text, 64));
    }
    return network;
  }

  /**
   * Reads the bits of a network.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} as {@link #parse}
   */
  public static IpNetwork ofBits(String bits) {
    int longest = bits.startsWith(V4) ? 32 : bits.startsWith(V6) ? 128 : -1;
    boolean binary = longest >= 0 && bits.length() <= V4.length() + longest;
    for (int i = V4.length(); binary && i < bits.length(); i++) {
      binary = bits.charAt(i) == '0' || bits.charAt(i) == '1';
    }
    if (!binary) {
      throw refuse("not the bits of a network: " + ShortText.of(bits, 64));
    }
    if (bits.startsWith(MAPPED)) {
      String inner = V4 + bits.substring(MAPPED.length());
      throw refuse("mapped IPv4 addresses are written as " + new IpNetwork(inner));
    }
    return new IpNetwork(bits);
  }

  /** The bits of an IPv4 address. */
  static String bits(int address) {
    return V4 + digits(address, 32);
  }

  /** The bits of an IPv6 address of eight groups. */
  static String bits(int[] groups) {
    StringBuilder out = new StringBuilder(V6);
    for (int group : groups) {
      out.append(digits(group, 16));
    }
    String bits = out.toString();
    return bits.startsWith(MAPPED) ? V4 + bits.substring(MAPPED.length()) : bits;
  }

  private static String digits(int number, int count) {
    String digits = Integer.toBinaryString(number);
    return "0".repeat(count - digits.length()) + digits;
  }

  /** The bits of an address as it is written, so those of a mapped one as well; or null. */
  private static @Nullable String addressBits(String text) {
    if (text.indexOf(':') < 0) {
      long address = Ipv4.parse(text);
      return address < 0 ? null : bits((int) address);
    }
    int[] groups = Ipv6.parse(text);
    if (groups == null) {
      return null;
    }
    String bits = bits(groups);
    return bits.startsWith(V4) ? MAPPED + bits.substring(V4.length()) : bits;
  }

  /** A number of bits without leading zeros and no larger than the longest; else -1. */
  private static int length(String digits, int longest) {
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      return -1;
    }
    int length = Integer.parseInt(digits);
    return length <= longest ? length : -1;
  }

  private static TaperException refuse(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }

  /** What the bits of each of its addresses start with. */
  public String bits() {
    return bits;
  }

  /** The network in CIDR notation. */
  @Override
  public String toString() {
    int length = bits.length() - V4.length();
    int longest = bits.startsWith(V4) ? 32 : 128;
    String all = bits.substring(V4.length()) + "0".repeat(longest - length);
    return (longest == 32 ? ipv4(all) : ipv6(all)) + "/" + length;
  }

  private static String ipv4(String all) {
    int address = Integer.parseUnsignedInt(all, 2);
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        address >>> 24,
        address >>> 16 & 0xff,
        address >>> 8 & 0xff,
        address & 0xff);
  }

  private static String ipv6(String all) {
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = Integer.parseInt(all.substring(16 * i, 16 * i + 16), 2);
    }
    return Ipv6.format(groups);
  }
}
