package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.operations.OperationException;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import dev.taper.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Encrypted listeners, with real certificates, and Unix domain sockets. */
class TlsTest {
  private static final ListenAddress FREE =
      new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  @TempDir Path folder;
  private Path certificate;
  private Path key;
  private Certificates first;

  @BeforeEach
  void make() throws Exception {
    certificate = folder.resolve("tls.pem");
    key = folder.resolve("tls.key");
    first = Certificates.make(folder, "first", "EC");
    first.writeCertificate(certificate);
    first.writeKey(key);
  }

  private static AdminPages pages() {
    return new AdminPages(new Metrics(), Running.stoppedByHand(), List::of, List::of);
  }

  private static HttpResponse<String> get(Listener listener, SSLContext context) throws Exception {
    URI uri = URI.create("https://127.0.0.1:" + listener.address().getPort() + "/health/live");
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Certificate shown(HttpResponse<String> answer) throws Exception {
    return answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  @Test
  void listener_withTls_answersThoseWhoTrustIt() throws Exception {
    try (Listener listener = Listener.start(FREE, new TlsFiles(certificate, key), pages())) {
      HttpResponse<String> answer = get(listener, first.trustedBy(null));
      assertThat(answer.body()).isEqualTo("live\n");
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
      Certificates other = Certificates.make(folder, "other", "EC");
      SSLContext strange = other.trustedBy(null);
      assertThatThrownBy(() -> get(listener, strange)).isInstanceOf(IOException.class);
    }
  }

  /** A certificate that ended without a word keeps all clients away. */
  @Test
  void certificate_endsSoonOrHasEnded_isSaid() throws Exception {
    try (Listener listener = Listener.start(FREE, new TlsFiles(certificate, key), pages())) {
      Instant end = Objects.requireNonNull(listener.certificateEnds());
      assertThat(end).isEqualTo(((X509Certificate) first.certificate()).getNotAfter().toInstant());

      Instant early = end.minus(VerifierHealth.Ending.NOTICE).minusSeconds(1);
      assertThat(listener.warnings(early)).isEmpty();
      assertThat(listener.reasons(early)).isEmpty();
      Instant soon = end.minusSeconds(1);
      assertThat(listener.warnings(soon))
          .containsExactly(
              "a certificate of the listener at " + listener.shown() + " ends at " + end);
      assertThat(listener.reasons(soon)).isEmpty();
      assertThat(listener.warnings(end)).isEmpty();
      assertThat(listener.reasons(end))
          .singleElement()
          .satisfies(reason -> assertThat(reason.code()).isEqualTo("certificate_expired"));
    }
    try (Listener plain = Listener.start(FREE, null, pages())) {
      assertThat(plain.endings()).isEmpty();
      assertThat(plain.reasons(Instant.MAX)).isEmpty();
    }
  }

  @Test
  void certificate_changed_isTakenOnceItFitsItsKey() throws Exception {
    Certificates second = Certificates.make(folder, "second", "RSA");
    TlsFiles files = new TlsFiles(certificate, key);
    ListAppender<ILoggingEvent> refused = new ListAppender<>();
    refused.start();
    ((Logger) LoggerFactory.getLogger(Listener.class)).addAppender(refused);
    try (Listener listener =
        Listener.start(
            FREE, files, false, pages(), Duration.ofMillis(100), Duration.ofSeconds(10))) {
      assertThat(shown(get(listener, first.trustedBy(null)))).isEqualTo(first.certificate());
      second.writeCertificate(certificate);
      awaitLook(refused); // its key is not there yet: the old one stays
      assertThat(shown(get(listener, first.trustedBy(null)))).isEqualTo(first.certificate());
      second.writeKey(key);
      for (int i = 0; ; i++) {
        try {
          assertThat(shown(get(listener, second.trustedBy(null)))).isEqualTo(second.certificate());
          return;
        } catch (IOException e) {
          assertThat(i).as("the new certificate is not taken").isLessThan(1200);
          Thread.sleep(50);
        }
      }
    } finally {
      ((Logger) LoggerFactory.getLogger(Listener.class)).detachAppender(refused);
    }
  }

  /** Waits until the listener looked, and did not take what it saw. */
  private static void awaitLook(ListAppender<ILoggingEvent> refused) throws InterruptedException {
    for (int i = 0; i < 1200; i++) {
      if (List.copyOf(refused.list).stream()
          .anyMatch(line -> line.getFormattedMessage().contains("stays as it was"))) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("nobody looks at the certificate");
  }

  @Test
  void clients_withoutCertificate_areTurnedAwayWhereOneIsNeeded() throws Exception {
    Certificates client = Certificates.make(folder, "client", "EC");
    Certificates stranger = Certificates.make(folder, "stranger", "EC");
    Path ca = folder.resolve("ca.pem");
    client.writeCertificate(ca);
    try (Listener listener = Listener.start(FREE, new TlsFiles(certificate, key, ca), pages())) {
      assertThat(get(listener, first.trustedBy(client)).statusCode()).isEqualTo(200);
      SSLContext none = first.trustedBy(null);
      SSLContext wrong = first.trustedBy(stranger);
      assertThatThrownBy(() -> get(listener, none)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> get(listener, wrong)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void key_ofAnotherCertificate_isRefused() throws Exception {
    Certificates.make(folder, "second", "EC").writeKey(key);
    assertThatThrownBy(() -> Listener.start(FREE, new TlsFiles(certificate, key), pages()))
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("invalid_certificate");
  }

  private static String document(String name, String content) {
    return "-----BEGIN " + name + "-----\n" + content + "\n-----END " + name + "-----\n";
  }

  private void assertRefused(String code) {
    assertThatThrownBy(() -> Listener.start(FREE, new TlsFiles(certificate, key), pages()))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Whatever was written there instead, a listener says so, and listens to nobody. */
  @Test
  void files_thatAreNoKeyOrCertificate_areRefused() throws Exception {
    for (String bad :
        new String[] {
          "",
          "no key",
          document("PRIVATE KEY", "A"),
          document("PRIVATE KEY", "AAAA"),
          document("EC PRIVATE KEY", "AAAA")
        }) {
      Files.writeString(key, bad);
      assertRefused("invalid_certificate");
    }
    first.writeKey(key);
    for (String bad : new String[] {"", "no certificate", document("CERTIFICATE", "AAAA")}) {
      Files.writeString(certificate, bad);
      assertRefused("invalid_certificate");
      assertThatThrownBy(() -> TlsFiles.trusting(certificate))
          .isInstanceOfSatisfying(
              OperationException.class, e -> assertThat(e.code()).isEqualTo("invalid_certificate"));
    }
    Files.delete(certificate);
    assertRefused("io");
    assertThatThrownBy(() -> TlsFiles.trusting(certificate))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("io"));
  }

  @Test
  void listener_ofEachKindOfKey_isTrustedByItsCertificateAlone() throws Exception {
    for (String algorithm : new String[] {"RSA", "Ed25519"}) {
      Certificates own = Certificates.make(folder, algorithm, algorithm);
      Files.delete(certificate);
      Files.delete(key);
      own.writeCertificate(certificate);
      own.writeKey(key);
      try (Listener listener = Listener.start(FREE, new TlsFiles(certificate, key), pages())) {
        assertThat(get(listener, TlsFiles.trusting(certificate)).statusCode()).isEqualTo(200);
        Path other = folder.resolve(algorithm + "-other.pem");
        first.writeCertificate(other);
        SSLContext others = TlsFiles.trusting(other);
        assertThatThrownBy(() -> get(listener, others)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void key_thatOthersCanRead_isRefused() throws Exception {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Listener.start(FREE, new TlsFiles(certificate, key), pages()))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("others can get at this secret");
  }

  /** The header of a record makes a socket look used, though its connection sees no byte of it. */
  @Test
  void records_thatNeverEnd_takeNoConnectionForLong() throws Exception {
    TlsFiles files = new TlsFiles(certificate, key);
    try (Listener listener =
            Listener.start(
                FREE, files, false, pages(), Duration.ofSeconds(5), Duration.ofSeconds(1));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        Socket tls =
            first
                .trustedBy(null)
                .getSocketFactory()
                .createSocket(socket, "127.0.0.1", socket.getPort(), false)) {
      tls.getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(tls.getInputStream().read()).isEqualTo('H');
      socket.getOutputStream().write(new byte[] {0x17, 3, 3, 0x40, 0});
      assertThat(isCutOff(socket)).isTrue();
    }
    try (Listener listener =
            Listener.start(
                FREE, files, false, pages(), Duration.ofSeconds(5), Duration.ofSeconds(1));
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0}); // a handshake
      assertThat(isCutOff(socket)).isTrue();
    }
  }

  /** Sends bytes, none of them late, until the connection ends or ten seconds passed. */
  private static boolean isCutOff(Socket socket) throws InterruptedException {
    try {
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write('x');
        Thread.sleep(100);
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String overSocket(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      String request = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void socket_isItsOwnersAlone_andGoneAfterwards() throws Exception {
    Path path = folder.resolve("a.sock");
    ListenAddress address = ListenAddress.parse("unix:" + path);
    try (Listener listener = Listener.start(address, null, pages())) {
      assertThat(overSocket(path)).contains("200 OK").endsWith("live\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      assertThat(listener.shown()).isEqualTo("unix:" + path);
      assertThatThrownBy(() -> Listener.start(address, null, pages()))
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("another process listens");
    }
    assertThat(path).doesNotExist();
    try (Listener listener = Listener.start(address, null, true, pages())) {
      assertThat(listener).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-rw----");
    }
    try (var left = Files.list(folder)) {
      assertThat(left.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void socket_whoseProcessWasKilled_isReplaced_andAFileIsNot() throws Exception {
    Path path = folder.resolve("a.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    ListenAddress address = ListenAddress.parse("unix:" + path);
    try (Listener listener = Listener.start(address, null, pages())) {
      assertThat(listener).isNotNull();
      assertThat(overSocket(path)).contains("200 OK");
    }
    Files.writeString(path, "a file");
    assertThatThrownBy(() -> Listener.start(address, null, pages()))
        .hasMessageContaining("is no socket");
    assertThat(path).usingCharset(StandardCharsets.UTF_8).hasContent("a file");
  }
}
