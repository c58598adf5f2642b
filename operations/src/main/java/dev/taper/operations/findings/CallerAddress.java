package dev.taper.operations.findings;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the call that this thread decides about came from, for {@link AbuseWatch}. A token knows no
 * address, so who listens says it. It is where the connection comes from and proves nothing: behind
 * a proxy, the proxy's. Thread-safe.
 */
public final class CallerAddress {
  private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();
  private static final int NETWORK_4 = 3;
  private static final int NETWORK_6 = 6;
  private static final int LONGEST = 64;
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
  private static final Pattern FIGURES =
      Pattern.compile(
          OCTET + "([.]" + OCTET + "){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*(%[0-9a-zA-Z._~-]+)?");

  private CallerAddress() {}

  /**
   * Decides about a call from an address.
   *
   * @param address where it came from; null if that is not known
   * @param call decides, in this thread
   */
  public static <T extends @Nullable Object> T during(
      @Nullable InetAddress address, Supplier<T> call) {
    return in(address == null ? null : network(address), call);
  }

  private static <T extends @Nullable Object> T in(@Nullable String network, Supplier<T> call) {
    String before = CURRENT.get();
    CURRENT.set(network);
    try {
      return call.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /**
   * Decides later, in another thread, about the call that this thread decides about: from where it
   * comes goes along.
   *
   * @param later runs what is left to do
   */
  public static Executor here(Executor later) {
    String network = CURRENT.get();
    return work ->
        later.execute(
            () -> {
              boolean unused =
                  in(
                      network,
                      () -> {
                        work.run();
                        return true;
                      });
            });
  }

  /**
   * Reads an address in figures, as servers write it.
   *
   * @return null for anything else: no name is looked up
   */
  public static @Nullable InetAddress figures(@Nullable String written) {
    String text = String.valueOf(written);
    if (text.length() > LONGEST || !FIGURES.matcher(text).matches()) {
      return null; // it would be looked up as a name
    }
    try {
      // The interface of a link-local address is one of whoever wrote it, and not of this machine.
      return InetAddress.getByName(text.split("%", 2)[0]);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** The network of the call that this thread decides about; null if nobody said it. */
  static @Nullable String current() {
    return CURRENT.get();
  }

  /** An address without the part that changes from day to day: of IPv4 24 bits, of IPv6 48. */
  static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isOld = address instanceof Inet4Address;
    int kept = isOld ? NETWORK_4 : NETWORK_6;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < kept; i += isOld ? 1 : 2) {
      text.append(
          isOld
              ? (bytes[i] & 0xff) + "."
              : Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)) + ":");
    }
    return text.append(isOld ? "0/24" : ":/48").toString();
  }
}
