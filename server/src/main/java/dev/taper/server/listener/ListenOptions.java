package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a role listens. */
public final class ListenOptions {
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where to listen: a host and port, where 0 takes a free one, or unix:PATH. Beyond this"
              + " machine it takes TLS.")
  @Nullable String listen;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The certificate chain in PEM; read again when it changes.")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The private key in PEM (PKCS#8) that only its owner can read.")
  @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Lets in only clients with a certificate that one of these in PEM signed.")
  @Nullable Path clientCa;

  @Option(
      names = "--without-tls",
      description =
          "Listen beyond this machine without TLS: whoever sees the traffic reads every call.")
  boolean withoutTls;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Where health and metrics are served, apart from calls; default: nowhere.")
  @Nullable String admin;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      description = {
        "After SIGTERM, how long calls are still taken while /health/ready already says that no",
        "more should come; at most 10m; default: not at all."
      })
  @Nullable String drain;

  /**
   * How long to go on after a signal, while health says that no more calls should come.
   *
   * @throws OperationException {@code usage} if that is no such time
   */
  public Duration drain() {
    Duration time = drain == null ? Duration.ZERO : Times.parseDuration(drain);
    if (time.compareTo(LONGEST_DRAIN) > 0) {
      throw OperationException.usage("--drain is up to 10m");
    }
    return time;
  }

  /** True if an address was given. */
  public boolean isGiven() {
    return listen != null;
  }

  /**
   * Where to listen.
   *
   * @param otherwise the address if none was given
   * @throws OperationException {@code usage} if it is none, or if it is open to others without TLS
   */
  public ListenAddress address(String otherwise) {
    ListenAddress address = ListenAddress.parse(listen == null ? otherwise : listen);
    if ((certificate == null) != (key == null)) {
      throw OperationException.usage("--tls-certificate and --tls-key go together");
    }
    if (clientCa != null && certificate == null) {
      throw OperationException.usage("--tls-client-ca needs --tls-certificate and --tls-key");
    }
    if (certificate != null && (withoutTls || address.isUnix())) {
      throw OperationException.usage(
          (withoutTls ? "--without-tls" : address) + " contradicts --tls-certificate");
    }
    requireTls(address);
    return address;
  }

  /**
   * Refuses an address that is open to others, unless that is spelled out.
   *
   * @throws OperationException {@code usage}
   */
  public void requireTls(ListenAddress address) {
    if (!address.isLoopback() && certificate == null && !withoutTls) {
      throw OperationException.usage(
          address
              + " is open to other machines: give --tls-certificate and --tls-key; --without-tls is"
              + " for networks that nobody else reads");
    }
  }

  /** The certificate and key; null to do without TLS. */
  public @Nullable TlsFiles tls() {
    return certificate == null || key == null ? null : new TlsFiles(certificate, key, clientCa);
  }

  /** True if clients need a certificate. */
  public boolean knowsClients() {
    return clientCa != null;
  }

  /**
   * Where health and metrics are served; null for nowhere.
   *
   * @throws OperationException {@code usage} as for {@link #address}
   */
  public @Nullable ListenAddress admin() {
    if (admin == null) {
      return null;
    }
    ListenAddress address = ListenAddress.parse(admin);
    requireTls(address);
    return address;
  }
}
