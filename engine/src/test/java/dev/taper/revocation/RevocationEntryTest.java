package dev.taper.revocation;

import static dev.taper.revocation.Lists.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.revocation.RevocationEntry.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ends of entries, of which the format has whole seconds from 1970 to 2106. */
class RevocationEntryTest {
  private static final Fingerprint TASK = Fingerprint.ofTask("T-1");
  private final Lists lists = new Lists();

  /** An end is never read back as an earlier one, but for those before 1970. */
  @ParameterizedTest
  @CsvSource({
    "1969-12-31T23:59:59Z, 1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.5Z, 1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.000000001Z, 1970-01-01T00:00:01Z",
    "2038-01-19T03:14:08Z, 2038-01-19T03:14:08Z",
    "2106-02-07T06:28:14Z, 2106-02-07T06:28:14Z",
    "2106-02-07T06:28:14.1Z,",
    "2106-02-07T06:28:15Z,",
    "9999-12-31T23:59:59Z,",
  })
  void until_ofAnEntry_isReadBackInWholeSecondsOrAsNoEnd(Instant until, Instant read) {
    byte[] list = lists.snapshot(1, task("T-1", until));

    assertThat(SignedLists.read(list, List.of(lists.key.publicKey())).entries())
        .containsExactly(new RevocationEntry(Kind.TASK, TASK, read));
  }

  @Test
  void later_ofTwo_isTheOneThatEndsLaterOrNever() {
    RevocationEntry early = task("T-1", Lists.NOON);
    RevocationEntry late = task("T-1", Instant.parse("2100-01-01T00:00:00Z")); // negative as an int
    RevocationEntry never = task("T-1");
    List<RevocationEntry> ascending = List.of(early, late, never);

    for (int a = 0; a < ascending.size(); a++) {
      for (int b = 0; b < ascending.size(); b++) {
        assertThat(RevocationEntry.later(ascending.get(a), ascending.get(b)))
            .isEqualTo(ascending.get(Math.max(a, b)));
      }
    }
  }

  @Test
  void snapshot_thingTwice_keepsTheLaterEnd() {
    RevocationEntry early = task("T-1", Lists.NOON);
    RevocationEntry late = task("T-1", Instant.parse("2100-01-01T00:00:00Z"));

    for (List<RevocationEntry> both : List.of(List.of(early, late), List.of(late, early))) {
      byte[] list =
          lists.issuer.snapshot(
              1,
              both,
              Lists.lifted(both.get(0), both.get(1), task("T-0", Lists.NOON)),
              lists.validity());
      SignedLists read = SignedLists.read(list, List.of(lists.key.publicKey()));
      byte[] once =
          lists.issuer.snapshot(
              1, List.of(late), Lists.lifted(late, task("T-0", Lists.NOON)), lists.validity());

      assertThat(list).isEqualTo(once);
      assertThat(read.entries()).containsExactly(late);
    }
  }

  @Test
  void entry_bySeveralIssuers_isTheOneThatEndsLast() {
    Lists other = new Lists();
    byte[] all =
        Lists.join(
            lists.snapshot(3, task("T-1", Lists.NOON.plusSeconds(9)), task("T-2")),
            other.snapshot(7, task("T-1", Lists.NOON.plusSeconds(10))));
    SignedLists read = SignedLists.read(all, List.of(lists.key.publicKey(), other.key.publicKey()));

    assertThat(read.entry(TASK)).isEqualTo(task("T-1", Lists.NOON.plusSeconds(10)));
    assertThat(read.entry(Fingerprint.ofTask("T-2"))).isEqualTo(task("T-2"));
    assertThat(read.entry(Fingerprint.ofTask("T-3"))).isNull();
    assertThat(read.headers()).extracting(RevocationHeader::sequence).containsExactly(3L, 7L);
    assertThat(read.sequence()).isEqualTo(7);
    assertThat(read.latest()).isEqualTo(read.headers().get(1)).isNotEqualTo(read.headers().get(0));
    assertThat(SignedLists.NONE.sequence()).isZero();
    assertThat(SignedLists.NONE.latest()).isNull();
  }

  @Test
  void snapshot_ofWhatWasRevoked_leavesOutOnlyWhatEndedMoreThanADayAgo() {
    Instant kept = Lists.NOON.minus(Duration.ofDays(1));
    RevocationEntry ended = task("T-1", kept.minusSeconds(1));
    RevocationEntry atTheEnd = task("T-2", kept);
    byte[] list =
        lists.issuer.snapshot(
            4,
            List.of(ended, atTheEnd),
            Lists.lifted(task("T-3", kept.minusSeconds(1)), task("T-4", kept)),
            lists.validity());
    SignedLists read = SignedLists.read(list, List.of(lists.key.publicKey()));

    byte[] next = read.snapshot(lists.issuer, 5, List.of(), List.of(), lists.validity());

    SignedLists left = SignedLists.read(next, List.of(lists.key.publicKey()));
    assertThat(left.entries()).containsExactly(atTheEnd);
    assertThat(left.lifted()).isEqualTo(Lists.lifted(task("T-4", kept)));
    RevocationHeader header = Objects.requireNonNull(left.latest());
    assertThat(header.count()).isEqualTo(1);
    assertThat(header.liftedCount()).isEqualTo(1);
  }

  @Test
  void kind_everyOne_hasItsNumberAndNoOtherHasOne() {
    for (Kind kind : Kind.values()) {
      assertThat(Kind.ofWireId(kind.wireId())).isEqualTo(kind);
    }
    assertThat(Kind.values())
        .extracting(Kind::text)
        .containsExactly("block", "task", "holder", "delegator", "root", "approval", "last_holder");
    assertThat(List.of(-128, -1, 0, 8, 127)).allMatch(id -> Kind.ofWireId(id) == null);
  }

  @Test
  void header_showsWhichListItIsAndHowLongItCounts() {
    List<RevocationHeader> headers =
        SignedLists.read(
                Lists.join(lists.snapshot(5), lists.delta(5, 6)), List.of(lists.key.publicKey()))
            .headers();

    assertThat(headers.get(0)).hasToString("snapshot 5, issued " + Lists.NOON);
    assertThat(headers.get(1)).hasToString("delta 5 to 6, issued " + Lists.NOON);
    assertThat(headers.get(0).stale(Lists.NOON.plus(Lists.DUE))).isFalse();
    assertThat(headers.get(0).stale(Lists.NOON.plus(Lists.DUE).plusMillis(1))).isTrue();
    assertThat(headers.get(0))
        .hasSameHashCodeAs(
            SignedLists.read(lists.snapshot(5), List.of(lists.key.publicKey())).headers().get(0));
  }
}
