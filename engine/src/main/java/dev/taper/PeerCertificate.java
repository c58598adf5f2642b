package dev.taper;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What is known of the certificate that the other end of an encrypted connection showed. */
public final class PeerCertificate {
  private PeerCertificate() {}

  /**
   * When the peer's own certificate ends; null if it showed none. Those that signed it do not
   * count, because a peer may show some that nobody needs.
   *
   * @param session the connection's; null if it is not encrypted
   */
  public static @Nullable Instant ends(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] shown = session.getPeerCertificates();
      return shown.length > 0 && shown[0] instanceof X509Certificate own
          ? own.getNotAfter().toInstant()
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
