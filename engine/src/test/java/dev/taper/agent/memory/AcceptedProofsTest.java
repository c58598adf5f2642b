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
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a verifier takes proofs, and that each counts once. */
class AcceptedProofsTest {
  private static final long NOW = 1_772_366_400_000L;
  private static final PublicKey ALICE = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private static final PublicKey BOB = PrivateKey.generate(Algorithm.ED25519).publicKey();

  private static final MemoryShare ONE = MemoryShare.of("user:alice", new byte[] {1});

  private final SettableClock clock = new SettableClock(Instant.ofEpochMilli(NOW));

  private AcceptedProofs proofs() {
    return proofs(1 << 10);
  }

  private AcceptedProofs proofs(int capacity) {
    return AcceptedProofs.of(
        AcceptedProofs.Window.DEFAULT, InMemoryReplayMemory.holding(capacity), clock);
  }

  @Test
  void claim_sameNonceAndKey_isAReplay() {
    AcceptedProofs proofs = proofs();
    claim(proofs, NOW, nonce(1), ALICE);
    replayed(proofs, NOW, 1, ALICE);
    replayed(proofs, NOW + 1, 1, ALICE);
    claim(proofs, NOW, nonce(1), BOB);
    claim(proofs, NOW, nonce(2), ALICE);
    assertThat(proofs.fill().size()).isEqualTo(3);
  }

  @Test
  void claim_untilTheWindowEnds_isRemembered() {
    AcceptedProofs proofs = proofs();
    claim(proofs, NOW, nonce(1), ALICE);
    for (long age : new long[] {0, 1, 30_000, 59_999, 60_000}) {
      clock.set(Instant.ofEpochMilli(NOW + age));
      replayed(proofs, NOW, 1, ALICE);
    }
    clock.set(Instant.ofEpochMilli(NOW + 60_001));
    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> claim(proofs, NOW, nonce(1), ALICE));
    assertThatThrownBy(() -> claim(proofs, NOW, nonce(1), ALICE))
        .hasMessage(
            "the proof was made more than 60 s ago; if you made it just now, your clock is 60.001 s"
                + " behind this service's");
  }

  @Test
  void claim_proofFromAhead_isRememberedForItsWholeWindow() {
    AcceptedProofs proofs = proofs();
    claim(proofs, NOW + 30_000, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 90_000));
    replayed(proofs, NOW + 30_000, 1, ALICE);
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    AcceptedProofs proofs = proofs(8);
    for (int i = 0; i < 7; i++) {
      claim(proofs, NOW, nonce(i), ALICE);
    }
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> claim(proofs, NOW, nonce(7), ALICE));
    for (int i = 0; i < 7; i++) {
      replayed(proofs, NOW, i, ALICE);
    }
    clock.set(Instant.ofEpochMilli(NOW + 60_000));
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> claim(proofs, NOW + 60_000, nonce(7), ALICE));

    clock.set(
        Instant.ofEpochMilli(
            NOW + 62_000)); // one window and a group's width later there is room again
    claim(proofs, NOW + 62_000, nonce(7), ALICE);
    assertThat(proofs.fill().size()).isEqualTo(1);
  }

  /** Proofs that end together are forgotten together, and none of them a millisecond too early. */
  @Test
  void claim_aProofInEachMilli_eachIsFoundUntilItsLastOne() {
    AcceptedProofs proofs = proofs(1 << 20);
    int window = 60_000;
    int ahead = 30_000;
    for (int milli = 0; milli < 2 * window; milli++) {
      clock.set(Instant.ofEpochMilli(NOW + milli));
      claim(proofs, NOW + milli + ahead, nonce(milli), ALICE);
      int last = milli - ahead - window;
      if (last >= 0) {
        replayed(proofs, NOW + last + ahead, last, ALICE);
        clock.set(Instant.ofEpochMilli(NOW)); // set back: it revives nothing
        replayed(proofs, NOW + last + ahead, last, ALICE);
      }
    }
    assertThat(proofs.fill().size()).isBetween(90_000L, 91_001L);
  }

  @Test
  void look_claimsNothing() {
    AcceptedProofs proofs = proofs();
    AcceptedProofs.Unused first = proofs.look(NOW, nonce(1), ALICE);
    AcceptedProofs.Unused second = proofs.look(NOW, nonce(1), ALICE);
    assertThat(proofs.fill().size()).isZero();

    first.claim(ONE);
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> second.claim(ONE));
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> proofs.look(NOW, nonce(1), ALICE));
  }

  @Test
  void claim_windowEndedSinceTheLook_isExpired() {
    AcceptedProofs proofs = proofs();
    AcceptedProofs.Unused looked = proofs.look(NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 60_001));

    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> looked.claim(ONE));
    assertThat(proofs.fill().size()).isZero();
  }

  @Test
  void claim_clockSetBack_revivesNothing() {
    AcceptedProofs proofs = proofs();
    claim(proofs, NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW + 200_000));
    claim(proofs, NOW + 200_000, nonce(2), ALICE);
    assertThat(proofs.fill().size()).isEqualTo(1); // the first has been forgotten

    clock.set(Instant.ofEpochMilli(NOW));
    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> claim(proofs, NOW, nonce(1), ALICE));
  }

  @Test
  void checkWindow_clockSetBack_goesOnByTheLatestGoodProof() {
    AcceptedProofs proofs = proofs();
    claim(proofs, NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW - 3_600_000));

    proofs.checkWindow(NOW + 30_000);
    claim(proofs, NOW + 30_000, nonce(2), ALICE);
    Refused.with(ErrorCode.HOLDER_PROOF_NOT_YET_VALID, () -> proofs.checkWindow(NOW + 30_001));
    Refused.with(ErrorCode.HOLDER_PROOF_EXPIRED, () -> proofs.checkWindow(NOW - 60_001));
  }

  @Test
  void window_outOfRange_isRefused() {
    Duration second = Duration.ofSeconds(1);
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new AcceptedProofs.Window(Duration.ofMillis(-1), second));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new AcceptedProofs.Window(second, Duration.ofMillis(-1)));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> new AcceptedProofs.Window(AcceptedProofs.Window.MAX.plusNanos(1), second));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> new AcceptedProofs.Window(second, Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(
            new AcceptedProofs.Window(AcceptedProofs.Window.MAX, AcceptedProofs.Window.MAX).back())
        .isEqualTo(AcceptedProofs.Window.MAX);
  }

  @Test
  void claim_eightThreadsRaceForOneNonce_exactlyOneWins() throws Exception {
    int threads = 8;
    AcceptedProofs proofs = proofs();
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 300; round++) {
        byte[] nonce = nonce(round);
        Callable<Boolean> racer =
            () -> {
              start.await();
              return accepts(proofs, NOW, nonce, ALICE);
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
    assertThat(proofs.fill().size()).isEqualTo(300);
  }

  /** A model that forgets nothing: the proofs must never accept what the model has seen. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void claim_randomUse_agreesWithAModel(long seed) {
    Random random = new Random(seed);
    AcceptedProofs.Window window =
        new AcceptedProofs.Window(Duration.ofMillis(700), Duration.ofMillis(300));
    AcceptedProofs proofs = AcceptedProofs.of(window, InMemoryReplayMemory.of(), clock);
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
      boolean result = accepts(proofs, issuedAt, nonce(id), ALICE);
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
      assertThat(proofs.fill().size()).isLessThan(1_500);
    }
    assertThat(accepted).isGreaterThan(10_000);
    assertThat(replays).isGreaterThan(50);
  }

  private static void claim(AcceptedProofs proofs, long issuedAt, byte[] nonce, PublicKey key) {
    proofs.look(issuedAt, nonce, key).claim(ONE);
  }

  private static boolean accepts(
      AcceptedProofs proofs, long issuedAt, byte[] nonce, PublicKey key) {
    try {
      claim(proofs, issuedAt, nonce, key);
      return true;
    } catch (TaperException e) {
      return false;
    }
  }

  private static void replayed(AcceptedProofs proofs, long issuedAt, int nonce, PublicKey key) {
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> claim(proofs, issuedAt, nonce(nonce), key));
  }

  private static byte[] nonce(int number) {
    return ByteBuffer.allocate(Proof.NONCE_BYTES).putInt(12, number).array();
  }

  @Test
  void checkWindow_proofFromTheFuture_saysHowFarTheClocksDiffer() {
    assertThatThrownBy(() -> proofs().checkWindow(NOW + 45_000))
        .hasMessage(
            "the proof is from the future: your clock is 45 s ahead of this service's, and 30 s are"
                + " allowed");
  }

  // A memory that others share

  /** A memory in front of which every verifier has one of its own. */
  private static final class Shared implements ReplayMemory {
    final List<ReplayMemory.Use> asked = new ArrayList<>();
    final ReplayMemory memory = InMemoryReplayMemory.of();

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      asked.add(use);
      return memory.claim(use, share, now);
    }
  }

  private AcceptedProofs sharing(ReplayMemory memory) {
    return AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, memory, clock);
  }

  @Test
  void claim_sharedMemory_isAskedOnceAndOnlyAtTheClaim() {
    Shared shared = new Shared();
    AcceptedProofs proofs = sharing(shared);
    AcceptedProofs.Unused looked = proofs.look(NOW, nonce(1), ALICE);
    assertThat(shared.asked).isEmpty();

    looked.claim(ONE);
    replayed(proofs, NOW, 1, ALICE); // it knows that by itself

    assertThat(shared.asked)
        .containsExactly(
            ReplayMemory.Use.of(
                nonce(1), ALICE, Instant.ofEpochMilli(NOW), Instant.ofEpochMilli(NOW + 60_001)));
  }

  @Test
  void claim_usedByAnotherVerifier_isAReplay() {
    Shared shared = new Shared();
    claim(sharing(shared), NOW, nonce(1), ALICE);
    AcceptedProofs.Unused looked = sharing(shared).look(NOW, nonce(1), ALICE);

    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> looked.claim(ONE));
  }

  @Test
  void claim_sharedMemoryFails_isUnavailable() {
    for (RuntimeException failure :
        List.of(
            new IllegalStateException("no connection"),
            new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "no connection"))) {
      AcceptedProofs proofs =
          sharing(
              (use, share, now) -> {
                throw failure;
              });
      Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claim(proofs, NOW, nonce(1), ALICE));
    }
    AcceptedProofs full =
        sharing(
            (use, share, now) -> {
              throw new TaperException(ErrorCode.REPLAY_CACHE_FULL, "full");
            });
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> claim(full, NOW, nonce(1), ALICE));
  }

  @Test
  void claim_inAStepWithMore_isAReplayIfTheStepSaysSo() {
    Shared shared = new Shared();
    AcceptedProofs.Unused unused = sharing(shared).look(NOW, nonce(1), ALICE);
    AcceptedProofs.Unused used = sharing(shared).look(NOW, nonce(1), ALICE);
    Function<ReplayMemory.Use, ReplayMemory.Joined.Answer> step =
        use ->
            shared.claim(use, ONE, clock.instant())
                ? ReplayMemory.Joined.Answer.taken(null)
                : ReplayMemory.Joined.Answer.ofReplay();

    assertThat(unused.claim(ONE, step)).isEqualTo(ReplayMemory.Joined.Answer.taken(null));
    Refused.with(ErrorCode.HOLDER_PROOF_REPLAYED, () -> used.claim(ONE, step));
  }

  @Test
  void waitsFor_clockSetBackBeyondTheWindow_saysUntilWhen() {
    AcceptedProofs proofs = proofs();
    assertThat(proofs.waitsFor()).isNull();
    claim(proofs, NOW, nonce(1), ALICE);
    clock.set(Instant.ofEpochMilli(NOW - 60_000));
    assertThat(proofs.waitsFor()).isNull();
    clock.set(Instant.ofEpochMilli(NOW - 60_001));
    assertThat(proofs.waitsFor()).isEqualTo(Instant.ofEpochMilli(NOW - 60_000));
  }
}
