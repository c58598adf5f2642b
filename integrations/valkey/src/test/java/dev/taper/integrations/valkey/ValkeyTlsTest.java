package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.Certificates;
import dev.taper.testing.FreePort;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import dev.taper.testing.ValkeyServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server that speaks TLS: whom it is taken for, and whom not. */
class ValkeyTlsTest {
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[1]);

  @TempDir static Path folder;

  private static int port;
  private static Instant ends;
  private static ValkeyServer server;

  @BeforeAll
  static void start() throws Exception {
    Certificates own = Certificates.make(folder, "valkey", "RSA", "DNS:localhost");
    ends = ((X509Certificate) own.certificate()).getNotAfter().toInstant();
    own.writeCertificate(folder.resolve("own.pem"));
    own.writeKey(folder.resolve("own.key"));
    Certificates.make(folder, "other", "RSA").writeCertificate(folder.resolve("other.pem"));
    port = FreePort.next();
    List<String> settings = new ArrayList<>(ValkeyServer.DURABLE);
    settings.addAll(List.of("--bind", "127.0.0.1", "127.0.0.2"));
    settings.addAll(List.of("--tls-port", String.valueOf(port), "--tls-auth-clients", "no"));
    settings.addAll(List.of("--tls-cert-file", folder.resolve("own.pem").toString()));
    settings.addAll(List.of("--tls-key-file", folder.resolve("own.key").toString()));
    settings.addAll(List.of("--tls-ca-cert-file", folder.resolve("own.pem").toString()));
    server = ValkeyServer.start(Files.createDirectory(folder.resolve("data")), settings);
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(server);
  }

  private static String problem(String address) {
    try (ValkeyStore store = ValkeyStore.at(address, folder).open()) {
      return String.valueOf(store.problem());
    }
  }

  @Test
  void open_itsCertificateAndName_claims() {
    String address = "rediss://localhost:" + port + "?name=good&ca=own.pem";
    try (ValkeyStore store = ValkeyStore.at(address, folder).open()) {
      store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
      Instant now = Instant.now();
      ReplayMemory.Use use = new ReplayMemory.Use("a".repeat(64), now, now.plusSeconds(60));

      assertThat(store.replayMemory().claim(use, SHARE, now)).isTrue();
      assertThat(store.replayMemory().claim(use, SHARE, now)).isFalse();
      assertThat(store.certificateEnds()).isEqualTo(ends);
    }
    try (ValkeyLists lists =
        ValkeyLists.at("valkeys://localhost:" + port + "?name=good&ca=own.pem", folder)) {
      lists.publishSnapshot(new byte[] {1}, 1);
      assertThat(lists.certificateEnds()).isEqualTo(ends);
    }
  }

  @Test
  void open_certificateOfAnother_isNotAsked() {
    assertThat(problem("rediss://localhost:" + port + "?ca=other.pem"))
        .contains("cannot be reached", "unable to find valid certification path");
    assertThat(problem("rediss://localhost:" + port))
        .as("none of those that the JVM knows")
        .contains("cannot be reached", "unable to find valid certification path");
  }

  @Test
  void open_anotherName_isNotAsked() {
    assertThat(problem("rediss://127.0.0.1:" + port + "?ca=own.pem"))
        .contains("cannot be reached", "127.0.0.1");
  }

  @Test
  void lists_certificateOfAnother_areNotAsked() {
    try (ValkeyLists lists =
        ValkeyLists.at("rediss://localhost:" + port + "?ca=other.pem", folder)) {
      Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> lists.publishSnapshot(new byte[] {1}, 9));
    }
  }

  /** An address of this machine that no rule takes for this machine. */
  @Test
  void open_withoutTls_isRefusedElsewhereUnlessSpelledOut() {
    String elsewhere = "valkey://127.0.0.2:" + server.port();
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, "say ?tls=off", () -> ValkeyStore.at(elsewhere, folder));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, "say ?tls=off", () -> ValkeyLists.at(elsewhere, folder));

    try (ValkeyStore store = ValkeyStore.at(elsewhere + "?tls=off&name=plain", folder).open()) {
      store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
      assertThat(store.problem()).isNull();
      assertThat(store.certificateEnds()).isNull();
    }
  }

  @Test
  void open_withoutTlsWhereTheServerSpeaksIt_isNotAsked() {
    assertThat(problem("valkey://127.0.0.1:" + port)).contains("cannot be reached");
  }
}
