package dev.taper.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.taper.testing.Certificates;
import dev.taper.testing.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a provider's certificate is known once it was asked. */
class ProviderCertificateTest {
  @TempDir Path folder;

  /** In a process of its own, which trusts another authority than this one. */
  public static final class Asking {
    private Asking() {}

    /** Prints the end of the certificate, and what it should be. */
    public static void main(String[] arguments) throws Exception {
      Certificates own = Certificates.make(Path.of(arguments[0]), "provider", "EC");
      SSLContext.setDefault(own.trustedBy(null));
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(own.trustedBy(own)));
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
          });
      server.start();
      ProviderPages pages =
          new ProviderPages(Provider.of("https://127.0.0.1:" + server.getAddress().getPort()));
      System.out.println(pages.certificateEnds());
      try {
        System.out.println(pages.keys());
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
      System.out.println(pages.certificateEnds());
      Instant end = ((X509Certificate) own.certificate()).getNotAfter().toInstant();
      System.out.println(end);
      server.stop(0);
    }
  }

  @Test
  void certificateEnds_providerWasAsked_isThatOfItsCertificate() {
    try (Child child = new Child(Asking.class, folder.toString())) {
      assertThat(child.line()).isEqualTo("null");
      assertThat(child.line()).isEqualTo("the provider answers with status 404");
      String end = child.line();
      assertThat(end).isNotEqualTo("null").isEqualTo(child.line());
    }
  }
}
