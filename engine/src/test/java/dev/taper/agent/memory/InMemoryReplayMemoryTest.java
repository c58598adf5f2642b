package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import dev.taper.testing.UsedHeap;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
class InMemoryReplayMemoryTest extends ReplayMemoryContract {
  @Override
  protected ReplayMemory open(int capacity) {
    return InMemoryReplayMemory.holding(capacity);
  }

  @Override
  protected int raced() {
    return 125_000; // by 8 threads, that is a million attempts
  }

  @Override
  protected int passes() {
    return 1;
  }

  @Test
  void known_usedHere_isSaidBeforeTheClaim() {
    ReplayMemory memory = open(10);
    memory.claim(proof("a"), ALICE, NOW);

    assertThat(memory.known(proof("a"))).isTrue();
  }

  @Test
  void claim_manyAuthorityBlocksOfOneDelegator_leaveRoomForEverybodyElse() {
    InMemoryReplayMemory memory = InMemoryReplayMemory.holding(1200);
    for (int block = 0; block < 50; block++) {
      claimed(memory, share("user:mallory", block), 100);
    }
    assertThat(memory.size()).isEqualTo(1125); // 15 of 16 parts

    assertThat(claimed(memory, share("user:alice", 1), 50)).isEqualTo(50);
    assertThat(claimed(memory, share("user:mallory", 99), 10)).isZero();
    assertThat(claimed(memory, share("user:bob", 1), 1000)).isEqualTo(25);
  }

  @Test
  void claim_whenTheShareHasEnded_hasRoomAgain() {
    InMemoryReplayMemory memory = InMemoryReplayMemory.holding(100);
    assertThat(claimed(memory, ALICE, 100)).isEqualTo(87);
    Instant later = NOW.plusSeconds(62); // one window and a group's width

    assertThat(memory.claim(proof("later", later), ALICE, later)).isTrue();
    assertThat(memory.claim(proof("more", later), ALICE, later)).isTrue();
    assertThat(memory.size()).isEqualTo(2);
  }

  private int next;

  private int claimed(ReplayMemory memory, MemoryShare share, int tries) {
    int accepted = 0;
    for (int i = 0; i < tries; i++) {
      try {
        accepted += memory.claim(proof("claimed " + next++), share, NOW) ? 1 : 0;
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_FULL);
      }
    }
    return accepted;
  }

  @Test
  void of_bytesThatAreTooFewOrTooMany_areRefused() {
    long half = Runtime.getRuntime().maxMemory() / 2;
    for (long bytes : new long[] {0, -1, Long.MIN_VALUE, 65_535, half + 1, Long.MAX_VALUE}) {
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> InMemoryReplayMemory.of(bytes));
    }
    assertThat(InMemoryReplayMemory.of(65_536).fill().capacity()).isEqualTo(1310);
  }

  @Test
  void defaultBytes_areAQuarterOfTheHeapOr64MiB() {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    long bytes = Math.min(64 << 20, quarter);

    assertThat(InMemoryReplayMemory.defaultBytes()).isEqualTo(bytes);
    assertThat(InMemoryReplayMemory.of().fill()).isEqualTo(new Fill(0, bytes / 50));
  }

  /** It grows with what is in it, takes no more than it may, and gives all of it back. */
  @Test
  void claim_untilFull_takesItsBytesAndGivesThemBack() {
    int bytes = 8 << 20;
    InMemoryReplayMemory memory = InMemoryReplayMemory.of(bytes);
    long empty = UsedHeap.bytes();
    int used = fillUp(memory, i -> ALICE);
    long full = UsedHeap.bytes() - empty;
    int left = forgetAll(memory);
    long after = UsedHeap.bytes() - empty;

    assertThat(used).isEqualTo((bytes / 8 * 7 - 540) / 50);
    assertThat(full).isBetween(bytes / 8 * 6L, bytes / 8 * 7L);
    assertThat(left).isOne();
    assertThat(after).isLessThan(1 << 17);
  }

  /** What is known of those who have proofs counts as well. */
  @Test
  void claim_eachOfAnotherDelegator_takesNoMoreThanItsBytes() {
    int bytes = 8 << 20;
    InMemoryReplayMemory memory = InMemoryReplayMemory.of(bytes);
    long empty = UsedHeap.bytes();
    int used = fillUp(memory, i -> MemoryShare.of("user:" + i, new byte[] {(byte) i, 1}));
    long full = UsedHeap.bytes() - empty;

    assertThat(used).isBetween(bytes / (50 + 320 + 220) - 1, bytes / (50 + 320 + 220));
    assertThat(full).isBetween(bytes / 2L, (long) bytes);
    assertThat(memory.fill().capacity() - used).isLessThan(30);
  }

  @Test
  void claim_eachOfAnotherBlock_takesNoMoreThanItsBytes() {
    int bytes = 8 << 20;
    InMemoryReplayMemory memory = InMemoryReplayMemory.of(bytes);
    long empty = UsedHeap.bytes();
    int used =
        fillUp(memory, i -> MemoryShare.of("user:alice", ByteBuffer.allocate(4).putInt(i).array()));
    long full = UsedHeap.bytes() - empty;

    assertThat(used).isEqualTo((bytes / 16 * 15 - 320) / (50 + 220));
    assertThat(full).isBetween(bytes / 2L, (long) bytes);
  }

  private static int fillUp(InMemoryReplayMemory memory, IntFunction<MemoryShare> shares) {
    long now = NOW.toEpochMilli();
    for (int i = 0; ; i++) {
      try {
        assertThat(memory.claim(use(memory, i, now), shares.apply(i), now)).isTrue();
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_FULL);
        return i;
      }
    }
  }

  private static UseIndex.Use use(InMemoryReplayMemory memory, int number, long now) {
    byte[] id = Digests.sha256(ByteBuffer.allocate(4).putInt(number).array());
    return memory.use(id, now, now + 60_001);
  }

  /** Claims so many proofs later that all others are forgotten; returns how many are left. */
  private static int forgetAll(InMemoryReplayMemory memory) {
    long later = NOW.plusSeconds(200).toEpochMilli();
    long last = NOW.plusSeconds(400).toEpochMilli();
    int calls = memory.size() / UseIndex.STEP + 1;
    for (int i = 0; i < calls; i++) {
      assertThat(memory.claim(use(memory, 500_000_000 + i, later), ALICE, later)).isTrue();
    }
    assertThat(memory.size()).isEqualTo(calls);
    while (memory.size() > UseIndex.STEP) {
      assertThat(memory.claim(use(memory, 1_000_000_000 + memory.size(), last), ALICE, last))
          .isTrue();
    }
    long end = last + 200_000;
    assertThat(memory.claim(use(memory, 2_000_000_000, end), ALICE, end)).isTrue();
    return memory.size();
  }

  /** Ids are chosen by holders; the fingerprint depends on all of one, and on a secret. */
  @Test
  void claim_idsThatShareAHalf_areDifferentProofs() {
    ReplayMemory memory = open(100);
    String half = "0123456789abcdef".repeat(2);
    for (String other : new String[] {"0".repeat(32), "0".repeat(31) + "1", "f".repeat(32)}) {
      for (String id : new String[] {half + other, other + half}) {
        ReplayMemory.Use use = new ReplayMemory.Use(id, NOW, NOW.plusSeconds(60));
        assertThat(memory.known(use)).isFalse();
        assertThat(memory.claim(use, ALICE, NOW)).isTrue();
        assertThat(memory.claim(use, ALICE, NOW)).isFalse();
      }
    }
  }

  @Test
  void use_inAnotherMemory_hasAnotherFingerprint() {
    byte[] id = new byte[32];
    UseIndex.Use here = InMemoryReplayMemory.holding(1).use(id, 0, 1);
    UseIndex.Use there = InMemoryReplayMemory.holding(1).use(id, 0, 1);

    assertThat(here.high).isNotEqualTo(there.high);
    assertThat(here.low).isNotEqualTo(there.low);
  }

  @Test
  void known_asText_isTheSameUseAsInBytes() {
    InMemoryReplayMemory memory = InMemoryReplayMemory.holding(10);
    byte[] id = Digests.sha256(new byte[] {1});
    long now = NOW.toEpochMilli();
    assertThat(memory.claim(memory.use(id, now, now + 1000), ALICE, now)).isTrue();

    assertThat(memory.known(ReplayMemory.Use.of(id, NOW, NOW.plusSeconds(1)))).isTrue();
  }

  @Test
  void claim_idThatIsNone_isRefused() {
    ReplayMemory memory = open(10);
    for (String id : new String[] {"", "a", "g".repeat(64)}) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          () -> memory.claim(new ReplayMemory.Use(id, NOW, NOW.plusSeconds(1)), ALICE, NOW));
    }
  }

  @Test
  void claim_capacityOfOne_isRoomForOne() {
    ReplayMemory memory = open(1);

    assertThat(memory.claim(proof("a"), ALICE, NOW)).isTrue();
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> memory.claim(proof("b"), ALICE, NOW));
  }

  @Test
  void mayWait_never() {
    assertThat(open(10).mayWait()).isFalse();
  }

  @Test
  void of_theLeastAndTheMostBytes_areTaken() {
    long most = Runtime.getRuntime().maxMemory() / 2;

    assertThat(InMemoryReplayMemory.of(InMemoryReplayMemory.MIN_BYTES).fill().size()).isZero();
    assertThat(InMemoryReplayMemory.of(most).fill().size()).isZero();
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> InMemoryReplayMemory.of(most + 1));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> InMemoryReplayMemory.of(InMemoryReplayMemory.MIN_BYTES - 1));
  }
}
