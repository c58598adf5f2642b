package dev.taper.agent.decision;

import dev.taper.token.VerifiedChain;
import java.util.Objects;

/**
 * What a token's first block alone says against every call, so that a token of no use costs one
 * signature, however many it has. It is thrown from the midst of verifying; what follows the first
 * block was not looked at then, and nothing of it is recorded.
 */
final class FirstBlockRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient VerifiedChain firstBlock;
  private final transient Objection objection;

  FirstBlockRefusal(VerifiedChain firstBlock, Objection objection) {
    super(objection.code().text(), null, false, false);
    this.firstBlock = firstBlock;
    this.objection = objection;
  }

  /** The first block as a chain of its own, of which only a refusal may come. */
  VerifiedChain firstBlock() {
    return Objects.requireNonNull(firstBlock);
  }

  Objection objection() {
    return Objects.requireNonNull(objection);
  }
}
