package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class IdHashTest {
  private static final int PLACES = 1 << 12;

  @Test
  void secret_eachTime_isAnother() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      hashes.add(IdHash.secret().of(1, 2));
    }

    assertThat(hashes).hasSizeGreaterThan(6);
  }

  @Test
  void of_anyBitOfTheId_counts() {
    IdHash hash = IdHash.secret();
    Set<Integer> hashes = new HashSet<>();
    hashes.add(hash.of(0, 0));
    for (int bit = 0; bit < Long.SIZE; bit++) {
      hashes.add(hash.of(1L << bit, 0));
      hashes.add(hash.of(0, 1L << bit));
    }

    assertThat(hashes).hasSizeGreaterThan(2 * Long.SIZE - 1);
  }

  /** By chance n ids fill 63 of 100 places of n. */
  @Test
  void of_idsThatFollowEachOther_fillsThePlaces() {
    IdHash hash = IdHash.secret();

    assertThat(filled(i -> hash.of(0, i))).isGreaterThan(PLACES / 2);
    assertThat(filled(i -> hash.of(i, 0))).isGreaterThan(PLACES / 2);
    assertThat(filled(i -> hash.of(i << 40, 7))).isGreaterThan(PLACES / 2);
    assertThat(filled(i -> hash.of(3, i << 32))).isGreaterThan(PLACES / 2);
  }

  private static int filled(LongUnaryOperator hash) {
    BitSet places = new BitSet(PLACES);
    for (int i = 0; i < PLACES; i++) {
      places.set((int) hash.applyAsLong(i) & (PLACES - 1));
    }
    return places.cardinality();
  }
}
