package dev.taper.agent.decision;

import dev.taper.agent.call.Proof;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.PublicKey;
import dev.taper.token.VerifiedChain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision and what it rests on, for a {@link DecisionListener}. The decision holds the call with
 * its arguments and the chain with its grants; the token itself, which may be a secret, is known by
 * digests only. Immutable and thread-safe.
 */
public final class DecisionEvent {
  private final Instant time;
  private final CallDecision decision;
  private final VerifiedChain token;
  private final byte[] policyDigest;
  private final Judged judged;
  private final @Nullable Proof proof;
  private final boolean observed;
  private final boolean askedAfterNo;
  private final @Nullable Duration took;

  /**
   * Makes an event.
   *
   * @param decision what stands, perhaps in place of what was judged
   * @param proof what came with the call, good or not
   * @param observed whether the decision is recorded and not followed
   * @param askedAfterNo whether a holder asks for what somebody refused it
   */
  DecisionEvent(
      Instant time,
      @Nullable Duration took,
      CallDecision decision,
      VerifiedChain token,
      byte[] policyDigest,
      Judged judged,
      @Nullable Proof proof,
      boolean observed,
      boolean askedAfterNo) {
    this.time = time;
    this.took = took;
    this.decision = decision;
    this.token = token;
    this.policyDigest = policyDigest;
    this.judged = judged;
    this.proof = proof;
    this.observed = observed;
    this.askedAfterNo = askedAfterNo;
  }

  /** When it was decided, by the verifier's clock. */
  public Instant time() {
    return time;
  }

  /**
   * How long it took, from what came with the token to the decision, signatures and stores
   * included, recording not; null for what a holder only asked.
   */
  public @Nullable Duration took() {
    return took;
  }

  /** What was decided, about which call, for which service. */
  public CallDecision decision() {
    return decision;
  }

  /** Who gave what to whom. */
  public DelegationChain chain() {
    return decision.chain();
  }

  /** The root key that signed the authority block. */
  public PublicKey rootKey() {
    return token.rootKey();
  }

  /** How many bytes the token has: what is read of it takes many times as much memory. */
  public int tokenBytes() {
    return token.encode().length;
  }

  /**
   * Lists the bytes to revoke each block by, as {@link VerifiedChain#revocationKeys}.
   *
   * @return new arrays
   */
  public List<byte[]> revocationKeys() {
    return token.revocationKeys();
  }

  /**
   * Lists the SHA-256 digest of each block's revocation key. The digest of a token's last block is
   * the token's own name in records, so a delegated token's record names the token it came from.
   *
   * @return new arrays of 32 bytes
   */
  public List<byte[]> blockDigests() {
    return decision.chain().blockDigests();
  }

  /** The SHA-256 digest of the service's policies as Datalog text: 32 bytes, a copy. */
  public byte[] policyDigest() {
    return policyDigest.clone();
  }

  /** The sequence of the revocation list that was asked; null if there was none. */
  public @Nullable Long revocationSequence() {
    return judged.revocation().sequence();
  }

  /** How old that list was; null if there was none. */
  public @Nullable Duration revocationAge() {
    return judged.revocation().age();
  }

  /** The key whose proof was good; null if no proof was asked for, or none was good. */
  public @Nullable PublicKey proofKey() {
    return judged.proofKey();
  }

  /**
   * The nonce of the proof that came with the call, good or not: a copy. Null without one, and for
   * what a holder only asked. Two denials with one nonce can be one proof that was sent twice: a
   * refused proof is not remembered.
   */
  public byte @Nullable [] proofNonce() {
    return proof == null ? null : proof.nonce();
  }

  /**
   * True if the token's holder is known to have made this call: its proof is good, and the verifier
   * knows that it was not used before. Otherwise the token only names an agent, and anyone who got
   * hold of it may have made the call.
   */
  public boolean isProven() {
    return judged.proofKey() != null
        && !(decision instanceof CallDecision.Denied denied && isReuseOpen(denied.code()));
  }

  /** True if the proof was used before, or that is not known. */
  private static boolean isReuseOpen(DenialCode code) {
    return switch (code) {
      case PROOF_REPLAYED, REPLAY_CACHE_FULL, REPLAY_CACHE_UNAVAILABLE -> true;
      default -> false;
    };
  }

  /**
   * True if the verifier only observes: whatever it decided, the call went ahead, and nothing was
   * claimed for it.
   */
  public boolean isObserved() {
    return observed;
  }

  /**
   * True if the shared replay memory did not answer, and the verifier took the proof because it did
   * not take it before itself: {@link VerifierBuilder#proofsOfOneProcessWhileAway}.
   */
  public boolean isAlone() {
    return judged.evaluated().isAlone();
  }

  /**
   * True if the holder asks for an approval of a call although somebody refused it one of a call
   * alike ({@link dev.taper.agent.call.ToolCall#likeness}), as far as whoever keeps the asks knows.
   */
  public boolean isAskedAfterNo() {
    return askedAfterNo;
  }

  /** The names of the approvals that counted: the approver's key, a space, the id in hex. */
  public List<String> approvals() {
    return judged.evaluated().approvals();
  }

  /** The reasons of the justifications that counted. */
  public List<String> justifications() {
    return judged.evaluated().justifications();
  }

  /** The counters of budgets that the allowed call was charged to, 64 hex digits each. */
  public List<String> budgets() {
    return decision.allowed() ? judged.evaluated().budgets() : List.of(); // else given back
  }

  /** The time and the decision; names only, never an argument's value. */
  @Override
  public String toString() {
    return time + " " + decision;
  }
}
