package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureBatchTest {
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final byte[] OTHER = {1, 2, 4};

  private final KnownKeys tables = new KnownKeys(KnownKeysTest.bytesFor(20), Runnable::run);
  private final List<PrivateKey> known = new ArrayList<>();
  private final PrivateKey unknown = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey p256 = PrivateKey.generate(Algorithm.SECP256R1);

  SignatureBatchTest() {
    for (int i = 0; i < 6; i++) {
      known.add(PrivateKey.generate(Algorithm.ED25519));
      tables.pinAll(List.of(known.get(i).publicKey()));
    }
  }

  private Signatures.Batch batch() {
    return Signatures.Batch.of(SignatureBackend.preferred(), tables);
  }

  private static boolean add(Signatures.Batch batch, PrivateKey key, boolean valid) {
    return batch.add(key.publicKey(), valid ? MESSAGE : OTHER, key.sign(MESSAGE));
  }

  @Test
  void firstInvalid_nothingAdded_none() {
    assertThat(batch().firstInvalid()).isEqualTo(-1);
  }

  /** Keys of every kind in any order: what comes out is the first invalid one. */
  @Test
  void firstInvalid_anyMixture_theFirst() {
    Random random = new Random(1);
    List<PrivateKey> all = new ArrayList<>(known);
    all.addAll(List.of(unknown, unknown, p256));
    for (int n = 0; n < 300; n++) {
      Signatures.Batch batch = batch();
      int first = -1;
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        boolean valid = random.nextInt(12) > 0;
        first = first < 0 && !valid ? i : first;
        boolean fine = add(batch, all.get(random.nextInt(all.size())), valid);
        assertThat(fine || first >= 0).as("says no only if one is invalid").isTrue();
      }

      assertThat(batch.firstInvalid()).isEqualTo(first);
      assertThat(batch.firstInvalid()).as("asked again").isEqualTo(first);
    }
  }

  /** So a forger makes nobody verify more than four signatures by known keys in vain. */
  @Test
  void add_behindAnInvalidOne_saysSoAfterAtMostFour() {
    Signatures.Batch batch = batch();
    assertThat(add(batch, known.get(0), false)).isTrue();
    assertThat(add(batch, known.get(1), true)).isTrue();
    assertThat(add(batch, known.get(2), true)).isTrue();
    assertThat(add(batch, known.get(3), true)).isFalse();
    assertThat(add(batch, known.get(4), true)).isFalse();
    assertThat(batch.firstInvalid()).isZero();
  }

  /** An inversion takes as long as 60 products: those of up to four signatures are one. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "4, 1", "5, 2", "8, 2", "9, 3"})
  void firstInvalid_neighboursByKnownKeys_shareInversions(int signatures, int inversions) {
    List<PrivateKey> keys = new ArrayList<>();
    List<byte[]> signed = new ArrayList<>();
    for (int i = 0; i < signatures; i++) {
      keys.add(known.get(i % known.size()));
      signed.add(keys.get(i).sign(MESSAGE));
    }
    Signatures.Batch batch = batch();
    int before = Ed25519Field.inversions;
    for (int i = 0; i < signatures; i++) {
      assertThat(batch.add(keys.get(i).publicKey(), MESSAGE, signed.get(i))).isTrue();
    }
    assertThat(batch.firstInvalid()).isEqualTo(-1);
    assertThat(Ed25519Field.inversions - before).isEqualTo(inversions);
  }

  /** And none by a new key, which costs more. */
  @Test
  void add_newKeyBehindAnInvalidKnownOne_isNotVerified() {
    Signatures.Batch batch = batch();
    assertThat(add(batch, known.get(0), false)).isTrue();
    assertThat(add(batch, unknown, false)).isFalse();
    assertThat(batch.firstInvalid()).isZero();
  }

  @Test
  void add_invalidByANewKey_saysSoAtOnce() {
    Signatures.Batch batch = batch();
    assertThat(add(batch, unknown, true)).isTrue();
    assertThat(add(batch, p256, false)).isFalse();
    assertThat(add(batch, known.get(0), true)).isFalse();
    assertThat(batch.firstInvalid()).isEqualTo(1);
  }

  @Test
  void add_knownKeyAndMalformedSignature_invalid() {
    for (int length : new int[] {0, 63, 65}) {
      Signatures.Batch batch = batch();
      byte[] signature = Arrays.copyOf(known.get(0).sign(MESSAGE), length);
      assertThat(add(batch, known.get(1), true)).isTrue();
      assertThat(batch.add(known.get(0).publicKey(), MESSAGE, signature)).isFalse();
      assertThat(batch.firstInvalid()).isEqualTo(1);
    }
  }

  @Test
  void preferred_keysWithoutTables_verified() {
    Signatures.Batch batch = Signatures.Batch.preferred();
    assertThat(add(batch, unknown, true)).isTrue();
    assertThat(add(batch, unknown, false)).isFalse();
    assertThat(batch.firstInvalid()).isEqualTo(1);
  }
}
