package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen: a host and port, such as {@code 127.0.0.1:8443} or {@code [::1]:0}, where port 0
 * takes a free one; or a Unix domain socket, such as {@code unix:/run/taper/serve.sock}. Immutable.
 *
 * @param address where
 */
public record ListenAddress(SocketAddress address) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]\\s]+):(\\d{1,5})");
  private static final String UNIX = "unix:";

  /** The longest path that a socket can have here, with its end. */
  private static final int MAX_PATH = 107;

  /**
   * Reads an address.
   *
   * @throws OperationException {@code usage} if it is none
   */
  public static ListenAddress parse(String text) {
    if (text.startsWith(UNIX)) {
      return new ListenAddress(socket(text.substring(UNIX.length())));
    }
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
      throw OperationException.usage(
          text + " is no address such as 127.0.0.1:8443 or unix:/run/taper.sock");
    }
    String host = parts.group(1).replaceAll("[\\[\\]]", "");
    try {
      return new ListenAddress(
          new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(parts.group(2))));
    } catch (UnknownHostException e) {
      throw OperationException.usage("there is no host " + host);
    }
  }

  private static UnixDomainSocketAddress socket(String path) {
    if (path.isEmpty() || path.length() > MAX_PATH) {
      throw OperationException.usage("the path of a socket has 1 to " + MAX_PATH + " bytes");
    }
    try {
      return UnixDomainSocketAddress.of(path);
    } catch (InvalidPathException e) {
      throw OperationException.usage("not the path of a socket: " + path);
    }
  }

  /** True for a socket in the file system. */
  public boolean isUnix() {
    return address instanceof UnixDomainSocketAddress;
  }

  /** True if only this machine reaches it. */
  public boolean isLoopback() {
    return address instanceof InetSocketAddress inet ? inet.getAddress().isLoopbackAddress() : true;
  }

  /** As it is written. */
  @Override
  public String toString() {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return UNIX + address;
  }
}
