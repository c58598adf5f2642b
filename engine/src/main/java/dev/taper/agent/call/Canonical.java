package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * The one spelling of each part of a tool call. A rule about calls (a grant, a policy) has its
 * names checked here, so that it never holds a spelling that no call can have.
 *
 * <p>Every method returns its argument if that is in its one spelling, and refuses it otherwise;
 * only {@link #host} also changes case. All are pure and thread-safe.
 */
public final class Canonical {
  private static final int MAX_LABEL = 1024;

  private Canonical() {}

  /**
   * A tool's name: dotted segments of ASCII letters, digits, {@code _} and {@code -}, such as
   * {@code crm.contacts.read}; at most 1 KiB; case counts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such a name
   */
  public static String tool(String name) {
    return DottedName.check(name, "the tool");
  }

  /**
   * An operation's name, of the same form as a tool's.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such a name
   */
  public static String operation(String name) {
    return DottedName.check(name, "the operation");
  }

  /**
   * A resource: opaque text or a URI, compared as it stands; visible text in normalization form C,
   * at most 1 KiB of UTF-8, no space at an end. It must not hold backslashes; empty segments
   * ({@code //}, except after a scheme's colon); segments of dots only; percent escapes that are
   * malformed, in lower case, or of a letter, digit, dot, slash, backslash, percent sign or control
   * character; characters that look like or normalize to separators; or a scheme in upper case. If
   * its scheme is {@code file} or implies a port, scheme, host and port must be spelled as {@link
   * #host} does, without that port and with {@code //}.
   *
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_RESOURCE} if it breaks one of these rules
   */
  public static String resource(String name) {
    return ResourceName.check(name, "the resource");
  }

  /**
   * An audience, such as {@code svc:jira}: visible text in normalization form C, at most 1 KiB of
   * UTF-8, no space at an end.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such text
   */
  public static String audience(String name) {
    return Text.label(name, MAX_LABEL, ErrorCode.INVALID_REQUEST, "the audience");
  }

  /**
   * Any other name, such as an agent's or a task's, of the same form as an {@link #audience}.
   *
   * @param subject what messages call it, such as {@code the delegator}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such text
   */
  public static String name(String name, String subject) {
    return Text.label(name, MAX_LABEL, ErrorCode.INVALID_REQUEST, subject);
  }

  /**
   * A reason that people are given: one line of visible text in normalization form C, at most 1 KiB
   * of UTF-8, no space at an end.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such text
   */
  public static String reason(String text) {
    return Text.label(text, MAX_LABEL, ErrorCode.INVALID_REQUEST, "the reason");
  }

  /**
   * An argument's name: visible text in normalization form C, at most 256 bytes of UTF-8, no space
   * at an end.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such text
   */
  public static String argumentName(String name) {
    return CallArgument.checkName(name);
  }

  /**
   * A string inside an argument: in normalization form C, without NUL and unpaired surrogates.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_VALUE} if it is not such text
   */
  public static String text(String value) {
    return text(value, "the text");
  }

  /**
   * A string, held to the rules of {@link #text(String)}.
   *
   * @param subject what messages call it, such as {@code the purpose}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_VALUE} if it is not such text
   */
  public static String text(String value, String subject) {
    return Text.plain(value, ErrorCode.INVALID_ARGUMENT_VALUE, subject);
  }

  /**
   * An absolute path: starts with a slash and follows the rules of {@link #resource}, without a
   * limit of its own on its length.
   *
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_PATH} if it breaks one of these rules
   */
  public static String path(String path) {
    return PathValue.check(path, "the path");
  }

  /**
   * The host of a URL, as {@code arg_url} facts hold it: a name of letters, digits and hyphens in
   * lower case; four decimal octets; or an IPv6 address in brackets, in the form of RFC 5952. No
   * trailing dot, no other form of IPv4 address.
   *
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_URL} if it is none of these
   */
  public static String host(String host) {
    return Host.parse(host, ErrorCode.AMBIGUOUS_URL, "the host").text();
  }

  /**
   * The class of a host.
   *
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_URL} as {@link #host}
   */
  public static HostClass hostClass(String host) {
    return Host.parse(host, ErrorCode.AMBIGUOUS_URL, "the host").hostClass();
  }

  /**
   * The bits of a network of IP addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}:
   * {@code 4:} or {@code 6:}, and the leading bits of all its addresses as digits. So a network
   * holds what starts with its bits.
   *
   * @param network in CIDR notation (RFC 4632): an address as a host of a URL has it, but without
   *     brackets, a slash, and how many of its leading bits count; all others are 0
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is none, is spelled otherwise,
   *     or holds nothing but mapped IPv4 addresses
   */
  public static String networkBits(String network) {
    return IpNetwork.parse(network).bits();
  }

  /**
   * The network that has some bits, in CIDR notation.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} as {@link #networkBits}
   */
  public static String network(String bits) {
    return IpNetwork.ofBits(bits).toString();
  }
}
