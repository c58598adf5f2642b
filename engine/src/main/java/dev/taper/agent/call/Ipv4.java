package dev.taper.agent.call;

/**
 * IPv4 addresses: four decimal octets without leading zeros, nothing else. The shorter, octal,
 * hexadecimal and integer forms that some resolvers take are not addresses here.
 *
 * <p>Classes follow the IANA IPv4 Special-Purpose Address Registry; blocks in it that are reachable
 * from anywhere (anycast for DNS and the like) are still {@link HostClass#RESERVED}, because no
 * tool has business there.
 */
final class Ipv4 {
  private record Block(int prefix, int length, HostClass hostClass) {
    boolean holds(int address) {
      return (address ^ prefix) >>> (32 - length) == 0;
    }
  }

  private static final Block[] BLOCKS = {
    block("0.0.0.0", 8, HostClass.RESERVED),
    block("10.0.0.0", 8, HostClass.PRIVATE),
    block("100.64.0.0", 10, HostClass.PRIVATE),
    block("127.0.0.0", 8, HostClass.LOOPBACK),
    block("169.254.0.0", 16, HostClass.LINK_LOCAL),
    block("172.16.0.0", 12, HostClass.PRIVATE),
    block("192.0.0.0", 24, HostClass.RESERVED),
    block("192.0.2.0", 24, HostClass.RESERVED),
    block("192.31.196.0", 24, HostClass.RESERVED),
    block("192.52.193.0", 24, HostClass.RESERVED),
    block("192.88.99.0", 24, HostClass.RESERVED),
    block("192.168.0.0", 16, HostClass.PRIVATE),
    block("192.175.48.0", 24, HostClass.RESERVED),
    block("198.18.0.0", 15, HostClass.RESERVED),
    block("198.51.100.0", 24, HostClass.RESERVED),
    block("203.0.113.0", 24, HostClass.RESERVED),
    block("224.0.0.0", 3, HostClass.RESERVED), // multicast, and all that lies above
  };

  private Ipv4() {}

  /** The address as an unsigned 32-bit number; -1 if the text is not an address. */
  static long parse(String text) {
    long address = 0;
    int octets = 0;
    int at = 0;
    while (at < text.length() && octets < 4) {
      int start = at;
      int value = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + (text.charAt(at) - '0');
        at++;
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || leadingZero || value > 255) {
        return -1;
      }
      address = address << 8 | value;
      octets++;
      if (octets < 4) {
        if (at >= text.length() || text.charAt(at) != '.') {
          return -1;
        }
        at++;
      }
    }
    return octets == 4 && at == text.length() ? address : -1;
  }

  static HostClass classOf(int address) {
    for (Block block : BLOCKS) {
      if (block.holds(address)) {
        return block.hostClass();
      }
    }
    return HostClass.PUBLIC;
  }

  /** The class of an address that is reached through another: never public. */
  static HostClass classOfEmbedded(int address) {
    HostClass inner = classOf(address);
    return inner == HostClass.PUBLIC ? HostClass.RESERVED : inner;
  }

  private static Block block(String prefix, int length, HostClass hostClass) {
    return new Block((int) parse(prefix), length, hostClass);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
