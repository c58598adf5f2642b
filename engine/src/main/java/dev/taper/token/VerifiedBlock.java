package dev.taper.token;

import dev.taper.datalog.engine.BlockProgram;
import dev.taper.wire.DecodedBlock;
import dev.taper.wire.SignedBlock;
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

  /** The envelope. */
  SignedBlock signed() {
    return signed;
  }

  /** What it says. */
  DecodedBlock decoded() {
    return decoded;
  }

  /** What this keeps alive, in bytes, estimated from above. */
  long weight() {
    return 1_024 + 24L * signed.size();
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
