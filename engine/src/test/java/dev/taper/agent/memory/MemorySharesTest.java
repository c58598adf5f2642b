package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemorySharesTest {
  private static final int CAPACITY = 64;

  private final MemoryShares shares = new MemoryShares(CAPACITY);

  private static MemoryShare share(String delegator, int authority) {
    return new MemoryShare(delegator, "block " + authority);
  }

  private int fill(MemoryShare share) {
    int added = 0;
    while (shares.hasRoom(share, 1)) {
      shares.add(share);
      added++;
    }
    return added;
  }

  @Test
  void hasRoom_oneDelegatorAlone_hasSevenEighths() {
    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 8 * 7);

    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 8);
    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
  }

  @Test
  void hasRoom_severalWithOneBlockEach_haveTheirWholeShare() {
    shares.add(share("alice", 0));
    shares.add(share("bob", 0));
    shares.add(share("carol", 0));

    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 2 - 3); // up to half
    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 4 - 1);
    assertThat(fill(share("carol", 0))).isEqualTo(CAPACITY / 4 - 1);
    assertThat(fill(share("dave", 0))).isEqualTo(2);
  }

  @Test
  void hasRoom_shareFilledByOneBlock_leavesOthersTheirPart() {
    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 8 * 7);

    assertThat(fill(share("alice", 1))).isEqualTo(CAPACITY / 16);
    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 16);
  }

  @Test
  void hasRoom_shareFilledByOneBlock_leavesTheirPartToThoseThatHadEntries() {
    shares.add(share("alice", 1));
    int ofFirst = fill(share("alice", 0));
    assertThat(ofFirst).isEqualTo(CAPACITY / 2 - 1);

    assertThat(fill(share("alice", 1))).isEqualTo(CAPACITY / 3 - 1);
  }

  /** With another delegator present, blocks share what their delegator may have. */
  @Test
  void hasRoom_shareFilledByOneBlockWithOthersPresent_leavesOtherBlocksTheirPart() {
    shares.add(share("bob", 0));
    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 2 - 1);

    assertThat(fill(share("alice", 1))).isEqualTo(CAPACITY / 3 / 3);
  }

  @Test
  void hasRoom_manyBlocksOfOneDelegator_leaveRoomForOtherDelegators() {
    for (int block = 0; block < 10 * CAPACITY; block++) {
      fill(share("alice", block));
    }

    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 16);
  }

  @Test
  void hasRoom_someBlocksOfOneOfTwoDelegators_leaveAQuarterAndFirstEntries() {
    shares.add(share("bob", 0));
    for (int block = 0; block < 4; block++) {
      fill(share("alice", block));
    }

    assertThat(fill(share("alice", 4))).isEqualTo(1);
    assertThat(fill(share("alice", 5))).isEqualTo(1);
    assertThat(fill(share("bob", 0))).isGreaterThanOrEqualTo(CAPACITY / 8);
  }

  /** Who comes counts before it has anything: else it would begin with more than its part. */
  @Test
  void hasRoom_manyEntriesAtOnceOfSomebodyNew_areNoMoreThanItsPart() {
    for (int i = 0; i < CAPACITY / 2; i++) {
      shares.add(share("alice", 0));
    }

    int part = CAPACITY / 3;
    assertThat(shares.hasRoom(share("bob", 0), part)).isTrue();
    assertThat(shares.hasRoom(share("bob", 0), part + 1)).isFalse();
  }

  @Test
  void hasRoom_full_refusesEveryone() {
    for (int delegator = 0; delegator < 10 * CAPACITY; delegator++) {
      fill(share("user " + delegator, 0));
    }

    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
  }

  /** However small a memory is, one alone can use it, and it is never more than full. */
  @Test
  void hasRoom_aSmallMemory_isOfUse() {
    for (int capacity = 1; capacity < CAPACITY; capacity++) {
      MemoryShares small = new MemoryShares(capacity);
      int added = 0;
      while (small.hasRoom(share("alice", 0), 1)) {
        small.add(share("alice", 0));
        added++;
      }

      assertThat(added).isEqualTo(Math.max(1, capacity * 7 / 8));
    }
  }

  @Test
  void hasRoom_partiesHaveWeights_theyCountAgainstTheCapacity() {
    MemoryShares weighed = new MemoryShares(100, new MemoryShares.Weights(10, 20, 5));
    assertThat(weighed.capacity()).isEqualTo(10);
    MemoryShares.Holding holding = weighed.add(share("alice", 0)); // 35
    assertThat(weighed.capacity()).isEqualTo(7);
    assertThat(weighed.hasRoom(share("alice", 0), 5)).isTrue(); // 85 of 87
    assertThat(weighed.hasRoom(share("alice", 0), 6)).isFalse();
    assertThat(weighed.hasRoom(share("bob", 0), 1)).isFalse(); // 35 of his 33

    weighed.remove(holding);
    assertThat(weighed.capacity()).isEqualTo(10);
    assertThat(weighed.hasRoom(share("bob", 0), 6)).isTrue(); // 85
  }

  /** Blocks are signed by an issuer; even so no more of them have a part than a share has room. */
  @Test
  void hasRoom_manyBlocksInBytes_areNoMoreThanAShareHasRoomFor() {
    MemoryShares weighed = new MemoryShares(4_800, new MemoryShares.Weights(10, 20, 6));
    MemoryShares.Holding unused = weighed.add(share("bob", 0));
    int blocks = 0;
    while (weighed.hasRoom(share("alice", blocks), 1)) {
      unused = weighed.add(share("alice", blocks));
      blocks++;
    }

    assertThat(blocks).isEqualTo(4_800 / 2 / 16 - 4); // up to half; above it a share is a third
  }

  /** Where a delegator has a part of 16 of 64 entries, or its authority block one of that. */
  @ParameterizedTest
  @CsvSource({
    "33, 15, 2,  4, true", // its last one
    "63, 15, 2,  4, true", // and the memory's, which others cannot claim
    "33, 16, 2,  4, true", // goes beyond, for the block's part
    "48, 16, 2,  4, false", // but leaves a quarter to others
    "33,  7, 2,  5, true", // the block goes beyond its part, up to half of the delegator's
    "33,  8, 2,  5, false",
    "33, 16, 2,  5, false",
    "33, 16, 16, 0, true", // as many blocks as it has entries
    "33, 16, 17, 0, false",
    "55, 16, 16, 0, true",
    "56, 16, 16, 0, false", // an eighth is left to others by every first entry too
  })
  void hasRoom_atTheEdgesOfParts_isAsTheRuleSays(
      long total, long ofDelegator, long authorities, long ofAuthority, boolean hasRoom) {
    MemoryShare.Room room = new MemoryShare.Room(total, 3, ofDelegator, authorities, ofAuthority);

    assertThat(room.hasRoom(1, CAPACITY)).isEqualTo(hasRoom);
  }

  @Test
  void remove_lastEntryOfSomebody_leavesNothingBehind() {
    List<MemoryShares.Holding> ofAlice = new ArrayList<>();
    for (int i = 0; i < CAPACITY / 2; i++) {
      ofAlice.add(shares.add(share("alice", 0)));
    }
    ofAlice.forEach(shares::remove);

    assertThat(shares.add(share("bob", 0)).number()).isEqualTo(ofAlice.get(0).number());
    assertThat(fill(share("bob", 0))).as("as if alone").isEqualTo(CAPACITY / 8 * 7 - 1);
  }

  @Test
  void total_isOfAllThatAreThere() {
    MemoryShares.Holding holding = shares.add(share("alice", 0));
    shares.add(share("bob", 0));
    assertThat(shares.total()).isEqualTo(2);
    shares.remove(holding);
    assertThat(shares.total()).isEqualTo(1);
  }

  @Test
  void checked_capacity_isOneOrMore() {
    assertThat(MemoryShare.Room.checked(1)).isEqualTo(1);
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> MemoryShare.Room.checked(0));
  }

  /** Of somebody alone with two blocks, one of which has nearly all. */
  @Test
  void hasRoom_aloneAtTheEdgeOfItsShare_isOnlyForTheOtherBlock() {
    assertThat(new MemoryShare.Room(1490, 1, 1490, 2, 1400).hasRoom(10, 1600)).isFalse();
    assertThat(new MemoryShare.Room(1490, 1, 1490, 2, 90).hasRoom(10, 1600)).isTrue();
  }

  @Test
  void hasRoom_moreBlocksThanAShareHoldsInBytes_isNotBeyondTheShare() {
    MemoryShare.Room room = new MemoryShare.Room(5950, 2, 4990, 60, 0);

    assertThat(room.hasRoom(50, 10_000, 60)).as("60 blocks of 60 bytes in 3333").isFalse();
    assertThat(room.hasRoom(50, 10_000, 50)).isTrue();
  }

  /** As counted once more, by itself, after each step of many. */
  @Test
  void hasRoom_inBytes_isAsTheRuleSaysOfWhatIsThere() {
    SplittableRandom random = new SplittableRandom(7);
    MemoryShares weighed = new MemoryShares(20_000, new MemoryShares.Weights(50, 320, 220));
    Map<String, Map<Integer, Integer>> held = new HashMap<>();
    List<MemoryShares.Holding> all = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      String name = "user-" + Math.max(0, random.nextInt(10) - 6);
      int block = random.nextInt(random.nextInt(1, 8));
      int wanted = random.nextInt(1, 4);
      boolean hasRoom = room(held, name, block, wanted);
      assertThat(weighed.hasRoom(share(name, block), wanted)).as("%s", i).isEqualTo(hasRoom);
      refused += hasRoom ? 0 : 1;
      if (hasRoom) {
        for (int j = 0; j < wanted; j++) {
          all.add(weighed.add(share(name, block)));
          held.computeIfAbsent(name, n -> new HashMap<>()).merge(block, 1, Integer::sum);
        }
      } else {
        MemoryShares.Holding gone = all.remove(random.nextInt(all.size()));
        String whose = gone.share().delegator();
        int its = Integer.parseInt(gone.share().authority().substring("block ".length()));
        weighed.remove(gone);
        Map<Integer, Integer> blocks = Objects.requireNonNull(held.get(whose));
        blocks.computeIfPresent(its, (b, count) -> count == 1 ? null : count - 1);
        if (blocks.isEmpty()) {
          held.remove(whose);
        }
      }
    }
    assertThat(refused).isBetween(1_000, 19_000);
  }

  private static long bytes(Map<Integer, Integer> blocks) {
    long entries = blocks.values().stream().mapToInt(Integer::intValue).sum();
    return 320 + 220L * blocks.size() + 50 * entries;
  }

  private static boolean room(
      Map<String, Map<Integer, Integer>> held, String name, int block, int wanted) {
    Map<Integer, Integer> blocks = held.getOrDefault(name, Map.of());
    Integer entries = blocks.get(block);
    long more = 50L * wanted + (entries == null ? 220 : 0) + (blocks.isEmpty() ? 320 : 0);
    return new MemoryShare.Room(
            held.values().stream().mapToLong(MemorySharesTest::bytes).sum(),
            held.size() + (blocks.isEmpty() ? 1 : 0),
            blocks.isEmpty() ? 0 : bytes(blocks),
            blocks.size() + (entries == null ? 1 : 0),
            entries == null ? 0 : 50L * entries + 220)
        .hasRoom(more, 20_000, 270);
  }
}
