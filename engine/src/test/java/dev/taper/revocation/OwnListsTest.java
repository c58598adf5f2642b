package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.testing.OpenFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An issuer's own lists, of which it makes the next snapshot. */
class OwnListsTest {
  private static final int LARGE = RunStorage.MAX_HEAP_ENTRIES + 1;

  private final Lists lists = new Lists();

  private OwnLists read(byte[]... parts) throws IOException {
    return OwnLists.read(new ByteArrayInputStream(Lists.join(parts)), lists.key.publicKey());
  }

  private RevocationReader next(OwnLists own, Instant issued) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Validity validity = new Validity(issued, issued.plus(Lists.DUE), Lists.OLDEST);
    own.snapshot(lists.issuer, own.sequence() + 1, validity, list -> list.writeTo(out));
    RevocationReader reader =
        RevocationReader.of(
            new ByteArrayInputStream(out.toByteArray()), List.of(lists.key.publicKey()));
    assertThat(reader.next()).isNotNull();
    return reader;
  }

  /** Ends are whole seconds; what ended in the second of a moment within it has ended. */
  @Test
  void snapshot_entriesThatEnded_leavesThemOutFromTheMomentOn() throws IOException {
    Instant kept = Lists.NOON.minus(RevocationList.KEPT_AFTER_END);
    RevocationEntry[] entries =
        Stream.of(-1, 0, 1)
            .map(seconds -> Lists.task("T" + seconds, kept.plusSeconds(seconds)))
            .toArray(RevocationEntry[]::new);
    try (OwnLists own = read(lists.snapshot(1, entries))) {
      assertThat(next(own, Lists.NOON).entries()).containsExactlyInAnyOrder(entries[1], entries[2]);
      assertThat(next(own, Lists.NOON.plusMillis(1)).entries()).containsExactly(entries[2]);
    }
  }

  @Test
  void snapshot_whatWasLifted_saysSoUntilItWouldHaveEndedOrIsRevokedAgain() throws IOException {
    Instant kept = Lists.NOON.minus(RevocationList.KEPT_AFTER_END);
    RevocationEntry ended = Lists.task("T-1", kept.minusSeconds(1));
    RevocationEntry ends = Lists.task("T-2", kept);
    RevocationEntry again = Lists.task("T-3");
    RevocationEntry endless = Lists.task("T-4");
    try (OwnLists own =
        read(
            lists.snapshot(1, ended, ends, again, endless),
            lists.lifting(2, ended, ends, again, endless),
            lists.delta(2, 3, again))) {
      RevocationReader reader = next(own, Lists.NOON);

      assertThat(reader.entries()).containsExactly(again);
      assertThat(reader.lifted())
          .extracting(LiftedEntry::entry)
          .containsExactlyInAnyOrder(ends, endless);
    }
  }

  /** A snapshot says again all that counts. */
  @Test
  void read_snapshotBehindOthers_forgetsWhatTheyLifted() throws IOException {
    RevocationEntry task = Lists.task("T-1");
    try (OwnLists own =
        read(
            lists.snapshot(1, task),
            lists.lifting(2, task),
            lists.snapshot(3, Lists.task("T-2")))) {
      RevocationReader reader = next(own, Lists.NOON);

      assertThat(reader.entries()).containsExactly(Lists.task("T-2"));
      assertThat(reader.lifted()).isEmpty();
      assertThat(own.sequence()).isEqualTo(3);
    }
  }

  @Test
  void read_largeLists_leavesNoFileOpen() throws IOException {
    List<RevocationEntry> entries = new ArrayList<>(Lists.random(1, LARGE));
    byte[] first = lists.issuer.snapshot(1, entries, lists.validity());
    entries.addAll(Lists.random(2, 1));
    byte[] second = lists.issuer.snapshot(2, entries, lists.validity());
    OpenFiles open = OpenFiles.with(".revocations");

    try (OwnLists own = read(first, second)) {
      assertThat(open.more()).isEqualTo(1);
      assertThat(next(own, Lists.NOON.plus(Duration.ofSeconds(1))).entries()).hasSize(LARGE + 1);
      assertThat(open.more()).isEqualTo(1);
    }
    assertThat(open.more()).isZero();
    byte[] cut = Arrays.copyOf(second, second.length - 1);
    assertThatThrownBy(() -> read(first, cut)).isInstanceOf(Exception.class);
    assertThat(open.more()).isZero();
  }
}
