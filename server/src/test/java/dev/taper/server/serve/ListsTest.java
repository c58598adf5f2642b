package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.SignedLists;
import dev.taper.testing.Await;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and root keys, for verifiers that fetch them. */
class ListsTest {
  /** A device that has no room for anything: what is written to it fails as on a full disk. */
  private static final Path FULL = Path.of("/dev/full");

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  @TempDir Path folder;
  private Path keyFile;
  private Path list;
  private Path roots;

  @BeforeEach
  void files() throws Exception {
    keyFile = folder.resolve("revoker.key");
    key.save(keyFile);
    list = folder.resolve("revoked.list");
    roots = Files.writeString(folder.resolve("root.pub"), key.publicKey().toString());
  }

  private Revoker revoker() {
    return new Revoker(
        new Workplace(folder, Clock.systemUTC()),
        new Revoker.Issue(
            Place.of(list.toString()),
            () -> PrivateKey.load(keyFile),
            new RevocationIssuer.Horizon(Duration.ofHours(2), Duration.ofHours(2))),
        AuditRecorder.none(),
        null);
  }

  private Served serve(Object... more) {
    return serve(Clock.systemUTC(), more);
  }

  private Served serve(Clock clock, Object... more) {
    Object[] all = new Object[more.length + 10];
    Object[] own = {
      "--role",
      "lists",
      "--revocations",
      list,
      "--revocation-key",
      keyFile,
      "--root-keys",
      roots,
      "--look-every",
      "100ms"
    };
    System.arraycopy(own, 0, all, 0, own.length);
    System.arraycopy(more, 0, all, own.length, more.length);
    return Served.start(clock, all);
  }

  private SignedLists fetched(Served served) {
    Workplace workplace = new Workplace(folder, Clock.systemUTC());
    return new ListReader(
            workplace,
            Place.of(served.origin() + "/v1/revocations"),
            List.of(key.publicKey()),
            null)
        .signed();
  }

  @Test
  void list_thatIsMissing_isSignedEmpty() {
    try (Served served = serve()) {
      SignedLists lists = fetched(served);
      assertThat(lists.sequence()).isEqualTo(1);
      assertThat(lists.entries()).isEmpty();
    }
  }

  @Test
  void list_isSignedWithAnEncryptedKey() throws Exception {
    keyFile = secret("revoker.pem", Pem.writeEncrypted(key, "correct horse".toCharArray()));
    Path passphrase = secret("passphrase", "correct horse\n");
    assertThatThrownBy(this::serve)
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("its passphrase is needed");
    assertThatThrownBy(() -> serve("--passphrase-file", secret("wrong", "battery staple\n")))
        .isInstanceOf(TaperException.class);
    try (Served served = serve("--passphrase-file", passphrase)) {
      assertThat(fetched(served).sequence()).isEqualTo(1);
      assertThat(fetched(served).entries()).isEmpty();
    }
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> serve("--passphrase-file", passphrase))
        .hasMessageContaining("others can get at this secret");
    assertThatThrownBy(
            () ->
                Served.start(
                    "--role", "lists", "--root-keys", roots, "--passphrase-file", passphrase))
        .hasMessageContaining("open a --revocation-key");
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void list_revokedMeanwhile_isServedWithAnotherTag() throws Exception {
    try (Served served = serve()) {
      HttpResponse<String> first = served.send(served.to("/v1/revocations").build());
      String tag = first.headers().firstValue("etag").orElseThrow();
      HttpResponse<String> again =
          served.send(served.to("/v1/revocations").header("If-None-Match", tag).build());
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(first.headers().firstValue("cache-control")).hasValue("no-cache");
      var unused = revoker().revoke(AuditKind.TASK_END, Revocable.task("T-4711"));
      Await.until(
          () ->
              served
                      .send(served.to("/v1/revocations").header("If-None-Match", tag).build())
                      .statusCode()
                  == 200);
      assertThat(fetched(served).entries()).hasSize(1);
    }
  }

  /** Whoever asks in another way changes nothing, and gets no more than anybody. */
  @Test
  void list_askedForInOtherWays_isReadOnly() throws Exception {
    try (Served served = serve()) {
      for (String method : new String[] {"POST", "PUT", "DELETE"}) {
        HttpResponse<String> refused =
            served.send(
                served
                    .to("/v1/revocations")
                    .method(method, HttpRequest.BodyPublishers.ofString("x"))
                    .build());
        assertThat(refused.statusCode()).as(method).isEqualTo(400);
        assertThat(refused.body()).contains("invalid_request");
      }
      HttpResponse<String> head =
          served.send(
              served
                  .to("/v1/revocations")
                  .method("HEAD", HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(served.send(served.to("/v1/revocations/x").build()).statusCode()).isEqualTo(404);
      String tag = head.headers().firstValue("etag").orElseThrow();
      for (String known : new String[] {"*", "W/" + tag, "\"other\", " + tag}) {
        assertThat(
                served
                    .send(served.to("/v1/revocations").header("If-None-Match", known).build())
                    .statusCode())
            .as(known)
            .isEqualTo(304);
      }
      assertThat(
              served
                  .send(served.to("/v1/revocations").header("If-None-Match", "\"other\"").build())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  /** A verifier that fetches the list refuses what it revokes, and goes on without the server. */
  @Test
  void verifier_thatFetchesTheList_knowsWhatIsRevoked() throws Exception {
    try (Served served = serve()) {
      var unused = revoker().revoke(AuditKind.TASK_END, Revocable.task("T-4711"));
      Await.until(() -> fetched(served).entries().size() == 1);
      RevocationList read =
          new ListReader(
                  new Workplace(folder, Clock.systemUTC()),
                  Place.of(served.origin() + "/v1/revocations"),
                  List.of(key.publicKey()),
                  null)
              .load(Clock.systemUTC());
      assertThat(read.health().fresh()).isTrue();
    }
  }

  @Test
  void rootKeys_areServedAndChangedKeysToo() throws Exception {
    MovingClock clock = new MovingClock();
    try (Served served = serve(clock)) {
      assertThat(served.send(served.to("/v1/root-keys").build()).body())
          .isEqualTo(key.publicKey().toString());
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      Path beside = Files.writeString(folder.resolve("new"), next.publicKey().toString());
      Files.move(beside, roots, StandardCopyOption.ATOMIC_MOVE);
      Await.until(
          () ->
              served
                  .send(served.to("/v1/root-keys").build())
                  .body()
                  .equals(next.publicKey().toString()));
      Files.writeString(roots, "nonsense");
      clock.awaitLooks();
      assertThat(served.send(served.to("/v1/root-keys").build()).body())
          .isEqualTo(next.publicKey().toString());
    }
  }

  /** What is not signed by the key, or is older, is never served. */
  @Test
  void list_replacedByAnother_staysAsItWas() throws Exception {
    MovingClock clock = new MovingClock();
    try (Served served = serve(clock)) {
      byte[] first = Files.readAllBytes(list);
      var unused = revoker().revoke(AuditKind.TASK_END, Revocable.task("T-4711"));
      Await.until(() -> fetched(served).sequence() == 2);
      for (byte[] other : List.of(first, ServeWorld.bytes("nonsense"), new byte[0])) {
        Path beside = Files.write(folder.resolve("beside"), other);
        Files.move(beside, list, StandardCopyOption.ATOMIC_MOVE);
        clock.awaitLooks();
        assertThat(fetched(served).sequence()).isEqualTo(2);
      }
    }
  }

  /** Half of its time over, the list is signed anew; nobody has to be awake for that. */
  @Test
  void list_halfOver_isSignedAnew() throws Exception {
    var unused = revoker().revoke(AuditKind.TASK_END, Revocable.task("T-4711"));
    MovingClock clock = new MovingClock();
    try (Served served = serve(clock)) {
      clock.awaitLooks();
      assertThat(fetched(served).sequence()).isEqualTo(1);
      clock.ahead = Duration.ofMinutes(61);
      Await.until(
          () ->
              SignedLists.read(Files.readAllBytes(list), List.of(key.publicKey())).sequence() == 2);
      SignedLists renewed = SignedLists.read(Files.readAllBytes(list), List.of(key.publicKey()));
      assertThat(renewed.entries()).hasSize(1);
      assertThat(Objects.requireNonNull(renewed.latest()).issued())
          .isAfter(Instant.now().plus(Duration.ofMinutes(59)));
    }
  }

  /** A clock that somebody puts forward, and that counts who looks at lists by it. */
  private static final class MovingClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;
    private final AtomicInteger looks = new AtomicInteger();

    /** Waits for more times than one look asks, so that a whole look began and ended meanwhile. */
    void awaitLooks() throws Exception {
      int before = looks.get();
      Await.until(() -> looks.get() - before >= 30);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().equals("lists")) {
        looks.incrementAndGet();
      }
      return Clock.systemUTC().instant().plus(ahead);
    }
  }

  /** On a disk that is full: the list stays, and health says so. */
  @Test
  void list_thatCannotBeWritten_isServedUntilItEnds() throws Exception {
    var unused = revoker().revoke(AuditKind.TASK_END, Revocable.task("T-4711"));
    MovingClock clock = new MovingClock();
    Needed.demand(Files.exists(FULL), "full-device (" + FULL + ")");
    Path next = Files.createSymbolicLink(list.resolveSibling(list.getFileName() + ".new"), FULL);
    try (Served served = serve(clock, "--admin", "127.0.0.1:0")) {
      clock.ahead = Duration.ofMinutes(61);
      Thread.sleep(500);
      assertThat(fetched(served).sequence()).isEqualTo(1);
      assertThat(ready(served)).isEqualTo(200);
      clock.ahead = Duration.ofMinutes(121);
      assertThat(ready(served)).isEqualTo(503);
      Files.delete(next);
      Await.until(() -> ready(served) == 200);
      assertThat(fetched(served).sequence()).isGreaterThan(1);
      assertThat(fetched(served).entries()).hasSize(1);
    }
  }

  private static int ready(Served served) throws Exception {
    return served
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + served.adminPort() + "/health/ready"))
                .build())
        .statusCode();
  }

  @Test
  void start_withoutWhatItServes_fails() throws Exception {
    assertThatThrownBy(() -> Served.start("--role", "lists"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--revocations or --root-keys");
    assertThatThrownBy(() -> Served.start("--role", "lists", "--revocations", list))
        .hasMessageContaining("--revocation-public-key");
    assertThatThrownBy(
            () ->
                Served.start(
                    "--role", "lists", "--revocations", list, "--revocation-public-key", roots))
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("io");
    Files.writeString(list, "nonsense");
    assertThatThrownBy(this::serve).isInstanceOf(TaperException.class);
    Files.delete(list);
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::serve).hasMessageContaining("others can get at this secret");
  }

  @Test
  void roles_takeOnlyTheirOwnOptions() {
    assertThatThrownBy(() -> Served.start()).hasMessageContaining("--config is missing");
    assertThatThrownBy(
            () -> Served.start("--role", "lists", "--root-keys", roots, "--secret-file", roots))
        .hasMessageContaining("--secret-file belongs to");
    assertThatThrownBy(
            () -> Served.start("--role", "lists", "--root-keys", roots, "--config", roots))
        .hasMessageContaining("--config belongs to");
    assertThatThrownBy(() -> Served.start("--config", roots, "--envoy", "0.0.0.0:0"))
        .hasMessageContaining("--envoy is a port of this machine");
  }
}
