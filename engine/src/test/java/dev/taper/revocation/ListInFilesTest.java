package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.revocation.RunStorage.Space;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private copies of lists whose bytes change, that find no room, that are freed. */
class ListInFilesTest {
  private static final int COUNT = 20_000;

  private final Lists lists = new Lists();
  private final List<RevocationEntry> revoked = Lists.random(1, COUNT);
  private final List<RevocationEntry> others = Lists.random(2, COUNT);
  private final byte[] snapshot = lists.issuer.snapshot(7, revoked, lists.validity());
  @TempDir Path folder;

  private RevocationList.Builder inFiles() {
    return lists.list().storage(new RunStorage(folder, 0, Space.USABLE));
  }

  private RevocationCheck check(RevocationList list, RevocationEntry entry) {
    return list.check(List.of(entry.fingerprint()), lists.clock.instant());
  }

  /** Overwrites all entries with zeros. */
  private static void wipe(RevocationList list) throws IOException {
    int bytes = COUNT * SortedRun.ENTRY_BYTES;
    list.files().get(0).write(0, new byte[bytes], 0, bytes);
  }

  /** Of a list of one entry every bit counts, whichever changes. */
  @Test
  void check_entryOfWhichABitChanged_denies() throws IOException {
    RevocationEntry entry = Lists.task("T-1", Lists.NOON.plusSeconds(3600));
    byte[] one = lists.snapshot(7, entry);
    RevocationList whole = inFiles().build();
    whole.apply(one);
    byte[] stored = stored(entry, whole);
    for (int bit = 0; bit < SortedRun.ENTRY_BYTES * Byte.SIZE; bit++) {
      RevocationList list = inFiles().build();
      list.apply(one);
      byte[] changed = stored.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      list.files().get(0).write(0, changed, 0, changed.length);

      assertThat(check(list, entry).status())
          .as("bit %d", bit)
          .isEqualTo(RevocationStatus.UNAVAILABLE);
      assertThat(list.isLost()).isTrue();
    }
    assertThat(check(whole, entry).revoked()).isZero();
  }

  /** The bytes of the entry that a list of one has. */
  private static byte[] stored(RevocationEntry entry, RevocationList list) throws IOException {
    assertThat(list.files()).hasSize(1);
    byte[] bytes = new byte[SortedRun.ENTRY_BYTES];
    list.files().get(0).map(bytes.length).get(bytes);
    assertThat(ByteBuffer.wrap(bytes).getLong()).isEqualTo(entry.fingerprint().high());
    return bytes;
  }

  @Test
  void check_copyThatWasOverwritten_isLostUntilTheListIsAppliedAgain() throws IOException {
    RevocationList list = inFiles().build();
    list.apply(snapshot);
    assertThat(list.isLost()).isFalse();
    assertThat(list.isLost(lists.key.publicKey())).isFalse();
    assertThat(list.isLost(null)).isFalse();
    assertThat(list.health().sources()).isEmpty();
    wipe(list);

    assertThat(check(list, others.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    assertThat(check(list, others.get(0)).revoked()).isEqualTo(-1);
    assertThat(check(list, revoked.get(0)).revoked()).isEqualTo(-1);
    assertThat(list.isLost()).isTrue();
    assertThat(list.isLost(lists.key.publicKey())).isTrue();
    assertThat(list.isLost(null)).isTrue();
    assertThat(list.isLost(PrivateKey.generate(Algorithm.ED25519).publicKey())).isTrue();
    assertThat(list.health().sources())
        .singleElement()
        .satisfies(
            source -> {
              assertThat(source.name()).isEqualTo("its private copy");
              assertThat(source.failure()).isNotNull();
            });

    // No older list, and no delta alone, takes its place.
    assertRefused(list, lists.snapshot(6), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertRefused(list, lists.delta(7, 8), ErrorCode.REVOCATIONS_INCOMPLETE);
    assertRefused(list, lists.snapshot(7), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(list.apply(snapshot)).isTrue();
    assertThat(check(list, revoked.get(0)).revoked()).isZero();
    assertThat(check(list, others.get(0)).clear()).isTrue();
    assertThat(list.health().sources()).isEmpty();
  }

  /** A list of somebody else stays. */
  @Test
  void isLost_oneOfTwoLists_isThatIssuersAlone() throws IOException {
    Lists second = new Lists();
    RevocationList list =
        RevocationList.trusting(lists.key.publicKey(), second.key.publicKey())
            .clock(lists.clock)
            .forgottenAtRestart()
            .storage(new RunStorage(folder, 1_000, Space.USABLE))
            .build();
    list.apply(snapshot);
    list.apply(second.snapshot(1, Lists.task("T-1")));
    wipe(list);

    assertThat(check(list, others.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);

    assertThat(list.isLost(lists.key.publicKey())).isTrue();
    assertThat(list.isLost(second.key.publicKey())).isFalse();
    assertThat(list.isLost()).isTrue();
    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  @Test
  void feed_copyThatWasOverwritten_fetchesTheListAgain() throws IOException {
    Path file = Files.write(folder.resolve("list"), snapshot);
    RevocationList list = inFiles().build();
    try (RevocationFeed feed =
        RevocationFeed.start(RevocationSource.file(file), list, Duration.ofDays(1))) {
      wipe(list);
      assertThat(check(list, revoked.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);

      assertThat(feed.refresh()).isTrue();
      assertThat(check(list, revoked.get(0)).revoked()).isZero();
      assertThat(check(list, others.get(0)).clear()).isTrue();
    }
  }

  /** What is read to take the next list must be genuine, or the next list could leave it out. */
  @Test
  void apply_behindACopyThatWasOverwritten_takesNothingAndDenies() throws IOException {
    RevocationList list = inFiles().build();
    list.apply(snapshot);
    wipe(list);
    byte[] next = lists.issuer.snapshot(8, revoked, lists.validity());

    assertThatThrownBy(() -> list.apply(next))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be read");
    assertThat(check(list, others.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    assertThat(list.apply(next)).isTrue();
    assertThat(check(list, others.get(0)).clear()).isTrue();
  }

  @Test
  void apply_asManyEntriesAsTheHeapHolds_makesNoFile() {
    List<RevocationEntry> four = revoked.subList(0, 4);
    for (int most = 3; most <= 4; most++) {
      RevocationList list =
          lists.list().storage(new RunStorage(folder, most, Space.USABLE)).build();
      list.apply(lists.issuer.snapshot(7, four, lists.validity()));

      assertThat(list.files()).hasSize(4 - most);
    }
  }

  private static void assertRefused(RevocationList list, byte[] lists, ErrorCode code) {
    assertThatThrownBy(() -> list.apply(lists))
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void apply_moreThanTheDiskHas_isRefusedAndTheOldListStays() throws IOException {
    long[] left = {Long.MAX_VALUE};
    RevocationList list = lists.list().storage(new RunStorage(folder, 0, where -> left[0])).build();
    Path file = Files.write(folder.resolve("list"), snapshot);
    try (RevocationFeed feed =
        RevocationFeed.start(RevocationSource.file(file), list, Duration.ofDays(1))) {
      left[0] = 100_000;
      List<RevocationEntry> more = new ArrayList<>(revoked);
      more.addAll(others);
      Files.write(file, lists.issuer.snapshot(8, more, lists.validity()));

      assertThat(feed.refresh()).isFalse();
      assertThat(feed.failure())
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.REVOCATIONS_TOO_LARGE);
                assertThat(e)
                    .hasMessageContaining("takes 1 MiB in " + folder + ", which has 0 MiB");
              });
      assertThat(list.health().sources().get(0).failure()).isNotNull();
      assertThat(list.latest()).isNotNull();
      assertThat(list.highestSequence(lists.key.publicKey())).isEqualTo(7);
      assertThat(check(list, revoked.get(0)).revoked()).isZero();
      assertThat(check(list, others.get(0)).clear()).isTrue();
      assertThat(list.files()).hasSize(1);

      left[0] = Long.MAX_VALUE;
      assertThat(feed.refresh()).isTrue();
      assertThat(check(list, others.get(0)).revoked()).isZero();
      assertThat(list.files()).hasSize(1);
    }
  }

  /** A signed header must not make room for what never comes. */
  @Test
  void apply_listThatEndsEarly_leavesNoFile() {
    RevocationList list = inFiles().build();
    byte[] cut = new byte[snapshot.length - 21];
    System.arraycopy(snapshot, 0, cut, 0, cut.length);
    assertRefused(list, cut, ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(list.files()).isEmpty();
  }

  /** Many deltas in one file take the room of few. */
  @Test
  void apply_manyDeltasAtOnce_mergesThemOnTheWay() throws IOException {
    RevocationList list = inFiles().build();
    List<byte[]> all = new ArrayList<>(List.of(snapshot));
    for (int i = 0; i < 100; i++) {
      all.add(lists.issuer.delta(7 + i, 8 + i, Lists.random(100 + i, 200), lists.validity()));
    }
    int[] most = {0};
    InputStream in =
        new ByteArrayInputStream(Lists.join(all.toArray(new byte[0][]))) {
          @Override
          public synchronized int read(byte[] bytes, int from, int length) {
            most[0] = Math.max(most[0], list.files().size());
            return super.read(bytes, from, length);
          }
        };
    assertThat(list.apply(in)).isTrue();
    assertThat(most[0]).isBetween(1, 8);
    assertThat(list.size()).isEqualTo(COUNT + 100 * 200);
    for (int i = 0; i < 100; i++) {
      for (RevocationEntry entry : Lists.random(100 + i, 200)) {
        assertThat(check(list, entry).revoked()).isZero();
      }
    }
  }
}
