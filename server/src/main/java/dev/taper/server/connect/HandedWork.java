package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.RootKeys;
import dev.taper.token.UnverifiedToken;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a token in the hand-over folder is for: another token for the same work takes the place of
 * this one, and no other does. Immutable and thread-safe.
 *
 * @param delegator whose authority it is
 * @param task on what
 * @param origin from where it is known to come: one lineage where root keys are known, and one
 *     first block where they are not
 */
record HandedWork(String delegator, String task, String origin) {
  private static final int MAX_DISPLAY_CHARS = 4096;

  /**
   * The work of a token. Delegator and task are texts that anybody can write: signatures say
   * whether two tokens with the same texts are for the same work. Without a root key, nobody can
   * tell who signed a first block, but all that came after it has to be signed by those to whom it
   * was given.
   *
   * @param roots who may have signed first blocks; null if that is not known
   * @throws TaperException if the signatures do not hold, with the codes of {@link
   *     UnverifiedToken#verifyHeld} or {@link UnverifiedToken#verifyAfterFirstBlock}
   */
  static HandedWork verified(AgentToken token, @Nullable RootKeys roots) {
    UnverifiedToken signed = token.token();
    String origin;
    if (roots == null) {
      signed.verifyAfterFirstBlock();
      origin = HexFormat.of().formatHex(signed.firstBlockDigest());
    } else {
      origin = DelegationChain.of(signed.verifyHeld(roots)).lineage();
    }
    // No signature covers the id; a service may refuse a token for it.
    return of(token, origin + " " + signed.rootKeyId());
  }

  /** What a token claims to be for. */
  static HandedWork claimed(AgentToken token) {
    return of(token, "");
  }

  private static HandedWork of(AgentToken token, String origin) {
    DelegationChain chain = token.chain();
    return new HandedWork(chain.delegator(), chain.task().id(), origin);
  }

  /** What people and models call it. Several works can have one such name. */
  String name() {
    return ShownText.of(task + " for " + delegator, MAX_DISPLAY_CHARS);
  }

  /** A name that no other work has: digits that its origin decides come last. */
  String longName() {
    return name() + " (" + ShortDigest.of(origin) + ")";
  }
}
