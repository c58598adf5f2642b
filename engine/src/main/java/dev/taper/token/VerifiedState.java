package dev.taper.token;

import dev.taper.datalog.engine.Evaluable;

/**
 * The state of a verified token. This class stands between {@link VerifiedChain} and {@link
 * Evaluable}, so that the public type extends nothing that is not exported. Immutable and
 * thread-safe.
 */
abstract class VerifiedState extends Evaluable {
  private final TokenChain chain;
  private final VerifiedBlocks verified;

  VerifiedState(TokenChain chain, VerifiedBlocks verified) {
    super(verified);
    this.chain = chain;
    this.verified = verified;
  }

  final TokenChain chain() {
    return chain;
  }

  final VerifiedBlocks verified() {
    return verified;
  }
}
