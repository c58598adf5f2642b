package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.SentHttp;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.ValkeyServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that one process publishes in a server, and others hear of there. */
@Timeout(120)
class PublishedListsTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final Duration HOUR = Duration.ofHours(1);

  private final ServeWorld world = new ServeWorld();
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  @TempDir Path folder;
  private Path keyFile;
  private Workplace workplace;

  @BeforeEach
  void files() throws Exception {
    keyFile = folder.resolve("revoker.key");
    key.save(keyFile);
    Files.writeString(folder.resolve("revoker.pub"), key.publicKey().toString());
    workplace = new Workplace(folder, Clock.systemUTC());
  }

  private ValkeyServer valkey() throws Exception {
    return ValkeyServer.start(Files.createDirectory(folder.resolve("data")), ValkeyServer.DURABLE);
  }

  private Served publishing(String list, String address) {
    return Served.start(
        "--role",
        "lists",
        "--revocations",
        list,
        "--revocation-key",
        keyFile,
        "--look-every",
        "50ms",
        "--publish",
        address,
        "--admin",
        "127.0.0.1:0");
  }

  private void revoke(String list, String task) {
    var unused =
        new Revoker(
                workplace,
                new Revoker.Issue(
                    Place.of(list),
                    () -> PrivateKey.load(keyFile),
                    new RevocationIssuer.Horizon(HOUR, HOUR)),
                AuditRecorder.none(),
                null)
            .revoke(AuditKind.TASK_END, Revocable.task(task));
  }

  private List<RevocationHeader> published(String address) {
    return new ListReader(workplace, Place.list(address), List.of(key.publicKey()), null)
        .signed()
        .headers();
  }

  private String answer(Served service) throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    return service
        .post(
            "/v1/decide",
            "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
                + sent.target()
                + "\", \"fields\": {"
                + world.fields(sent)
                + "}}}")
        .body();
  }

  private static String ready(Served served) throws Exception {
    return served
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + served.adminPort() + "/health/ready"))
                .build())
        .body();
  }

  /** The service's own turns come too seldom to explain it. */
  @ParameterizedTest
  @ValueSource(strings = {"revoked.list", "sqlite:"})
  void revoked_serviceThatNamesTheServer_hearsOfItAtOnce(String kind) throws Exception {
    String list = kind.equals("sqlite:") ? kind + folder.resolve("a.db") : folder + "/" + kind;
    try (ValkeyServer server = valkey()) {
      String address = server.address("lists");
      revoke(list, "T-1");
      Path config =
          world.config(
              folder,
              ORIGIN,
              "revocations: {list: \""
                  + address
                  + "\", keys: revoker.pub, memory: none, every: 1h}");
      Files.writeString(config, Files.readString(config).replace("revocations: none\n", ""));
      try (Served lists = publishing(list, address);
          Served service = Served.start("--config", config)) {
        assertThat(ready(lists)).isEqualTo("ready\n");
        assertThat(answer(service)).contains("\"allowed\":true");
        revoke(list, "T-other");
        revoke(list, "T-4711");
        while (!answer(service).contains("\"code\":\"revoked\"")) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        List<RevocationHeader> all = published(address);
        assertThat(all.get(0).delta()).isFalse();
        assertThat(all.get(all.size() - 1).sequence()).isGreaterThan(1);
        assertThat(all.get(all.size() - 1).delta()).isTrue();
      }
    }
  }

  @Test
  void published_serverNotThere_isToldAndDoneLater() throws Exception {
    String list = folder.resolve("revoked.list").toString();
    try (ValkeyServer server = valkey()) {
      String address = server.address("lists");
      server.kill();
      try (Served lists = publishing(list, address)) {
        assertThat(ready(lists))
            .isEqualTo("ready\nwarning: the last revocation list could not be published\n");
        server.start(ValkeyServer.DURABLE);
        while (!ready(lists).equals("ready\n")) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(published(address)).hasSize(1);
      }
    }
  }

  /** Nobody may have to wait for the next list to hear of the last one. */
  @Test
  void published_serverThatLostThem_hasThemAgain() throws Exception {
    String list = folder.resolve("revoked.list").toString();
    revoke(list, "T-1");
    try (ValkeyServer server = valkey()) {
      String address = server.address("lists");
      try (Served lists = publishing(list, address);
          Workplace.SharedLists there = workplace.lists(Place.shared(address))) {
        assertThat(ready(lists)).isEqualTo("ready\n");
        assertThat(there.has(1)).isTrue();
        assertThat(there.has(2)).isFalse();
        String unused = server.tell("FLUSHALL");
        while (!there.has(1)) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(published(address)).hasSize(1);
        assertThat(ready(lists)).isEqualTo("ready\n");
      }
    }
  }

  @Test
  void options_thatMakeNoSense_areRefused() {
    assertThatThrownBy(
            () ->
                Served.start("--role", "lists", "--root-keys", keyFile, "--publish", "valkey://a"))
        .hasMessageContaining("--publish publishes the --revocations");
    assertThatThrownBy(() -> publishing("revoked.list", "https://lists.example"))
        .hasMessageContaining("a server is needed: valkey://HOST?name=NAME");
    assertThatThrownBy(() -> publishing(folder + "/revoked.list", "valkey://lists.example"))
        .hasMessageContaining("another machine is asked with TLS");
  }
}
