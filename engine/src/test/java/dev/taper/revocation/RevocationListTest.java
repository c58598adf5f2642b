package dev.taper.revocation;

import static dev.taper.revocation.Lists.join;
import static dev.taper.revocation.Lists.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RevocationListTest {
  private final Lists lists = new Lists();
  private final RevocationList list = lists.list().build();

  @Test
  void check_withoutList_isUnavailable() {
    RevocationCheck check = lists.check(list, "T-1");

    assertThat(check.status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    assertThat(check.clear()).isFalse();
    assertThat(list.latest()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void apply_snapshot_revokesItsEntriesAndNothingElse(Algorithm algorithm) {
    Lists issuing = new Lists(algorithm);
    RevocationList own = issuing.list().build();

    assertThat(own.apply(issuing.snapshot(1, task("T-1"), task("T-2")))).isTrue();

    assertThat(issuing.revoked(own, "T-1")).isTrue();
    assertThat(issuing.revoked(own, "T-2")).isTrue();
    assertThat(issuing.check(own, "T-2").clear()).isFalse();
    assertThat(issuing.check(own, "T-3").clear()).isTrue();
    assertThat(own.size()).isEqualTo(2);
  }

  @Test
  void check_severalFingerprints_namesTheFirstThatIsRevoked() {
    list.apply(lists.snapshot(1, task("T-2"), task("T-3")));

    RevocationCheck check =
        list.check(
            List.of(
                Fingerprint.ofTask("T-1"), Fingerprint.ofTask("T-2"), Fingerprint.ofTask("T-3")),
            lists.clock.instant());

    assertThat(check)
        .isEqualTo(new RevocationCheck(RevocationStatus.FRESH, 1, 1, lists.clock.instant()));
  }

  @Test
  void fingerprint_sameTextOfAnotherKind_isAnother() {
    list.apply(lists.snapshot(1, task("user:alice")));

    assertThat(
            list.check(List.of(Fingerprint.ofDelegator("user:alice")), lists.clock.instant())
                .clear())
        .isTrue();
  }

  @Test
  void apply_emptySnapshot_isAListThatRevokesNothing() {
    list.apply(lists.snapshot(1));

    assertThat(lists.check(list, "T-1").clear()).isTrue();
  }

  @Test
  void apply_newSnapshot_replacesTheList() {
    list.apply(lists.snapshot(1, task("T-1")));
    list.apply(lists.snapshot(2, task("T-1"), task("T-2")));

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(list.size()).isEqualTo(2);
  }

  @Test
  void apply_delta_addsToTheList() {
    list.apply(lists.snapshot(1, task("T-1")));
    list.apply(lists.delta(1, 2, task("T-2")));

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(lists.check(list, "T-1").sequence()).isEqualTo(2);
  }

  @Test
  void apply_snapshotWithDeltasBehindIt_isOneStep() {
    list.apply(
        join(
            lists.snapshot(3, task("T-1")),
            lists.delta(3, 4, task("T-2")),
            lists.delta(3, 7, task("T-2"), task("T-3"))));

    assertThat(lists.revoked(list, "T-3")).isTrue();
    assertThat(lists.check(list, "T-4").sequence()).isEqualTo(7);
  }

  @Test
  void apply_sameAgain_isNothingNew() {
    byte[] all = join(lists.snapshot(3, task("T-1")), lists.delta(3, 4, task("T-2")));
    list.apply(all);

    assertThat(list.apply(all)).isFalse();
    assertThat(lists.revoked(list, "T-2")).isTrue();
  }

  @Test
  void apply_knownSnapshotWithANewDelta_addsTheDelta() {
    byte[] snapshot = lists.snapshot(3, task("T-1"));
    byte[] first = lists.delta(3, 4, task("T-2"));
    list.apply(join(snapshot, first));

    assertThat(list.apply(join(snapshot, first, lists.delta(4, 5, task("T-3"))))).isTrue();
    assertThat(lists.revoked(list, "T-3")).isTrue();
  }

  @Test
  void apply_manyDeltas_keepsEveryEntryThroughAllMerges() {
    list.apply(lists.snapshot(1, task("T-1")));
    List<String> tasks = new ArrayList<>(List.of("T-1"));
    for (int i = 2; i < 300; i++) {
      tasks.add("T-" + i);
      list.apply(lists.delta(i - 1, i, task("T-" + i)));

      assertThat(tasks).allMatch(id -> lists.revoked(list, id));
    }
    assertThat(list.size()).isEqualTo(tasks.size());
    assertThat(lists.revoked(list, "T-300")).isFalse();
  }

  @Test
  void apply_lowerSequence_isRolledBack() {
    list.apply(lists.snapshot(5, task("T-1")));

    refused(() -> list.apply(lists.snapshot(4)), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void apply_lowerSequenceBehindAHigherOneInOneFile_isRolledBack() {
    byte[] backwards = join(lists.snapshot(6, task("T-1")), lists.snapshot(5));

    refused(() -> list.apply(backwards), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(list.apply(lists.snapshot(5))).isTrue();
  }

  @Test
  void apply_sameSequenceWithOtherContent_isRolledBack() {
    list.apply(lists.snapshot(5, task("T-1")));

    refused(() -> list.apply(lists.snapshot(5)), ErrorCode.REVOCATIONS_ROLLED_BACK);
    refused(() -> list.apply(lists.delta(4, 5)), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void apply_deltaWithoutItsBase_isIncomplete() {
    refused(() -> list.apply(lists.delta(1, 2)), ErrorCode.REVOCATIONS_INCOMPLETE);
    list.apply(lists.snapshot(1, task("T-1")));

    refused(() -> list.apply(lists.delta(2, 3, task("T-2"))), ErrorCode.REVOCATIONS_INCOMPLETE);
    assertThat(lists.check(list, "T-2").sequence()).isEqualTo(1);
  }

  @Test
  void apply_lastOfSeveralRefused_appliesNone() {
    list.apply(lists.snapshot(1));

    refused(
        () -> list.apply(join(lists.delta(1, 2, task("T-2")), lists.delta(3, 4, task("T-4")))),
        ErrorCode.REVOCATIONS_INCOMPLETE);
    assertThat(lists.revoked(list, "T-2")).isFalse();
    assertThat(lists.check(list, "T-2").sequence()).isEqualTo(1);
  }

  @Test
  void apply_fromTheFuture_isRefusedBeyondTheSkew() {
    byte[] snapshot = lists.snapshot(1);
    lists.clock.forward(RevocationList.CLOCK_SKEW.negated().minusMillis(1));

    refused(() -> list.apply(snapshot), ErrorCode.REVOCATIONS_NOT_YET_VALID);
    lists.clock.forward(Duration.ofMillis(1));
    assertThat(list.apply(snapshot)).isTrue();
  }

  @Test
  void check_nextUpdatePast_isStale() {
    list.apply(lists.snapshot(1, task("T-1")));
    lists.clock.forward(Lists.DUE);
    assertThat(lists.check(list, "T-2").clear()).isTrue();

    lists.clock.forward(Duration.ofMillis(1));

    assertThat(lists.check(list, "T-2").status()).isEqualTo(RevocationStatus.STALE);
    assertThat(lists.check(list, "T-2").clear()).isFalse();
    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void check_olderThanItsMaximumAge_isStale() {
    Validity longPromise = Validity.from(lists.clock, Duration.ofHours(10), Duration.ofMinutes(5));
    list.apply(lists.issuer.snapshot(1, List.of(), longPromise));
    lists.clock.forward(Duration.ofMinutes(5));
    assertThat(lists.check(list, "T-1").clear()).isTrue();

    lists.clock.forward(Duration.ofMillis(1));

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void apply_emptyDelta_makesAStaleListFreshAgain() {
    list.apply(lists.snapshot(1, task("T-1")));
    lists.clock.forward(Duration.ofHours(1));
    list.apply(lists.delta(1, 2));

    assertThat(lists.check(list, "T-2").clear()).isTrue();
    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void apply_staleButNewer_revokesMoreAndIsStale() {
    list.apply(lists.snapshot(1));
    byte[] late = lists.snapshot(2, task("T-1"));
    lists.clock.forward(Duration.ofHours(1));
    list.apply(late);

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.check(list, "T-2").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_entryPastItsEnd_saysNothing() {
    list.apply(
        lists.snapshot(
            1,
            task("T-1", Lists.NOON.plusSeconds(60)),
            task("T-2", Lists.NOON.plusMillis(60_001)),
            task("T-3")));
    lists.clock.forward(Duration.ofMillis(60_999));
    assertThat(lists.revoked(list, "T-1")).isTrue();

    lists.clock.forward(Duration.ofMillis(1));

    assertThat(lists.revoked(list, "T-1")).isFalse();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    lists.clock.forward(Duration.ofSeconds(1));
    assertThat(lists.revoked(list, "T-2")).isFalse();
    assertThat(lists.revoked(list, "T-3")).isTrue();
  }

  @Test
  void apply_entryTwice_keepsTheLaterEnd() {
    list.apply(lists.snapshot(1, task("T-1", Lists.NOON.plusSeconds(10)), task("T-2")));
    list.apply(
        lists.delta(
            1,
            2,
            task("T-1", Lists.NOON.plusSeconds(5)),
            task("T-1", Lists.NOON.plusSeconds(60)),
            task("T-2", Lists.NOON.plusSeconds(5))));
    lists.clock.forward(Duration.ofSeconds(60));

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(list.size()).isEqualTo(2);
  }

  @Test
  void apply_delta_dropsWhatEndedADayAgo() {
    list.apply(lists.snapshot(1, task("T-1", Lists.NOON), task("T-2")));
    lists.clock.forward(Duration.ofDays(1));
    list.apply(lists.delta(1, 2, task("T-3")));
    assertThat(list.size()).isEqualTo(3);

    lists.clock.forward(Duration.ofSeconds(1));
    list.apply(lists.delta(2, 3, task("T-4")));

    assertThat(list.size()).isEqualTo(3);
  }

  @Test
  void apply_aMillionEntriesAndDeltas_findsThemIn26BytesEach() {
    int count = 1_000_000;
    list.apply(lists.issuer.snapshot(1, Lists.random(1, count), lists.validity()));
    assertThat(list.size()).isEqualTo(count);
    assertThat(list.bytes()).isBetween(24L * count, 26L * count);

    for (int i = 1; i <= 100; i++) {
      list.apply(lists.issuer.delta(i, i + 1, Lists.random(100 + i, 1_000), lists.validity()));
    }

    assertThat(list.size()).isEqualTo(count + 100_000);
    assertThat(list.bytes()).isLessThanOrEqualTo(26L * list.size());
    for (long seed : new long[] {1, 101, 150, 200}) {
      for (RevocationEntry entry : Lists.random(seed, 1_000)) {
        assertThat(list.check(List.of(entry.fingerprint()), lists.clock.instant()).revoked())
            .isZero();
      }
    }
    for (RevocationEntry entry : Lists.random(2, 1_000)) {
      assertThat(list.check(List.of(entry.fingerprint()), lists.clock.instant()).clear()).isTrue();
    }
  }

  @Test
  void highestSequence_withoutAMemory_isThatOfTheList() {
    assertThat(list.highestSequence(lists.key.publicKey())).isZero();
    assertThat(list.latest(lists.key.publicKey())).isNull();

    list.apply(lists.snapshot(5));

    assertThat(list.highestSequence(lists.key.publicKey())).isEqualTo(5);
    assertThat(list.latest(lists.key.publicKey())).isEqualTo(list.latest()).isNotNull();
    assertThat(list.issuers()).containsExactly(lists.key.publicKey());
  }

  @Test
  void fetched_sourceThatFailsLater_isKnownToHaveAnsweredBefore() {
    FailureLog log = FailureLog.of(RevocationListTest.class, "a list", lists.clock);
    log.failed(new IllegalStateException("gone"));

    list.fetched("b", null, null);
    list.fetched("a", log.last(), null);
    lists.clock.forward(Duration.ofSeconds(5));
    list.fetched("b", log.last(), null);

    assertThat(list.health().sources())
        .containsExactly(
            new RevocationHealth.Source("a", null, log.last(), null),
            new RevocationHealth.Source("b", Lists.NOON, log.last(), null));
    assertThat(log.last()).isNotNull();
    assertThat(RevocationStatus.values())
        .extracting(RevocationStatus::text)
        .containsExactly("fresh", "stale", "unavailable");
  }

  @Test
  void build_withoutIssuerOrWordAboutRestarts_isRefused() {
    refused(
        () -> RevocationList.trusting().forgottenAtRestart().build(), ErrorCode.INVALID_ARGUMENT);
    refused(
        () -> RevocationList.trusting(lists.key.publicKey()).build(), ErrorCode.INVALID_ARGUMENT);
  }

  static void refused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
