package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
  void hasRoom_shareFilledByOneBlock_leavesOthersTheirPart() {
    int share = CAPACITY / 2;
    assertThat(fill(share("alice", 0))).isEqualTo(share);

    assertThat(fill(share("alice", 1))).isEqualTo(share / 3);
    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
  }

  @Test
  void hasRoom_shareFilledByOneBlock_leavesTheirPartToThoseThatHadEntries() {
    shares.add(share("alice", 1));
    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 2 - 1);

    assertThat(fill(share("alice", 1))).isEqualTo(CAPACITY / 2 / 3 - 1);
  }

  @Test
  void hasRoom_manyBlocksOfOneDelegator_leaveRoomForOtherDelegators() {
    for (int block = 0; block < 10 * CAPACITY; block++) {
      fill(share("alice", block));
    }

    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 8);
  }

  @Test
  void hasRoom_someBlocksOfOneDelegatorTakeAllTheyCan_leaveAQuarterAndFirstEntries() {
    for (int block = 0; block < 4; block++) {
      fill(share("alice", block));
    }

    assertThat(fill(share("alice", 4))).isEqualTo(1);
    assertThat(fill(share("alice", 5))).isEqualTo(1);
    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 3 / 2);
  }

  /** Who comes counts before it has anything: else it would begin with more than its part. */
  @Test
  void hasRoom_manyEntriesAtOnceOfSomebodyNew_areNoMoreThanItsPart() {
    fill(share("alice", 0));

    int part = CAPACITY / 3 / 2;
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
    assertThat(fill(share("bob", 0))).isEqualTo(CAPACITY / 2 - 1);
    assertThat(fill(share("bob", 1))).as("as if alone").isEqualTo(CAPACITY / 2 / 3);
  }
}
