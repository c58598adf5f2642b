package dev.taper.token;

/**
 * Counts the blocks that the entries of a cache share: each block counts once, however many entries
 * hold it. The entry that ends with a block is charged for it. When that entry is dropped while
 * longer ones stay, the block still takes room, and is counted here until the last of them is gone.
 * Thread-safe.
 */
final class SharedBlocks {
  private long unclaimed;

  /** Takes note that an entry is about to be kept. */
  synchronized void hold(VerifiedBlocks entry) {
    for (int i = 0; i < entry.size(); i++) {
      VerifiedBlock block = entry.block(i);
      block.holders++;
      block.isClaimed |= i == entry.size() - 1;
      count(block); // its own entry may be gone already
    }
  }

  /** Takes note that an entry is no longer kept. */
  synchronized void release(VerifiedBlocks entry) {
    for (int i = 0; i < entry.size(); i++) {
      VerifiedBlock block = entry.block(i);
      block.holders--;
      block.isClaimed &= i < entry.size() - 1;
      count(block);
    }
  }

  /** Takes note that a block weighs more than before. */
  synchronized void grown(VerifiedBlock block) {
    count(block);
  }

  private void count(VerifiedBlock block) {
    long now = block.holders > 0 && !block.isClaimed ? block.weight() : 0;
    unclaimed += now - block.counted;
    block.counted = now;
  }

  /** Returns the bytes of blocks that are held, but not by an entry that ends with them. */
  synchronized long unclaimed() {
    return unclaimed;
  }
}
