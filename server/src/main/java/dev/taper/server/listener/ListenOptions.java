package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a role listens. */
public final class ListenOptions {
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 takes a free one. Beyond this machine it takes TLS.")
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
      names = "--without-tls",
      description =
          "Listen beyond this machine without TLS: whoever sees the traffic reads every call.")
  boolean withoutTls;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Where health and metrics are served, apart from calls; default: nowhere.")
  @Nullable String admin;

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
    if (certificate != null && withoutTls) {
      throw OperationException.usage("--without-tls contradicts --tls-certificate");
    }
    if (!address.isLoopback() && certificate == null && !withoutTls) {
      throw OperationException.usage(
          listen
              + " is open to other machines: give --tls-certificate and --tls-key; --without-tls is for networks that nobody else reads");
    }
    return address;
  }

  /** The certificate and key; null to do without TLS. */
  public @Nullable TlsFiles tls() {
    return certificate == null || key == null ? null : new TlsFiles(certificate, key);
  }

  /** Where health and metrics are served; null for nowhere. */
  public @Nullable ListenAddress admin() {
    return admin == null ? null : ListenAddress.parse(admin);
  }
}
