package dev.taper.server.serve.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists that are read and kept, from a server that has all that were ever signed. */
class SignedBytesTest {
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

  private byte[] read(byte[]... lists) throws IOException {
    return SignedBytes.read(
        new ByteArrayInputStream(joined(lists)), List.of(key.publicKey(), other.publicKey()));
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
    assertThat(read(first, delta(4), second, delta(5)))
        .isEqualTo(joined(first, delta(4), second, delta(5)));
    assertThat(read(delta(4), delta(5))).isEqualTo(joined(delta(4), delta(5)));
  }

  /** All that was signed before can be sent once more in its order, and is as long as one likes. */
  @Test
  void snapshot_behindAnother_isRefused() {
    for (byte[] before : List.of(snapshot(key, 1), delta(1))) {
      assertThatThrownBy(() -> read(before, snapshot(key, 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a snapshot and its deltas");
    }
    assertThatThrownBy(() -> read(snapshot(key, 2), delta(2))).isInstanceOf(IOException.class);
  }
}
