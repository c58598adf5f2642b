package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

  @Test
  void hasRoom_full_refusesEveryone() {
    for (int delegator = 0; delegator < 10 * CAPACITY; delegator++) {
      fill(share("user " + delegator, 0));
    }

    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
  }
}
