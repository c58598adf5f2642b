package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every replay memory must do. */
@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
public abstract class ReplayMemoryContract {
  protected static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  protected static final MemoryShare ALICE = share("user:alice", 1);
  private static final MemoryShare ALICE_AGAIN = share("user:alice", 2);
  private static final MemoryShare BOB = share("user:bob", 3);
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** Longer than any memory keeps what has ended. */
  private static final Duration LONG_AFTER = Duration.ofDays(2);

  /** Room for everything that a race is about. */
  protected static final int MUCH = 1 << 20;

  /** The memory of a test, which is empty. */
  protected abstract ReplayMemory open(int capacity);

  /** The class that opens the memory in another process, and its address; none if none can. */
  List<String> elsewhere() {
    return List.of();
  }

  /** How many proofs are raced for. */
  protected abstract int raced();

  /** How many times each thread of each process tries each of them. */
  protected abstract int passes();

  /** Claims from a memory as a verifier does, which also has one of its own. */
  protected static ContractClaims.Claimer claimer(ReplayMemory memory) {
    ReplayMemory own = InMemoryReplayMemory.holding(MUCH);
    return new ContractClaims.Claimer() {
      @Override
      public boolean claim(int number) {
        boolean claimed = memory.claim(numbered(number), ALICE, NOW);
        own.claim(numbered(number), ALICE, NOW);
        return claimed;
      }

      @Override
      public boolean knows(int number) {
        return own.known(numbered(number));
      }
    };
  }

  @Test
  void claim_again_isRefusedUntilItEnds() {
    ReplayMemory memory = open(100);

    assertThat(memory.claim(proof("a"), ALICE, NOW)).isTrue();
    assertThat(memory.claim(proof("a"), ALICE, NOW)).isFalse();
    assertThat(memory.claim(proof("a"), BOB, NOW.plus(WINDOW))).isFalse();
    assertThat(memory.claim(proof("b"), ALICE, NOW)).isTrue();
  }

  @Test
  void known_neverNamesWhatWasNotUsed() {
    ReplayMemory memory = open(100);
    memory.claim(proof("a"), ALICE, NOW);

    assertThat(memory.known(proof("b"))).isFalse();
    assertThat(memory.claim(proof("b"), ALICE, NOW)).isTrue();
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    ReplayMemory memory = open(4);
    fill(memory, ALICE, "a", 2);
    fill(memory, BOB, "b", 1);
    fill(memory, share("user:carol", 4), "c", 1);

    assertFull(memory, share("user:dave", 5), "d");
    assertThat(memory.claim(proof("a0"), ALICE, NOW)).isFalse();

    Instant later = NOW.plus(LONG_AFTER);
    assertThat(memory.claim(proof("d", later), ALICE, later)).isTrue();
  }

  @Test
  void claim_oneDelegatorAlone_leavesAnEighthForTheNext() {
    ReplayMemory memory = open(16);
    fill(memory, ALICE, "a", 14);

    assertFull(memory, ALICE, "a14");
    fill(memory, ALICE_AGAIN, "again", 1); // one of the last eighth, and one for others
    assertFull(memory, ALICE_AGAIN, "again1");
    fill(memory, BOB, "b", 1);
    assertFull(memory, BOB, "b1");
    assertFull(memory, ALICE, "a14");
  }

  @Test
  void claim_withOthersPresent_hasThePartOfOneOfThem() {
    ReplayMemory memory = open(16);
    fill(memory, ALICE, "a", 8);
    fill(memory, BOB, "b", 5); // a third

    assertFull(memory, BOB, "b5");
    assertFull(memory, ALICE, "a8");
    fill(memory, share("user:carol", 4), "c", 3); // what is left
    assertFull(memory, share("user:dave", 5), "d");
  }

  /** Whether it ended by another clock or in another window: what was forgotten is unknown. */
  @Test
  void claim_madeNoLaterThanWhatWasForgotten_isRefused() {
    ReplayMemory memory = open(100);
    memory.claim(proof("a"), ALICE, NOW);
    Instant later = NOW.plus(LONG_AFTER);
    memory.claim(proof("b", later), ALICE, later); // makes room: "a" is forgotten

    assertThat(memory.claim(proof("a"), ALICE, NOW)).isFalse();
    assertThat(memory.claim(proof("c", NOW.minusMillis(1)), ALICE, NOW)).isFalse();
    assertThat(memory.claim(proof("d", NOW.plusMillis(1)), ALICE, NOW)).isTrue();
  }

  @Test
  void claim_forgottenAndInAWiderWindow_isRefusedAllTheSame() {
    ReplayMemory memory = open(100);
    memory.claim(proof("a"), ALICE, NOW);
    Instant later = NOW.plus(LONG_AFTER);
    memory.claim(proof("b", later), ALICE, later);

    ReplayMemory.Use wider = new ReplayMemory.Use(proof("a").id(), NOW, later.plus(WINDOW));
    assertThat(memory.claim(wider, ALICE, later)).isFalse();
  }

  @Test
  void claim_byManyThreadsAndProcesses_acceptsEachOnce() {
    ContractClaims.Race race =
        ContractClaims.Race.once(elsewhere().isEmpty() ? 1 : 2, raced(), passes());

    assertThat(ContractClaims.race(claimer(open(MUCH)), elsewhere(), race))
        .isEqualTo(IntStream.range(0, race.distinct()).boxed().toList());
  }

  protected static void fill(ReplayMemory memory, MemoryShare share, String name, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(memory.claim(proof(name + i), share, NOW)).isTrue();
    }
  }

  protected static void assertFull(ReplayMemory memory, MemoryShare share, String name) {
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> memory.claim(proof(name), share, NOW));
  }

  protected static MemoryShare share(String delegator, int authority) {
    return MemoryShare.of(delegator, new byte[] {(byte) authority});
  }

  protected static ReplayMemory.Use proof(String name) {
    return proof(name, NOW);
  }

  protected static ReplayMemory.Use proof(String name, Instant issuedAt) {
    byte[] digest = Digests.sha256(name.getBytes(StandardCharsets.UTF_8));
    return new ReplayMemory.Use(
        HexFormat.of().formatHex(digest), issuedAt, issuedAt.plus(WINDOW).plusMillis(1));
  }

  static ReplayMemory.Use numbered(int number) {
    byte[] id = ByteBuffer.allocate(32).putInt(12, number).array();
    return new ReplayMemory.Use(HexFormat.of().formatHex(id), NOW, NOW.plus(WINDOW));
  }
}
