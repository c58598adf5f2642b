package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.testing.OpenFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists that are verified while they are copied. */
class CopyTest {
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
  private final Validity validity =
      Validity.from(Clock.systemUTC(), Duration.ofDays(1), Duration.ofDays(1));

  private byte[] snapshot(PrivateKey by, long sequence) {
    return RevocationIssuer.of(by).snapshot(sequence, List.of(), List.of(), validity);
  }

  private byte[] delta(long sequence) {
    return RevocationIssuer.of(key).delta(sequence - 1, sequence, List.of(), validity);
  }

  private byte[] readAll(byte[]... lists) throws IOException {
    return read(joined(lists));
  }

  private byte[] read(byte[] lists) throws IOException {
    try (RevocationReader.Copy copy =
        RevocationReader.copy(
            new ByteArrayInputStream(lists), List.of(key.publicKey(), other.publicKey()))) {
      ByteBuffer content = copy.content();
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      assertThat(copy.sha256()).isEqualTo(Digests.sha256().digest(bytes));
      return bytes;
    }
  }

  private static byte[] joined(byte[]... lists) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] list : lists) {
      all.writeBytes(list);
    }
    return all.toByteArray();
  }

  @Test
  void snapshotAndDeltas_ofEachIssuer_areKept() throws IOException {
    byte[] first = snapshot(key, 3);
    byte[] second = snapshot(other, 1);
    assertThat(readAll(first, delta(4), second, delta(5)))
        .isEqualTo(joined(first, delta(4), second, delta(5)));
    assertThat(readAll(delta(4), delta(5))).isEqualTo(joined(delta(4), delta(5)));
  }

  /** All that was signed before can be sent once more in its order, and is as long as one likes. */
  @Test
  void snapshot_behindAnother_isRefused() {
    for (byte[] before : List.of(snapshot(key, 1), delta(1))) {
      assertThatThrownBy(() -> readAll(before, snapshot(key, 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a snapshot and its deltas");
    }
    assertThatThrownBy(() -> readAll(snapshot(key, 2), delta(2))).isInstanceOf(IOException.class);
  }

  /** More than is kept on the heap: the entries, their order and their digest are verified. */
  @Test
  void largeLists_areCopiedToAFile_andRefusedIfChanged() throws IOException {
    byte[] large =
        RevocationIssuer.of(key).snapshot(7, Lists.random(3, 100_000), List.of(), validity);
    assertThat(read(large)).isEqualTo(large);

    byte[] changed = large.clone();
    changed[large.length - 1] ^= 1;
    assertThatThrownBy(() -> read(changed))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS));
    assertThatThrownBy(() -> read(Arrays.copyOf(large, large.length - 1)))
        .isInstanceOf(TaperException.class);
  }

  private RevocationReader.Copy copy(byte[]... lists) throws IOException {
    return RevocationReader.copy(
        new ByteArrayInputStream(joined(lists)), List.of(key.publicKey(), other.publicKey()));
  }

  @Test
  void headers_ofLists_areInTheirOrder() throws IOException {
    try (RevocationReader.Copy none = copy();
        RevocationReader.Copy three = copy(snapshot(key, 3), delta(4), snapshot(other, 1))) {
      assertThat(none.latest()).isNull();
      assertThat(three.headers())
          .extracting(RevocationHeader::sequence)
          .containsExactly(3L, 4L, 1L);
      assertThat(three.latest()).isEqualTo(three.headers().get(2));
    }
  }

  /** A MiB is kept on the heap; of what is longer the file is open as long as the copy. */
  @Test
  void copy_closedOrFailed_leavesNoFileOpen() throws IOException {
    OpenFiles open = OpenFiles.with(".revocations");
    int head = snapshot(key, 1).length;
    int most = ((1 << 20) - head) / RevocationIssuer.ENTRY_BYTES;
    for (int more : new int[] {0, 1}) {
      byte[] list =
          RevocationIssuer.of(key).snapshot(1, Lists.random(5, most + more), List.of(), validity);
      try (RevocationReader.Copy copy = copy(list)) {
        assertThat(open.more()).isEqualTo(more);
        assertThat(copy.content().remaining()).isEqualTo(list.length);
      }
      assertThat(open.more()).isZero();
      list[list.length - 1] ^= 1;
      assertThatThrownBy(() -> copy(list)).isInstanceOf(TaperException.class);
      assertThat(open.more()).isZero();
    }
  }
}
