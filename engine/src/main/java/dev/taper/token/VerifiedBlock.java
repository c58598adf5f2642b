package dev.taper.token;

import dev.taper.datalog.Block;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.wire.SignedBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block whose signature was verified, and all that is made of it, once for every token that has
 * it. Immutable and thread-safe.
 */
final class VerifiedBlock {
  private static final byte[] NO_BYTES = {};

  private final SignedBlock signed;
  private final Block.Decoded decoded;
  // The first use fills it.
  private volatile @Nullable BlockProgram program;

  /** Its bytes in a token, by which a cache knows it; set before the block is shared. */
  private byte[] bytes = NO_BYTES;

  private long structure = -1;

  // The cache's account of this block; see SharedBlocks.
  int holders;
  boolean isClaimed;
  long counted;
  private volatile Runnable grown = () -> {};

  VerifiedBlock(SignedBlock signed, Block.Decoded decoded) {
    this.signed = signed;
    this.decoded = decoded;
  }

  /**
   * Returns the blocks of a token.
   *
   * @param known its first blocks, as far as they are known, which are reused; or null
   */
  static VerifiedBlock[] of(
      List<SignedBlock> signed, List<Block.Decoded> decoded, @Nullable VerifiedBlocks known) {
    VerifiedBlock[] blocks = new VerifiedBlock[signed.size()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] =
          known != null && i < known.size()
              ? known.block(i)
              : new VerifiedBlock(signed.get(i), decoded.get(i));
    }
    return blocks;
  }

  /** The envelope. */
  SignedBlock signed() {
    return signed;
  }

  /** Its contents. */
  Block.Decoded decoded() {
    return decoded;
  }

  /** Its bytes in a token, by which a cache knows it; none if it is in no cache. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Prepares the block to be kept in a cache.
   *
   * @param newBytes its bytes in a token
   * @param newGrown run whenever the {@link #weight} changes
   */
  void keep(byte[] newBytes, Runnable newGrown) {
    bytes = newBytes;
    structure = BlockWeight.of(decoded, signed.size());
    grown = newGrown;
  }

  /**
   * Takes note that only longer entries keep it now.
   *
   * @param newGrown run whenever the {@link #weight} changes
   */
  void keptByOthers(Runnable newGrown) {
    grown = newGrown;
  }

  /** Estimates, from above, the bytes that a kept block keeps alive. */
  long weight() {
    BlockProgram compiled = program;
    return structure + bytes.length + (compiled == null ? 0 : compiled.patternBytes());
  }

  /**
   * Returns its contents, ready to be evaluated; compiled at the first call.
   *
   * @param previous the block before it, ready to be evaluated; null for the first
   */
  BlockProgram program(@Nullable BlockProgram previous) {
    BlockProgram compiled = program;
    return compiled == null ? compile(previous) : compiled;
  }

  private synchronized BlockProgram compile(@Nullable BlockProgram previous) {
    BlockProgram compiled = program;
    if (compiled == null) {
      compiled = BlockProgram.compile(decoded.block(), previous);
      compiled.watchPatterns(() -> grown.run());
      program = compiled;
    }
    return compiled;
  }
}
