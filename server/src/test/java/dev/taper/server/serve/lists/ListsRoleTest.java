package dev.taper.server.serve.lists;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.SignedLists;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.Reviews;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Lists are signed in time with nobody awake; where they are not, somebody is woken in time. */
class ListsRoleTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  private static final Duration SPAN = Duration.ofHours(2);

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey auditKey = PrivateKey.generate(Algorithm.ED25519);
  private final SettableClock clock = new SettableClock(NOON);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  @TempDir Path folder;
  private Workplace workplace;

  @BeforeEach
  void setUp() {
    workplace = new Workplace(folder, clock);
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void tearDown() {
    logger().detachAppender(logged);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ListsRole.class);
  }

  private List<String> warnings() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private ListsRole start(Place list, @Nullable Supplier<? extends Signer> signer) {
    return ListsRole.start(
        new ListSettings(
            list,
            List.of(key.publicKey()),
            signer,
            new RevocationIssuer.Horizon(SPAN, SPAN),
            AuditRecorder.in(workplace, Place.of("audit.jsonl"), () -> copy(auditKey)),
            null,
            null,
            Duration.ofDays(1)), // the tests look themselves
        workplace);
  }

  /** What signs is destroyed after its use. */
  private static PrivateKey copy(PrivateKey of) {
    return PrivateKey.parse(of.exposeText());
  }

  private SignedLists lists(Place place) {
    return new ListReader(workplace, place, List.of(key.publicKey()), null).signed();
  }

  private Revoker revoker(Place place) {
    return new Revoker(
        workplace,
        new Revoker.Issue(place, () -> copy(key), new RevocationIssuer.Horizon(SPAN, SPAN)),
        AuditRecorder.none(),
        null);
  }

  private String records() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** A living delegation, in a review that is due in an hour. */
  private void review(Database database) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    new Registry(database, clock)
        .issued(
            Issuer.of(root)
                .clock(clock)
                .mint(
                    Delegation.by("user:alice@acme.com")
                        .to(Agent.of("agent:planner", planner.publicKey()))
                        .task("T-1")
                        .grant("jira.*")
                        .expiresIn(Duration.ofHours(8))),
            root.publicKey());
    var unused =
        new Reviews(database, clock)
            .start("Q1", "erin", NOON.plus(Duration.ofHours(1)), RegistryQuery.living());
  }

  @Test
  void look_reviewsDateHasPassed_lapsesAndPublishesWithRecords() throws IOException {
    Place.Sql place = new Place.Sql("sqlite:taper.db");
    try (Database database = workplace.open(place);
        ListsRole role = start(place, () -> copy(key))) {
      review(database);
      role.look();
      assertThat(lists(place).sequence()).isEqualTo(1);

      clock.forward(Duration.ofMinutes(59));
      role.look();
      assertThat(lists(place).sequence()).isEqualTo(1);

      clock.forward(Duration.ofMinutes(1));
      role.look();
      assertThat(lists(place).entries())
          .extracting(RevocationEntry::kind)
          .containsExactly(RevocationEntry.Kind.BLOCK);
      assertThat(records())
          .contains("\"decision\":\"lapsed\"")
          .contains("\"decision\":\"published\",\"id\":\"2\"");
      assertThat(records().indexOf("lapsed")).isLessThan(records().lastIndexOf("published"));

      long sequence = lists(place).sequence();
      role.look();
      assertThat(lists(place).sequence()).isEqualTo(sequence);
    }
  }

  @Test
  void look_somethingWasEnteredAndNotSigned_isPublishedAtOnce() throws IOException {
    Place.Sql place = new Place.Sql("sqlite:taper.db");
    try (Database database = workplace.open(place);
        ListsRole role = start(place, () -> copy(key))) {
      review(database);
      var unused =
          new Reviews(database, clock)
              .decide(1, ReviewDecision.REVOKED, List.of(1), "erin", "not needed");
      assertThat(lists(place).entries()).isEmpty();

      role.look();

      assertThat(lists(place).entries()).hasSize(1);
      assertThat(records()).contains("\"decision\":\"published\",\"id\":\"2\"");
    }
  }

  @Test
  void look_halfOfItsTimeOver_signsWithoutWhatHasEndedAndRecordsThat() throws IOException {
    Place place = Place.of("revoked.list");
    var unused = revoker(place).revoke(AuditKind.REVOKE, Revocable.task("T-1"));
    var unusedToo =
        revoker(place)
            .revoke(AuditKind.REVOKE, Revocable.task("T-2").until(NOON.minus(Duration.ofDays(2))));
    try (ListsRole role = start(place, () -> copy(key))) {
      role.look();
      assertThat(lists(place).sequence()).isEqualTo(2);

      clock.forward(Duration.ofHours(1));
      role.look();

      assertThat(lists(place).sequence()).isEqualTo(3);
      assertThat(lists(place).entries()).hasSize(1);
      assertThat(records()).contains("\"decision\":\"published\",\"id\":\"3\"");
      assertThat(role.timeLeft()).isEqualTo(SPAN);
      assertThat(warnings()).isEmpty();
    }
  }

  /** Without a key it publishes nothing, and says so before anything is refused. */
  @Test
  void look_withoutAKey_warnsBeforeTheListIsStaleAndAgainAndAgain() {
    Place place = Place.of("revoked.list");
    var unused = revoker(place).revoke(AuditKind.REVOKE, Revocable.task("T-1"));
    try (ListsRole role = start(place, null)) {
      clock.forward(Duration.ofMinutes(89));
      role.look();
      assertThat(role.isOverdue()).isFalse();
      assertThat(warnings()).isEmpty();

      clock.forward(Duration.ofMinutes(1));
      role.look();
      role.look();
      assertThat(role.isOverdue()).isTrue();
      assertThat(role.reasons()).isEmpty();
      assertThat(role.timeLeft()).isEqualTo(Duration.ofMinutes(30));
      assertThat(warnings())
          .containsExactly(
              "the revocation list 1 is stale at 2030-01-01T14:00:00Z, and every call is refused"
                  + " then; no key is here to sign it anew, and nobody else did");

      clock.forward(Duration.ofMinutes(15));
      role.look();
      assertThat(warnings()).hasSize(2);

      clock.forward(Duration.ofMinutes(16));
      role.look();
      assertThat(role.reasons().get(0).text())
          .contains("could be relied on until 2030-01-01T14:00:00Z");
      assertThat(role.timeLeft()).isNegative();
      assertThat(warnings()).hasSize(3);
      assertThat(warnings().get(2)).contains("IS STALE since 2030-01-01T14:00:00Z");
      assertThat(lists(place).sequence()).isEqualTo(1);

      var unusedAgain = revoker(place).sign();
      role.look();
      assertThat(role.reasons()).isEmpty();
      assertThat(role.isOverdue()).isFalse();
    }
  }

  @Test
  void look_keyIsGone_servesWhatThereIsAndWarns() {
    Place place = Place.of("revoked.list");
    var unused = revoker(place).revoke(AuditKind.REVOKE, Revocable.task("T-1"));
    try (ListsRole role =
        start(
            place,
            () -> {
              throw new IllegalStateException("the keeper is gone");
            })) {
      clock.forward(Duration.ofMinutes(100));
      role.look();

      assertThat(lists(place).sequence()).isEqualTo(1);
      assertThat(role.reasons()).isEmpty();
      assertThat(role.isOverdue()).isTrue();
      assertThat(warnings())
          .anyMatch(line -> line.contains("signing the list"))
          .anyMatch(line -> line.endsWith("it could not be signed anew"));
    }
  }

  /** Nothing lapses without a record; until it can be written, that is said. */
  @Test
  void look_lapseCannotBeRecorded_signsNothingAndWarns() throws IOException {
    Place.Sql place = new Place.Sql("sqlite:taper.db");
    try (Database database = workplace.open(place);
        ListsRole role = start(place, () -> copy(key))) {
      review(database);
      Files.writeString(folder.resolve("audit.jsonl"), "no log\n");
      clock.forward(Duration.ofMinutes(61));
      role.look();

      assertThat(lists(place).entries()).isEmpty();
      assertThat(warnings()).anyMatch(line -> line.contains("signing the list"));
    }
  }

  /** A server of lists that sends more than anybody has memory for. */
  @Test
  void look_serverThatSendsWithoutEnd_isLeftEarly() throws Exception {
    Place.File place = new Place.File("list");
    revoker(place).sign();
    byte[] whole = Files.readAllBytes(folder.resolve("list"));
    for (byte[] again : List.of(whole, new byte[1000])) {
      AtomicLong sent = new AtomicLong();
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean isFirst = sent.getAndAdd(whole.length) == 0;
            exchange.sendResponseHeaders(200, isFirst ? whole.length : 0);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(whole);
              while (!isFirst && sent.addAndGet(again.length) < 64 << 20) {
                out.write(again);
              }
            } catch (IOException e) {
              return; // it is left
            }
          });
      server.start();
      try (ListsRole role =
          start(
              new Place.Web("http://127.0.0.1:" + server.getAddress().getPort() + "/list"), null)) {
        role.look();
        assertThat(role.reasons()).isEmpty();
      } finally {
        server.stop(0);
      }
      assertThat(sent.get()).isLessThan(32 << 20);
      assertThat(warnings()).anyMatch(line -> line.contains("reading lists"));
      logged.list.clear();
    }
  }
}
