package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource.Content;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlRevocationsTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final RevocationIssuer.Horizon HORIZON =
      new RevocationIssuer.Horizon(Duration.ofMinutes(10), Duration.ofMinutes(30));

  @TempDir Path folder;
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationIssuer issuer = RevocationIssuer.of(key);

  @ParameterizedTest
  @EnumSource
  void fetch_nothingSigned_isNothing(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      revocations.enter(List.of(task("T-1")));
      assertThat(revocations.fetch(null, 0)).isNull();
      assertThat(revocations.lastSigned()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_afterEntering_isKnownToWhoFetches(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      RevocationList list = list();
      revocations.enter(List.of(task("T-1")));
      assertThat(revocations.sign(issuer, HORIZON).sequence()).isEqualTo(1);
      String version = fetch(revocations, list, null);
      assertThat(revoked(list, "T-1")).isTrue();
      assertThat(revoked(list, "T-2")).isFalse();

      assertThat(revocations.fetch(version, 1)).isNull();
      revocations.enter(List.of(task("T-2")));
      assertThat(revocations.fetch(version, 1)).isNull();
      assertThat(revocations.sign(issuer, HORIZON).sequence()).isEqualTo(2);
      fetch(revocations, list, version);

      assertThat(revoked(list, "T-1")).isTrue();
      assertThat(revoked(list, "T-2")).isTrue();
      assertThat(list.highestSequence(key.publicKey())).isEqualTo(2);
      assertThat(revocations.lastSigned()).contains(NOON);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_byAnotherKey_isRefusedAndTheListStays(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      RevocationList list = list();
      revocations.sign(issuer, HORIZON);
      revocations.enter(List.of(task("T-1")));
      RevocationIssuer other = RevocationIssuer.of(PrivateKey.generate(Algorithm.ED25519));

      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> revocations.sign(other, HORIZON))
          .extracting(TaperException::code)
          .isEqualTo(ErrorCode.UNKNOWN_REVOCATION_KEY);
      assertThat(revocations.sign(issuer, HORIZON).sequence()).isEqualTo(2);

      fetch(revocations, list, null);
      assertThat(revoked(list, "T-1")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_manyTimes_leadsOldAndNewReadersToTheSameList(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = new SqlRevocations(database, CLOCK, 8);
      RevocationList early = list();
      RevocationList late = list();
      revocations.enter(List.of(task("T-0")));
      revocations.sign(issuer, HORIZON);
      fetch(revocations, early, null);
      // Over two snapshots, so that the deltas that the late reader would need are forgotten.
      for (int i = 1; i <= 22; i++) {
        revocations.enter(List.of(task("T-" + i)));
        revocations.sign(issuer, HORIZON);
        if (i % 4 == 0) {
          fetch(revocations, early, null);
        }
        if (i == 4) {
          fetch(revocations, late, null);
        }
      }
      RevocationList fresh = list();
      for (RevocationList each : List.of(early, late, fresh)) {
        fetch(revocations, each, null);
        assertThat(each.highestSequence(key.publicKey())).isEqualTo(25);
        for (int i = 0; i <= 22; i++) {
          assertThat(revoked(each, "T-" + i)).as("T-%d", i).isTrue();
        }
      }
      assertThat(count(database)).isLessThan(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_largeSnapshot_isReadInParts(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      List<RevocationEntry> entries = new ArrayList<>();
      for (int i = 0; i < 52_000; i++) {
        entries.add(task("T-" + i));
      }
      assertThat(revocations.enter(entries)).isEqualTo(entries.size());
      revocations.sign(issuer, HORIZON);
      RevocationList list = list();
      fetch(revocations, list, null);
      assertThat(list.size()).isEqualTo(entries.size());
      assertThat(revoked(list, "T-51999")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void enter_again_keepsTheLaterEnd(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      assertThat(revocations.enter(List.of(until(60), until(60)))).isEqualTo(1);
      assertThat(revocations.enter(List.of(until(30)))).isZero();
      assertThat(revocations.enter(List.of(until(90)))).isEqualTo(1);
      assertThat(revocations.enter(List.of(task("T-1")))).isEqualTo(1);
      assertThat(revocations.enter(List.of(until(90)))).isZero();
      assertThat(revocations.entries()).containsExactly(task("T-1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void entries_pastTheirEnd_areLeftOut(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      on(database).enter(List.of(until(-1), until(0)));
      assertThat(on(database).entries()).containsExactly(until(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void lift_whatIsSigned_isKnownToWhoHasItAndToWhoStarts(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = new SqlRevocations(database, CLOCK, 3);
      RevocationList early = list();
      revocations.revoke(issuer, List.of(task("T-1"), task("T-2")), HORIZON);
      fetch(revocations, early, null);

      IssuedList lifted = revocations.lift(issuer, Fingerprint.ofTask("T-1"), "a mistake", HORIZON);

      fetch(revocations, early, null);
      assertThat(lifted.sequence()).isEqualTo(2);
      for (int i = 0; i < 6; i++) {
        revocations.sign(issuer, HORIZON);
        if (i % 2 == 0) {
          fetch(revocations, early, null);
        }
      }
      fetch(revocations, early, null);
      RevocationList fresh = list();
      fetch(revocations, fresh, null);
      for (RevocationList each : List.of(early, fresh)) {
        assertThat(revoked(each, "T-1")).isFalse();
        assertThat(revoked(each, "T-2")).isTrue();
      }
      assertThat(revocations.entries()).containsExactly(task("T-2"));
      revocations.revoke(issuer, List.of(task("T-1")), HORIZON);
      fetch(revocations, early, null);
      assertThat(revoked(early, "T-1")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lift_whatIsNotRevoked_isRefused(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> revocations.lift(issuer, Fingerprint.ofTask("T-1"), "none", HORIZON))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
      assertThat(revocations.lastSigned()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_rowsDeletedBySomebodyElse_revokesThemAllTheSame(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = new SqlRevocations(database, CLOCK, 1);
      revocations.revoke(issuer, List.of(task("T-1")), HORIZON);
      database.transaction(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.executeUpdate("DELETE FROM revocation");
            }
          });

      for (int i = 0; i < 3; i++) {
        revocations.sign(issuer, HORIZON); // snapshots too
      }

      RevocationList fresh = list();
      fetch(revocations, fresh, null);
      assertThat(revoked(fresh, "T-1")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_nothingSaidOfTheHorizon_keepsTheLastOne(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = on(database);
      revocations.sign(
          issuer, new RevocationIssuer.Horizon(Duration.ofDays(7), Duration.ofDays(9)));

      IssuedList kept =
          revocations.revoke(issuer, List.of(task("T-1")), RevocationIssuer.Horizon.KEPT);
      IssuedList shorter = revocations.sign(issuer, HORIZON);

      assertThat(kept.validity().nextUpdate()).isEqualTo(NOON.plus(Duration.ofDays(7)));
      assertThat(kept.validity().maxAge()).isEqualTo(Duration.ofDays(9));
      assertThat(kept.isShorter()).isFalse();
      assertThat(kept.changed()).isEqualTo(1);
      assertThat(shorter.isShorter()).isTrue();
      assertThat(
              revocations
                  .revoke(issuer, List.of(task("T-1")), RevocationIssuer.Horizon.KEPT)
                  .changed())
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sign_bySeveralProcesses_numbersOnce(TestDatabase kind) throws Exception {
    String address = kind.create(folder);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Database one = Database.open(address, folder);
        Database other = Database.open(address, folder)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<List<Long>>> signers = new ArrayList<>();
      for (Database each : List.of(one, other)) {
        String name = each.equals(one) ? "one-" : "other-";
        signers.add(
            threads.submit(
                () -> {
                  start.await();
                  List<Long> numbers = new ArrayList<>();
                  for (int i = 0; i < 20; i++) {
                    on(each).enter(List.of(task(name + i)));
                    numbers.add(on(each).sign(issuer, HORIZON).sequence());
                  }
                  return numbers;
                }));
      }
      start.countDown();
      List<Long> numbers = new ArrayList<>();
      for (Future<List<Long>> signer : signers) {
        numbers.addAll(signer.get());
      }
      assertThat(numbers).hasSize(40).doesNotHaveDuplicates();
      RevocationList list = list();
      fetch(on(one), list, null);
      for (int i = 0; i < 20; i++) {
        assertThat(revoked(list, "one-" + i)).isTrue();
        assertThat(revoked(list, "other-" + i)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void fetch_databaseDown_isAnIoExceptionAndTheListStays(TestDatabase kind) throws IOException {
    Database database = kind.open(folder);
    SqlRevocations revocations = on(database);
    revocations.enter(List.of(task("T-1")));
    revocations.sign(issuer, HORIZON);
    RevocationList list = list();
    fetch(revocations, list, null);
    database.close();
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> revocations.fetch(null, 0));
    assertThat(revoked(list, "T-1")).isTrue();
    assertThat(list.check(List.of(), NOON).status()).isEqualTo(RevocationStatus.FRESH);
    assertThat(list.check(List.of(), NOON.plus(Duration.ofMinutes(11))).status())
        .isEqualTo(RevocationStatus.STALE);
  }

  private static SqlRevocations on(Database database) {
    return new SqlRevocations(database, CLOCK);
  }

  private RevocationList list() {
    return RevocationList.trusting(key.publicKey()).clock(CLOCK).forgottenAtRestart().build();
  }

  private static @Nullable String fetch(
      SqlRevocations revocations, RevocationList list, @Nullable String version)
      throws IOException {
    Content content =
        Objects.requireNonNull(
            revocations.fetch(version, list.latest() == null ? 0 : list.latest().sequence()));
    try (var lists = content.lists()) {
      assertThat(list.apply(lists)).isTrue();
    }
    return content.version();
  }

  private static boolean revoked(RevocationList list, String task) {
    return list.check(List.of(Fingerprint.ofTask(task)), NOON).revoked() == 0;
  }

  private static RevocationEntry task(String id) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(id));
  }

  private static RevocationEntry until(int seconds) {
    return new RevocationEntry(
        RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-1"), NOON.plusSeconds(seconds));
  }

  private static int count(Database database) {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              var row = statement.executeQuery("SELECT count(*) FROM revocation_list")) {
            row.next();
            return row.getInt(1);
          }
        });
  }
}
