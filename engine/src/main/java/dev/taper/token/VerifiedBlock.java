package dev.taper.token;

import dev.taper.datalog.Check;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.wire.DecodedBlock;
import dev.taper.wire.SignedBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block whose signature was verified, and what is made of it once, for every token that has it.
 * Immutable and thread-safe.
 */
final class VerifiedBlock {
  private final SignedBlock signed;
  private final DecodedBlock decoded;
  // Filled by the first use; a race only compiles twice.
  private volatile @Nullable BlockProgram program;

  VerifiedBlock(SignedBlock signed, DecodedBlock decoded) {
    this.signed = signed;
    this.decoded = decoded;
  }

  /**
   * The blocks of a token.
   *
   * @param known its first blocks, whose like are taken over; or null
   */
  static VerifiedBlock[] of(
      List<SignedBlock> signed, List<DecodedBlock> decoded, @Nullable VerifiedBlocks known) {
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

  /** What it says. */
  DecodedBlock decoded() {
    return decoded;
  }

  /**
   * What this keeps alive, in bytes, estimated from above: blocks made to be large in memory took
   * up to 20 times their bytes, and 250 more for each query; a usual one takes about half of this.
   */
  long weight() {
    long queries = decoded.block().rules().size();
    for (Check check : decoded.block().checks()) {
      queries += check.queries().size();
    }
    return 1_024 + 20L * signed.size() + 320 * queries;
  }

  /** What it says, ready to be evaluated; compiled at the first call. */
  BlockProgram program() {
    BlockProgram compiled = program;
    if (compiled == null) {
      compiled = BlockProgram.compile(decoded.block());
      program = compiled;
    }
    return compiled;
  }
}
