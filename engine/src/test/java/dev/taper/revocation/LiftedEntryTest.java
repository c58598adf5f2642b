package dev.taper.revocation;

import static dev.taper.revocation.Lists.join;
import static dev.taper.revocation.Lists.lifted;
import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A revocation ends early only by a signed word of whoever made it. */
class LiftedEntryTest {
  private static final int LIFTED_BYTES = RevocationIssuer.ENTRY_BYTES + 2 + "a mistake".length();

  private final Lists lists = new Lists();
  private final Lists other = new Lists();
  private final RevocationList list = lists.list().build();
  private final RevocationList both =
      RevocationList.trusting(lists.key.publicKey(), other.key.publicKey())
          .clock(lists.clock)
          .forgottenAtRestart()
          .build();

  @Test
  void apply_snapshotThatDropsWhatHasNotEnded_isRefused() {
    list.apply(lists.snapshot(1, task("T-1"), task("T-2")));

    refused(() -> list.apply(lists.snapshot(2, task("T-2"))), ErrorCode.REVOCATIONS_DROPPED);

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.check(list, "T-1").sequence()).isEqualTo(1);
  }

  /** All or nothing: what is looked up now is not what is being read. */
  @Test
  void apply_liftAndBehindItAListThatIsRefused_liftsNothing() {
    list.apply(lists.snapshot(1, task("T-1"), task("T-2")));

    refused(
        () -> list.apply(join(lists.lifting(2, task("T-1"), task("T-2")), lists.delta(3, 4))),
        ErrorCode.REVOCATIONS_INCOMPLETE);

    assertThat(lists.revoked(list, "T-1")).isTrue();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(list.size()).isEqualTo(2);
  }

  @Test
  void signedLists_newSnapshot_replacesAllBefore() {
    byte[] first =
        lists.issuer.snapshot(
            1, List.of(task("T-1"), task("T-2")), lifted(task("T-3")), lists.validity());
    SignedLists read =
        SignedLists.read(
            join(first, lists.snapshot(2, task("T-2"))), List.of(lists.issuer.publicKey()));

    assertThat(read.entries()).containsExactly(task("T-2"));
    assertThat(read.lifted()).isEmpty();
  }

  @Test
  void apply_snapshotThatDrops_saysHowMuch() {
    list.apply(lists.snapshot(1, task("T-1"), task("T-2"), task("T-3")));

    assertThatThrownBy(() -> list.apply(lists.snapshot(2, task("T-2"), task("T-3"))))
        .hasMessage(
            "revocation list 2 leaves out 1 entry that has not ended, and does not lift it");
    assertThatThrownBy(() -> list.apply(lists.snapshot(2, task("T-2"))))
        .hasMessage(
            "revocation list 2 leaves out 2 entries that have not ended, and does not lift them");
  }

  @Test
  void apply_snapshotThatDropsWhatADeltaRevoked_isRefused() {
    list.apply(join(lists.snapshot(1), lists.delta(1, 2, task("T-1"))));

    refused(() -> list.apply(lists.snapshot(3)), ErrorCode.REVOCATIONS_DROPPED);
    refused(
        () -> list.apply(join(lists.snapshot(3), lists.delta(3, 4, task("T-1")))),
        ErrorCode.REVOCATIONS_DROPPED);
  }

  @Test
  void apply_snapshotWithAnEarlierEnd_isRefused() {
    list.apply(lists.snapshot(1, task("T-1", Lists.NOON.plusSeconds(60))));

    refused(
        () -> list.apply(lists.snapshot(2, task("T-1", Lists.NOON.plusSeconds(59)))),
        ErrorCode.REVOCATIONS_DROPPED);
    assertThat(list.apply(lists.snapshot(2, task("T-1", Lists.NOON.plusSeconds(60))))).isTrue();
  }

  @Test
  void apply_snapshotWithoutWhatHasEnded_isTaken() {
    list.apply(lists.snapshot(1, task("T-1", Lists.NOON.plusSeconds(60))));
    lists.clock.forward(Duration.ofSeconds(60));
    refused(() -> list.apply(lists.snapshot(2)), ErrorCode.REVOCATIONS_DROPPED);

    lists.clock.forward(Duration.ofSeconds(1));

    assertThat(list.apply(lists.snapshot(2))).isTrue();
  }

  /**
   * The lengths of reasons are signed with the entries alone, and headers are read without them.
   */
  @Test
  void next_overAReasonOfAnyLength_isRefused() throws IOException {
    List<LiftedEntry> entries = lifted(task("T-1"));
    byte[] list = lists.issuer.snapshot(1, List.of(), entries, lists.validity());
    int at = list.length - entries.get(0).reason().getBytes(StandardCharsets.UTF_8).length - 2;
    byte[] drawnOut = Arrays.copyOf(list, list.length + 70_000);
    Arrays.fill(drawnOut, at, at + 2, (byte) 0xFF);
    RevocationReader reader =
        RevocationReader.of(new ByteArrayInputStream(drawnOut), List.of(lists.key.publicKey()));

    assertThat(reader.next()).isNotNull();
    assertThatThrownBy(reader::next).hasMessageContaining("whose reason is not one");
  }

  @Test
  void apply_liftedByADelta_isRevokedNoMore() {
    list.apply(lists.snapshot(1, task("T-1"), task("T-2")));

    list.apply(lists.lifting(2, task("T-1")));

    assertThat(lists.revoked(list, "T-1")).isFalse();
    assertThat(lists.check(list, "T-1").clear()).isTrue();
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(list.size()).isEqualTo(1);
    assertThat(list.apply(lists.snapshot(3, task("T-2")))).isTrue();
  }

  @Test
  void apply_liftedByASnapshot_isRevokedNoMore() {
    list.apply(lists.snapshot(1, task("T-1"), task("T-2")));
    list.apply(
        lists.issuer.snapshot(2, List.of(task("T-2")), lifted(task("T-1")), lists.validity()));

    assertThat(lists.revoked(list, "T-1")).isFalse();
    assertThat(lists.revoked(list, "T-2")).isTrue();
  }

  @Test
  void apply_liftedAndRevokedInOneList_isRevoked() {
    list.apply(lists.snapshot(1, task("T-1")));
    list.apply(
        lists.issuer.delta(
            1,
            2,
            List.of(task("T-1", Lists.NOON.plusSeconds(9))),
            lifted(task("T-1")),
            lists.validity()));

    assertThat(lists.revoked(list, "T-1")).isTrue();
    lists.clock.forward(Duration.ofSeconds(10));
    assertThat(lists.revoked(list, "T-1")).isFalse();
  }

  @Test
  void apply_revokedAgainAfterItWasLifted_isRevoked() {
    list.apply(lists.snapshot(1, task("T-1")));
    list.apply(lists.lifting(2, task("T-1")));
    list.apply(lists.delta(2, 3, task("T-1")));

    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void apply_liftAmongManyRuns_liftsInAllOfThem() {
    list.apply(lists.issuer.snapshot(1, Lists.random(7, 300_000), lists.validity()));
    RevocationEntry large = Lists.random(7, 1).get(0);
    list.apply(lists.delta(1, 2, task("T-1"), large));
    list.apply(lists.delta(2, 3, task("T-2")));
    list.apply(lists.lifting(4, large, task("T-1")));

    assertThat(list.check(List.of(large.fingerprint()), Lists.NOON).clear()).isTrue();
    assertThat(lists.revoked(list, "T-1")).isFalse();
    assertThat(lists.revoked(list, "T-2")).isTrue();
  }

  @Test
  void apply_snapshotOfAnotherIssuer_undoesNothing() {
    both.apply(lists.snapshot(5, task("T-1")));
    both.apply(other.snapshot(1, task("T-2")));

    assertThat(lists.revoked(both, "T-1")).isTrue();
    assertThat(lists.revoked(both, "T-2")).isTrue();
    assertThat(lists.check(both, "T-1").sequence()).isEqualTo(5);
    assertThat(both.apply(other.snapshot(6, task("T-2")))).isTrue();
    assertThat(lists.revoked(both, "T-1")).isTrue();
  }

  @Test
  void apply_liftOfAnotherIssuer_liftsNothing() {
    both.apply(join(lists.snapshot(1, task("T-1")), other.snapshot(1)));

    both.apply(other.lifting(2, task("T-1")));

    assertThat(lists.revoked(both, "T-1")).isTrue();
  }

  @Test
  void apply_deltaOfAnotherIssuer_needsItsOwnSnapshot() {
    both.apply(lists.snapshot(5));

    refused(() -> both.apply(other.delta(5, 6, task("T-1"))), ErrorCode.REVOCATIONS_INCOMPLETE);
  }

  @Test
  void check_oneIssuerWithoutAList_isUnavailableButRevokes() {
    both.apply(lists.snapshot(1, task("T-1")));

    assertThat(lists.check(both, "T-2").status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    assertThat(lists.check(both, "T-2").clear()).isFalse();
    assertThat(lists.revoked(both, "T-1")).isTrue();
  }

  @Test
  void check_oneIssuerStale_isStale() {
    both.apply(lists.snapshot(1));
    lists.clock.forward(Duration.ofMinutes(9));
    other.clock.forward(Duration.ofMinutes(9));
    both.apply(other.snapshot(1));
    assertThat(lists.check(both, "T-1").clear()).isTrue();

    lists.clock.forward(Duration.ofMinutes(2));

    assertThat(lists.check(both, "T-1").status()).isEqualTo(RevocationStatus.STALE);
    both.apply(lists.delta(1, 2));
    assertThat(lists.check(both, "T-1").clear()).isTrue();
  }

  @Test
  void signedLists_liftedAndRevokedAnew_isNotLifted() {
    byte[] first = lists.issuer.snapshot(1, List.of(), lifted(task("T-1")), lists.validity());
    byte[] second = lists.issuer.delta(1, 2, List.of(task("T-1")), List.of(), lists.validity());
    SignedLists read = SignedLists.read(join(first, second), List.of(lists.issuer.publicKey()));
    assertThat(read.lifted()).isEmpty();
    assertThat(read.entries()).containsExactly(task("T-1"));

    byte[] next = read.snapshot(lists.issuer, 3, List.of(), lifted(task("T-1")), lists.validity());
    SignedLists ended = SignedLists.read(next, List.of(lists.issuer.publicKey()));
    assertThat(ended.lifted()).isEqualTo(lifted(task("T-1")));
    byte[] last =
        ended.snapshot(lists.issuer, 4, List.of(task("T-1")), List.of(), lists.validity());
    assertThat(SignedLists.read(last, List.of(lists.issuer.publicKey())).lifted()).isEmpty();
  }

  @Test
  void read_liftedEntries_comeBackAsTheyWereMade() throws IOException {
    List<LiftedEntry> made = lifted(task("T-1"), task("T-2", Lists.NOON));
    byte[] first = lists.issuer.snapshot(1, List.of(task("T-3")), made, lists.validity());
    RevocationReader reader =
        RevocationReader.of(
            new ByteArrayInputStream(join(first, lists.delta(1, 2, task("T-4")))),
            List.of(lists.key.publicKey()));

    assertThat(reader.next()).isNotNull();
    assertThat(reader.entries()).containsExactly(task("T-3"));
    assertThat(reader.lifted()).containsExactlyInAnyOrderElementsOf(made);
    reader.next();
    assertThat(reader.entries()).containsExactly(task("T-4"));
    assertThat(reader.lifted()).isEmpty();
  }

  @Test
  void next_listThatWasNotRead_isSkippedWithItsLiftedEntries() throws IOException {
    byte[] first =
        lists.issuer.snapshot(1, List.of(task("T-3")), lifted(task("T-1")), lists.validity());
    RevocationReader reader =
        RevocationReader.of(
            new ByteArrayInputStream(join(first, lists.delta(1, 2))),
            List.of(lists.key.publicKey()));

    reader.next();

    assertThat(Objects.requireNonNull(reader.next()).sequence()).isEqualTo(2);
    assertThat(reader.next()).isNull();
  }

  @Test
  void apply_anyByteOfALiftedEntryChangedOrCut_isRefused() {
    byte[] good =
        lists.issuer.snapshot(
            1, List.of(), lifted(task("T-1"), task("T-2", Lists.NOON)), lists.validity());
    int body = good.length - 2 * LIFTED_BYTES;
    for (int i = body; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      refused(() -> list.apply(changed), ErrorCode.MALFORMED_REVOCATIONS);
      byte[] cut = Arrays.copyOf(good, i);
      refused(() -> list.apply(cut), ErrorCode.MALFORMED_REVOCATIONS);
    }
    assertThat(list.apply(good)).isTrue();
  }

  @Test
  void apply_signedLiftedEntriesThatAreNone_areRefused() {
    byte[] good =
        lists.issuer.snapshot(1, List.of(), lifted(task("T-1"), task("T-2")), lists.validity());
    int body = good.length - 2 * LIFTED_BYTES;
    byte[] first = Arrays.copyOfRange(good, body, body + LIFTED_BYTES);
    byte[] second = Arrays.copyOfRange(good, body + LIFTED_BYTES, good.length);
    byte[] unknownKind = second.clone();
    unknownKind[Fingerprint.BYTES] = 8;
    byte[] noText = second.clone();
    noText[LIFTED_BYTES - 1] = (byte) 0xff;
    byte[] hidden = second.clone();
    hidden[LIFTED_BYTES - 1] = '\n';

    for (byte[] bad :
        List.of(
            join(second, first),
            join(first, first),
            join(first, unknownKind),
            join(first, noText),
            join(first, hidden))) {
      refused(() -> list.apply(withBody(good, bad)), ErrorCode.MALFORMED_REVOCATIONS);
    }
    assertThat(list.apply(withBody(good, join(first, second)))).isTrue();
  }

  /** The list with another body of the same length, properly signed. */
  private byte[] withBody(byte[] list, byte[] body) {
    byte[] signed =
        lists.resigned(
            list,
            header ->
                header.put(
                    Lists.headerBytes() - RevocationHeader.DIGEST_BYTES,
                    Digests.sha256().digest(body)));
    return join(Arrays.copyOf(signed, signed.length - body.length), body);
  }

  @Test
  void entries_withoutAHeaderOrOnceMore_areRefused() throws IOException {
    RevocationReader reader =
        RevocationReader.of(
            new ByteArrayInputStream(lists.snapshot(1, task("T-3"))),
            List.of(lists.key.publicKey()));
    refused(reader::entries, ErrorCode.MALFORMED_REVOCATIONS);
    reader.next();
    assertThat(reader.entries()).hasSize(1);

    refused(reader::entries, ErrorCode.MALFORMED_REVOCATIONS);
    refused(() -> reader.layer(RunStorage.DEFAULT), ErrorCode.MALFORMED_REVOCATIONS);
  }

  @Test
  void liftedEntry_longestReason_isReadBack() {
    List<LiftedEntry> made = List.of(LiftedEntry.of(task("T-1"), "ü".repeat(512)));
    byte[] list = lists.issuer.snapshot(1, List.of(), made, lists.validity());

    assertThat(SignedLists.read(list, List.of(lists.key.publicKey())).lifted()).isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two\nlines", "right\u202eto left", "ends in space "})
  void liftedEntry_reasonThatPeopleCannotRead_isRefused(String reason) {
    refused(() -> LiftedEntry.of(task("T-1"), reason), ErrorCode.INVALID_REQUEST);
    refused(() -> LiftedEntry.of(task("T-1"), "x".repeat(1025)), ErrorCode.INVALID_REQUEST);
  }
}
