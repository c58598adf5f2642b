package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and port to listen at, such as {@code 127.0.0.1:8443} or {@code [::1]:0}. Port 0 takes a
 * free one. Immutable.
 *
 * @param address where
 */
public record ListenAddress(InetSocketAddress address) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

  /**
   * Reads an address.
   *
   * @throws OperationException {@code usage} if it is none
   */
  public static ListenAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
      throw OperationException.usage(text + " is no address such as 127.0.0.1:8443");
    }
    String host = parts.group(1).replaceAll("[\\[\\]]", "");
    try {
      return new ListenAddress(
          new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(parts.group(2))));
    } catch (UnknownHostException e) {
      throw OperationException.usage("there is no host " + host);
    }
  }

  /** True if only this machine reaches it. */
  public boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }
}
