package dev.taper.token;

/**
 * What the entries of a cache share: each block is counted once, however many entries hold it. The
 * entry that ends with a block is charged for it; when that one is dropped while longer ones stay,
 * the block goes on taking room, and is counted here until the last of them is gone. Thread-safe.
 */
final class SharedBlocks {
  private long unclaimed;

  /** An entry is about to be kept. */
  synchronized void hold(VerifiedBlocks entry) {
    for (int i = 0; i < entry.size(); i++) {
      VerifiedBlock block = entry.block(i);
      block.holders++;
      block.isClaimed |= i == entry.size() - 1;
      count(block); // its own entry may be gone already
    }
  }

  /** An entry is kept no more. */
  synchronized void release(VerifiedBlocks entry) {
    for (int i = 0; i < entry.size(); i++) {
      VerifiedBlock block = entry.block(i);
      block.holders--;
      block.isClaimed &= i < entry.size() - 1;
      count(block);
    }
  }

  /** A block weighs more than before. */
  synchronized void grown(VerifiedBlock block) {
    count(block);
  }

  private void count(VerifiedBlock block) {
    long now = block.holders > 0 && !block.isClaimed ? block.weight() : 0;
    unclaimed += now - block.counted;
    block.counted = now;
  }

  /** The bytes of blocks that are held, but by no entry which ends with them. */
  synchronized long unclaimed() {
    return unclaimed;
  }
}
