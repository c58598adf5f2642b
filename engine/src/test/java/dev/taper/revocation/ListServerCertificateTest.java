package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the certificate of a server of lists is known before lists stop to come. */
class ListServerCertificateTest {
  @TempDir Path folder;

  @Test
  void health_listsComeOverTls_hasTheEndOfTheServersCertificate() throws Exception {
    Certificates own = Certificates.make(folder, "lists", "EC");
    Instant end = ((X509Certificate) own.certificate()).getNotAfter().toInstant();
    SSLContext before = SSLContext.getDefault();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(own.trustedBy(own)));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(500, -1); // who showed it answered, whatever the answer
          exchange.close();
        });
    server.start();
    try {
      SSLContext.setDefault(own.trustedBy(null));
      URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/lists");
      PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
      RevocationList list = RevocationList.trusting(key.publicKey()).forgottenAtRestart().build();
      try (RevocationFeed feed =
          RevocationFeed.start(RevocationSource.http(uri), list, Duration.ofHours(1))) {
        assertThat(feed.failure()).hasMessageContaining("500");
      }
      VerifierHealth health =
          Verifier.trusting(RootKeys.of(key.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .revocations(list)
              .build()
              .health();

      assertThat(health.endings())
          .containsExactly(
              new VerifierHealth.Ending(
                  VerifierHealth.Ending.Kind.LIST_SERVER,
                  "the certificate that " + uri + " showed",
                  end));
      assertThat(health.warnings())
          .contains("the certificate that " + uri + " showed ends at " + end);
    } finally {
      SSLContext.setDefault(before);
      server.stop(0);
    }
  }
}
