package dev.taper.operations.findings;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a decision until somebody looks at it: no argument, no token, and nothing that a
 * caller can make large but the chain, whose size it says. Immutable.
 *
 * @param at when, in milliseconds
 * @param chain whose call it is
 * @param tokenBytes how many bytes the chain's token has
 * @param rootKey who issued its authority
 * @param code why it was denied; null if it was allowed
 * @param isProven true if the token's holder is known to have made it
 * @param isAsk true if the holder asked for an approval of it
 * @param id what the proof is known by, so that it counts once; {@link #NO_PROOF} without one
 * @param alike what calls of its kind have in common; 0 unless it is an ask
 * @param isAfterNo true if somebody refused the holder an approval of a call alike
 * @param isCharged true if a budget was charged
 * @param tool its tool
 * @param place where it came from, or null
 */
record Seen(
    long at,
    DelegationChain chain,
    int tokenBytes,
    PublicKey rootKey,
    @Nullable DenialCode code,
    boolean isProven,
    boolean isAsk,
    long id,
    long alike,
    boolean isAfterNo,
    boolean isCharged,
    String tool,
    @Nullable String place) {
  /** The id of what came without a proof: nothing tells one such call from another. */
  static final long NO_PROOF = 0;

  static Seen of(DecisionEvent event, boolean isAsk) {
    ToolCall call = event.decision().call();
    DenialCode code = event.decision() instanceof Denied denied ? denied.code() : null;
    return new Seen(
        event.time().toEpochMilli(),
        event.chain(),
        event.tokenBytes(),
        event.rootKey(),
        code,
        event.isProven(),
        isAsk,
        code == null || isAsk ? NO_PROOF : id(event, call),
        isAsk ? ByteBuffer.wrap(call.likeness()).getLong() : 0,
        isAsk && event.isAskedAfterNo(),
        !event.budgets().isEmpty(),
        call.tool(),
        CallerAddress.current());
  }

  /**
   * What a refused proof is known by: its nonce and what it was made for, as nobody but the holder
   * can change either. One digest of both, because whoever chooses nonces must not choose ids.
   */
  private static long id(DecisionEvent event, ToolCall call) {
    byte[] nonce = event.proofNonce();
    if (nonce == null) {
      return NO_PROOF;
    }
    byte[] madeFor = call.toJson().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Digests.sha256(nonce, madeFor)).getLong();
  }

  /** What was decided about which tool. */
  @Override
  public String toString() {
    return (code == null ? "allowed " : code.text() + " ") + tool;
  }
}
