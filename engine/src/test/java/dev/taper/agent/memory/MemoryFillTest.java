package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryFillTest {
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
  void hasRoom_shareFilledByOneBlock_leavesRoomForABlockThatHasNone() {
    assertThat(fill(share("alice", 0))).isEqualTo(CAPACITY / 2);

    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
    for (int block = 1; block <= 8; block++) {
      assertThat(shares.hasRoom(share("alice", block), 1)).isTrue();
      shares.add(share("alice", block));
      assertThat(shares.hasRoom(share("alice", block), 1)).isFalse();
    }
  }

  @Test
  void hasRoom_manyBlocksOfOneDelegator_leaveRoomForOtherDelegators() {
    for (int block = 0; block < 10 * CAPACITY; block++) {
      fill(share("alice", block));
    }

    assertThat(shares.hasRoom(share("bob", 0), 1)).isTrue();
    assertThat(fill(share("bob", 0))).isPositive();
  }

  @Test
  void hasRoom_full_refusesEveryone() {
    for (int delegator = 0; delegator < 10 * CAPACITY; delegator++) {
      fill(share("user " + delegator, 0));
    }

    assertThat(shares.hasRoom(share("alice", 0), 1)).isFalse();
  }
}
