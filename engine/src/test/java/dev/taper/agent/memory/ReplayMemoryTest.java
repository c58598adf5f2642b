package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayMemoryTest {
  private static final long NOW = 1_772_366_400_000L;
  private static final PublicKey ALICE = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private static final PublicKey BOB = PrivateKey.generate(Algorithm.ED25519).publicKey();

  private static final MemoryShare ONE = MemoryShare.of("user:alice", new byte[] {1});

  private final SettableClock clock = new SettableClock(Instant.ofEpochMilli(NOW));

  @Test
  void claim_sameNonceAndKey_isAReplay() {
    ReplayMemory cache = ReplayMemory.of(clock);
    claim(cache, NOW, nonce(1), ALICE);
    replayed(cache, NOW, 1, ALICE);
    replayed(cache, NOW + 1, 1, ALICE);
    claim(cache, NOW, nonce(1), BOB);
    claim(cache, NOW, nonce(2), ALICE);
    assertThat(cache.size()).isEqualTo(3);
  }

  @Test
  void claim_untilTheWindowEnds_isRemembered() {
    ReplayMemory cache = ReplayMemory.of(clock);
    claim(cache, NOW, nonce(1), ALICE);
    for (long age : new long[] {0, 1, 30_000, 59_999, 60_000}) {
      clock.set(Instant.ofEpochMilli(NOW + age));
      replayed(cache, NOW, 1, ALICE);
    }
    clock.set(Instant.ofEpochMilli(NOW + 60_001));
    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> claim(cache, NOW, nonce(1), ALICE));
  }

  /** A caller whose clock is wrong is told by how much. */
  @Test
  void claim_outsideOfTheWindow_saysByHowMuchTheClocksDiffer() {
    ReplayMemory cache = ReplayMemory.of(clock);

    assertThatThrownBy(() -> claim(cache, NOW - 130_000, nonce(1), ALICE))
        .hasMessage(
            "the proof was made 130 s ago, more than 60 s; every call needs a new one, and if this"
                + " one is new, your clock is 130 s behind");
    assertThatThrownBy(() -> claim(cache, NOW + 30_250, nonce(1), ALICE))
        .hasMessage(
            "the proof was made 30.25 s ahead of the verifier's clock, more than 30 s: your clock"
                + " is 30.25 s ahead");
    assertThatThrownBy(() -> claim(cache, Long.MAX_VALUE, nonce(1), ALICE))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.HOLDER_PROOF_NOT_YET_VALID));
  }

  @Test
  void claim_proofFromAhead_isRememberedForItsWholeWindow() {
    ReplayMemory cache = ReplayMemory.of(clock);
    claim(cache, NOW + 30_000, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 90_000));
    replayed(cache, NOW + 30_000, 1, ALICE);
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    ReplayMemory cache = ReplayMemory.of(ProofWindow.DEFAULT, 6, clock);
    for (int i = 0; i < 3; i++) {
      claim(cache, NOW, nonce(i), ALICE);
    }
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> claim(cache, NOW, nonce(3), ALICE));
    for (int i = 0; i < 3; i++) {
      replayed(cache, NOW, i, ALICE);
    }
    clock.set(Instant.ofEpochMilli(NOW + 60_000));
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> claim(cache, NOW + 60_000, nonce(3), ALICE));

    clock.set(
        Instant.ofEpochMilli(
            NOW + 62_000)); // one window and a group's width later there is room again
    claim(cache, NOW + 62_000, nonce(3), ALICE);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void look_claimsNothing() {
    ReplayMemory cache = ReplayMemory.of(clock);
    ReplayMemory.Unused first = cache.look(NOW, nonce(1), ALICE);
    ReplayMemory.Unused second = cache.look(NOW, nonce(1), ALICE);
    assertThat(cache.size()).isZero();

    first.claim(ONE);
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> second.claim(ONE));
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> cache.look(NOW, nonce(1), ALICE));
  }

  @Test
  void claim_windowEndedSinceTheLook_isExpired() {
    ReplayMemory cache = ReplayMemory.of(clock);
    ReplayMemory.Unused looked = cache.look(NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 60_001));

    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> looked.claim(ONE));
    assertThat(cache.size()).isZero();
  }

  @Test
  void claim_upToHalf_limitsNobody() {
    ReplayMemory cache = ReplayMemory.of(ProofWindow.DEFAULT, 100, clock);
    assertThat(claimed(cache, ONE, 100)).isEqualTo(50);
    assertThat(claimed(cache, share("user:bob", 1), 1)).isEqualTo(1);
  }

  @Test
  void claim_manyAuthorityBlocksOfOneDelegator_leaveRoomForEverybodyElse() {
    ReplayMemory cache = ReplayMemory.of(ProofWindow.DEFAULT, 1200, clock);
    for (int block = 0; block < 50; block++) {
      claimed(cache, share("user:mallory", block), 100);
    }
    // Three quarters of it, and a first entry for each block that came later.
    assertThat(cache.size()).isEqualTo(939);

    // Who comes gets half of its share of 400 for its first authority block, or what is left.
    assertThat(claimed(cache, share("user:alice", 1), 1000)).isEqualTo(200);
    assertThat(claimed(cache, share("user:mallory", 99), 10)).isZero();
    assertThat(claimed(cache, share("user:bob", 1), 1000)).isEqualTo(61);
    for (int i = 0; i < 50; i++) {
      claimed(cache, share("user:" + i, 1), 10);
    }
    assertThat(cache.size()).isLessThanOrEqualTo(1200);
  }

  @Test
  void claim_oneAuthorityBlockTakesAllItCan_anotherOfTheSameDelegatorHasRoom() {
    ReplayMemory cache = ReplayMemory.of(ProofWindow.DEFAULT, 300, clock);
    claimed(cache, share("user:bob", 1), 150);
    int greedy = claimed(cache, share("user:alice", 1), 1000);
    int modest = claimed(cache, share("user:alice", 2), 10);

    assertThat(greedy).isEqualTo(50); // half of the third that Alice may have
    assertThat(modest).isEqualTo(10);
  }

  @Test
  void claim_whenTheShareHasEnded_hasRoomAgain() {
    ReplayMemory cache = ReplayMemory.of(ProofWindow.DEFAULT, 100, clock);
    claimed(cache, ONE, 100);
    clock.set(Instant.ofEpochMilli(NOW + 62_000));

    assertThat(claimed(cache, ONE, NOW + 62_000, 100)).isEqualTo(50);
    assertThat(cache.size()).isEqualTo(50);
  }

  private int nextNonce = 1_000;

  private int claimed(ReplayMemory cache, MemoryShare share, int tries) {
    return claimed(cache, share, NOW, tries);
  }

  private int claimed(ReplayMemory cache, MemoryShare share, long issuedAt, int tries) {
    int accepted = 0;
    for (int i = 0; i < tries; i++) {
      ReplayMemory.Unused unused = cache.look(issuedAt, nonce(nextNonce++), ALICE);
      try {
        unused.claim(share);
        accepted++;
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_FULL);
      }
    }
    return accepted;
  }

  private static MemoryShare share(String delegator, int authority) {
    return MemoryShare.of(delegator, new byte[] {(byte) authority});
  }

  @Test
  void claim_clockSetBack_revivesNothing() {
    ReplayMemory cache = ReplayMemory.of(clock);
    claim(cache, NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 200_000));
    claim(cache, NOW + 200_000, nonce(2), ALICE);
    assertThat(cache.size()).isEqualTo(1); // the first has been forgotten

    clock.set(Instant.ofEpochMilli(NOW));
    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> claim(cache, NOW, nonce(1), ALICE));
  }

  @Test
  void of_capacityBelowOne_isRefused() {
    for (int capacity : new int[] {0, -1, Integer.MIN_VALUE}) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT, () -> ReplayMemory.of(ProofWindow.DEFAULT, capacity, clock));
    }
    assertThat(ReplayMemory.of(clock).window()).isEqualTo(ProofWindow.DEFAULT);
  }

  @Test
  void window_outOfRange_isRefused() {
    Duration second = Duration.ofSeconds(1);
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new ProofWindow(Duration.ofMillis(-1), second));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new ProofWindow(second, Duration.ofMillis(-1)));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new ProofWindow(ProofWindow.MAX.plusNanos(1), second));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> new ProofWindow(second, Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(new ProofWindow(ProofWindow.MAX, ProofWindow.MAX).back()).isEqualTo(ProofWindow.MAX);
  }

  @Test
  void claim_eightThreadsRaceForOneNonce_exactlyOneWins() throws Exception {
    int threads = 8;
    ReplayMemory cache = ReplayMemory.of(clock);
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 300; round++) {
        byte[] nonce = nonce(round);
        Callable<Boolean> racer =
            () -> {
              start.await();
              return accepts(cache, NOW, nonce, ALICE);
            };
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          results.add(pool.submit(racer));
        }
        int winners = 0;
        for (Future<Boolean> result : results) {
          winners += result.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(cache.size()).isEqualTo(300);
  }

  /** A model that forgets nothing: the cache must never accept what the model has seen. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void claim_randomUse_agreesWithAModel(long seed) {
    Random random = new Random(seed);
    ProofWindow window = new ProofWindow(Duration.ofMillis(700), Duration.ofMillis(300));
    ReplayMemory cache = ReplayMemory.of(window, 1_000_000, clock);
    Map<Integer, Long> used = new HashMap<>(); // nonce to the time of its proof
    long now = NOW;
    int accepted = 0;
    int replays = 0;
    for (int i = 0; i < 30_000; i++) {
      now += random.nextInt(4);
      clock.set(Instant.ofEpochMilli(now));
      int id = random.nextInt(4) == 0 ? random.nextInt(i + 1) : i;
      long issuedAt =
          random.nextBoolean() ? used.getOrDefault(id, now) : now - 800 + random.nextInt(1200);
      boolean inWindow = issuedAt >= now - 700 && issuedAt <= now + 300;
      Long before = used.get(id);
      boolean remembered = before != null && before + 700 >= now;
      boolean result = accepts(cache, issuedAt, nonce(id), ALICE);
      if (!inWindow) {
        assertThat(result).isFalse();
      } else if (remembered) {
        assertThat(result).isFalse();
        replays++;
      } else if (result) {
        used.put(id, issuedAt);
        accepted++;
      } else { // only what has ended a moment ago may still be in the way
        assertThat(before).isNotNull();
      }
      assertThat(cache.size()).isLessThan(1_500);
    }
    assertThat(accepted).isGreaterThan(10_000);
    assertThat(replays).isGreaterThan(50);
  }

  private static void claim(ReplayMemory cache, long issuedAt, byte[] nonce, PublicKey key) {
    cache.look(issuedAt, nonce, key).claim(ONE);
  }

  private static boolean accepts(ReplayMemory cache, long issuedAt, byte[] nonce, PublicKey key) {
    try {
      claim(cache, issuedAt, nonce, key);
      return true;
    } catch (TaperException e) {
      return false;
    }
  }

  private static void replayed(ReplayMemory cache, long issuedAt, int nonce, PublicKey key) {
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> claim(cache, issuedAt, nonce(nonce), key));
  }

  private static byte[] nonce(int number) {
    return ByteBuffer.allocate(Proof.NONCE_BYTES).putInt(12, number).array();
  }
}
