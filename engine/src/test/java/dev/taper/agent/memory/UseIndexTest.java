package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.UsedHeap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UseIndexTest {
  private static final MemoryShare ALICE = new MemoryShare("alice", "block 1");
  private static final MemoryShare BOB = new MemoryShare("bob", "block 2");
  private static final long NOW = 1_900_000_000_000L;
  private static final long WINDOW = 90_000;
  private static final int MANY = 100_000;

  /** Far more than any bucket holds by chance. */
  private static final int LONG = 40;

  private final Random random = new Random(1);
  private long hashed;

  private UseIndex counted(int capacity) {
    IdHash secret = IdHash.secret();
    return new UseIndex(
        new MemoryShares(capacity),
        (high, low) -> {
          hashed++;
          return secret.of(high, low);
        });
  }

  private UseIndex.Use use(long until) {
    return new UseIndex.Use(random.nextLong(), random.nextLong(), until - WINDOW, until, 1);
  }

  private void fill(UseIndex index, MemoryShare share, int entries, long until) {
    for (int i = 0; i < entries; i++) {
      index.add(use(until), share, 1);
    }
  }

  @Test
  void add_many_hashesFewInEachCall() {
    UseIndex index = counted(MANY);
    long most = 0;
    for (int i = 0; i < MANY; i++) {
      hashed = 0;
      index.add(use(NOW), ALICE, 1);
      most = Math.max(most, hashed);
    }

    assertThat(most).isBetween(3L, (long) LONG);
  }

  @Test
  void makeRoom_allHaveEndedInOneSecond_forgetsFewInEachCall() {
    UseIndex index = counted(2 * MANY);
    fill(index, ALICE, MANY, NOW);
    long later = NOW + WINDOW;
    for (int left = MANY - UseIndex.STEP; left > 0; left -= UseIndex.STEP) {
      hashed = 0;
      index.makeRoom(ALICE, 1, later);
      assertThat(index.size()).isEqualTo(left);
      assertThat(hashed).isLessThan(LONG * UseIndex.STEP);
    }
    index.makeRoom(ALICE, 1, later);

    assertThat(index.size()).isZero();
    assertThat(index.forgotten()).isEqualTo(NOW - WINDOW);
  }

  @Test
  void makeRoom_notAllForgottenYet_othersCountAsUsed() {
    UseIndex index = counted(1000);
    UseIndex.Use first = use(NOW);
    index.add(first, ALICE, 1);
    fill(index, ALICE, UseIndex.STEP, NOW);
    index.makeRoom(ALICE, 1, NOW + WINDOW);
    assertThat(index.size()).isEqualTo(1);
    UseIndex.Use asLate = use(NOW);

    assertThat(index.isUsed(first)).isTrue();
    assertThat(index.isUsed(asLate)).isTrue();
  }

  /** Alice may have a third beside Bob, and seven eighths alone. */
  @Test
  void makeRoom_noRoomInAShare_forgetsAsMuchAsThatNeeds() {
    UseIndex index = counted(1000);
    fill(index, BOB, 400, NOW);
    fill(index, ALICE, 600, NOW + 1000);

    index.makeRoom(ALICE, 1, NOW);
    assertThat(index.size()).isEqualTo(1000);
    index.makeRoom(ALICE, 1, NOW + WINDOW);

    assertThat(index.hasRoom(ALICE, use(NOW + WINDOW))).isTrue();
    assertThat(index.size()).isLessThan(600).isGreaterThanOrEqualTo(600 - UseIndex.STEP);
  }

  @Test
  void dropEnded_allHaveEnded_forgetsAll() {
    UseIndex index = counted(1000);
    fill(index, ALICE, 500, NOW);
    fill(index, ALICE, 500, NOW + 7000);
    index.dropEnded(NOW + 7000);
    assertThat(index.size()).isEqualTo(500);
    index.dropEnded(NOW + 8000);

    assertThat(index.size()).isZero();
  }

  /** Proofs, and approvals, whose order is their end. */
  @ParameterizedTest
  @ValueSource(longs = {WINDOW, 0})
  void add_many_takeFiftyBytesEach(long beforeItsEnd) {
    int entries = 4 * MANY;
    UseIndex index = new UseIndex(entries);
    long before = UsedHeap.bytes();
    for (int i = 0; i < entries; i++) {
      long until = NOW + i % WINDOW;
      index.add(
          new UseIndex.Use(random.nextLong(), random.nextLong(), until - beforeItsEnd, until, 1),
          ALICE,
          1);
    }
    long taken = UsedHeap.bytes() - before;
    index.dropEnded(NOW + 2 * WINDOW);
    long left = UsedHeap.bytes() - before;

    assertThat((double) taken / entries).isBetween(46.0, 52.0);
    assertThat(left).isLessThan(MANY);
    assertThat(index.size()).isZero();
  }

  @Test
  void add_eachInAShareOfItsOwn_sharesGoWithThem() {
    UseIndex index = counted(1000);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 300; i++) {
        index.add(use(NOW + round * WINDOW + i * 100L), new MemoryShare("user " + i, "block"), 1);
      }
      assertThat(index.hasRoom(new MemoryShare("user 0", "block"), use(NOW))).isTrue();
      index.dropEnded(NOW + (round + 1) * WINDOW);
    }

    assertThat(index.size()).isZero();
    assertThat(index.hasRoom(ALICE, use(NOW))).isTrue();
  }
}
