package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.revocation.Fingerprint;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A delegation token in the hands of an agent, who may not know the root key: it can be read,
 * handed on and used, but what it says is only a claim until a {@link Verifier} has seen it.
 * Immutable and thread-safe.
 */
@CheckReturnValue
public final class AgentToken {
  private final UnverifiedToken token;
  // Asked for seldom, and as costly as signing.
  private final Supplier<List<Delegation.Warning>> warnings;

  private AgentToken(UnverifiedToken token, Supplier<List<Delegation.Warning>> warnings) {
    this.token = token;
    this.warnings = warnings;
  }

  /** A token that keeps the profile. */
  static AgentToken checked(UnverifiedToken token) {
    return checked(token, List::of);
  }

  /** A token that keeps the profile, and what is odd about how it was made. */
  static AgentToken checked(UnverifiedToken token, Supplier<List<Delegation.Warning>> warnings) {
    Profile.check(token.blocks(), token.nextKeys(), token.signatureVersions(), token.kind());
    return new AgentToken(token, warnings);
  }

  /**
   * Takes a Biscuit as a delegation token.
   *
   * @throws TaperException {@link ErrorCode#NOT_A_DELEGATION} or {@link
   *     ErrorCode#PROFILE_VIOLATION}, or a code of the category {@link ErrorCode.Category#FORMAT}
   */
  public static AgentToken of(UnverifiedToken token) {
    return checked(token);
  }

  /**
   * Reads a token in base64url.
   *
   * @throws TaperException as {@link UnverifiedToken#decode(String)}, or as {@link #of}
   */
  public static AgentToken decode(String text) {
    return checked(UnverifiedToken.decode(text));
  }

  /**
   * Reads a token.
   *
   * @throws TaperException as {@link UnverifiedToken#decode(byte[])}, or as {@link #of}
   */
  public static AgentToken decode(byte[] bytes) {
    return checked(UnverifiedToken.decode(bytes));
  }

  /** The chain as the token claims it. */
  public DelegationChain chain() {
    return DelegationChain.claimedBy(token);
  }

  /** The token as a Biscuit. */
  public UnverifiedToken token() {
    return token;
  }

  /**
   * Hands the token on, with the system's clock.
   *
   * @throws TaperException as {@link #delegate(Signer, Hop, Clock)}
   */
  public AgentToken delegate(Signer holder, Hop hop) {
    return delegate(holder, hop, Clock.systemUTC());
  }

  /**
   * Hands the token on. Whatever the hop says, it can only narrow; the new token's {@link
   * #warnings()} tell what has no effect.
   *
   * @param holder the holder's key
   * @param hop to whom, and what is left
   * @param clock what a relative end is counted from
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held, the signer
   *     is not its holder, or the hop names the holder with another key without being a {@linkplain
   *     Hop#rotateTo rotation}; {@link ErrorCode#PROFILE_VIOLATION} if the result would break the
   *     profile, such as one key with two names; {@link ErrorCode#DELEGATION_WARNING} if a
   *     {@linkplain Hop#strict strict} hop has a warning; {@link ErrorCode#SIGNING_FAILED}
   */
  public AgentToken delegate(Signer holder, Hop hop, Clock clock) {
    requireHolder(holder, "hand it on");
    Clock now = Clock.fixed(clock.instant(), ZoneOffset.UTC);
    Hop completed = hop.from(chain().holder());
    Supplier<List<Delegation.Warning>> odd = judged(completed, now);
    Block block = completed.block(now);
    if (hop.next() == Hop.Next.BEARER) {
      return checked(token.delegateToBearer(block, holder), odd);
    }
    Agent agent = completed.agent();
    PublicKey next = agent == null ? holder.publicKey() : agent.key();
    return checked(token.delegate(block, holder, next), odd);
  }

  /** What is odd about a hop; a strict one is refused for it. */
  private Supplier<List<Delegation.Warning>> judged(Hop hop, Clock now) {
    if (!hop.isStrict()) {
      return () -> warnings(hop, now);
    }
    List<Delegation.Warning> odd = warnings(hop, now);
    if (!odd.isEmpty()) {
      throw new TaperException(
          ErrorCode.DELEGATION_WARNING,
          "the hop is strict, and probably not what is meant: "
              + odd.stream().map(Delegation.Warning::toString).collect(Collectors.joining("; ")));
    }
    return List::of;
  }

  /**
   * Refuses a signer who does not hold the token, and says who does.
   *
   * @param what what the signer wants to do, for the message, such as {@code prove a call}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT}
   */
  public void requireHolder(Signer signer, String what) {
    if (token.kind() != Token.Kind.HELD) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "nobody holds a "
              + token.kind().name().toLowerCase(Locale.ROOT)
              + " token, so nobody's key can "
              + what);
    }
    PublicKey given = signer.publicKey();
    if (!given.equals(token.holderKey())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "only "
              + chain().holder()
              + ", who holds the token, can "
              + what
              + ": its key is "
              + token.holderKey()
              + ", the given one is "
              + given
              + earlier(given));
    }
  }

  private String earlier(PublicKey key) {
    for (DelegationHop hop : chain().hops()) {
      if (hop.holderKey().equals(key)) {
        return ", of " + hop.holderName() + ", who held it before";
      }
    }
    return "";
  }

  /**
   * Narrows a bearer token, which takes no key.
   *
   * @param hop what is left; to nobody but the bearer
   * @param clock what a relative end is counted from
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the hop names a holder; {@link
   *     ErrorCode#INVALID_PROOF} if the token is not a bearer one; {@link ErrorCode#SEALED}; {@link
   *     ErrorCode#DELEGATION_WARNING} if a {@linkplain Hop#strict strict} hop has a warning
   */
  public AgentToken narrowBearer(Hop hop, Clock clock) {
    if (hop.next() != Hop.Next.BEARER) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a bearer token stays one: use Hop.toBearer()");
    }
    Clock now = Clock.fixed(clock.instant(), ZoneOffset.UTC);
    Supplier<List<Delegation.Warning>> odd = judged(hop, now);
    return checked(token.attenuate(hop.block(now)), odd);
  }

  /**
   * Says what is odd about how the token was made, if this program did so by handing on another one
   * or minting: it says more than it can give. Empty for a token that was read.
   */
  public List<Delegation.Warning> warnings() {
    return warnings.get();
  }

  /**
   * Says what would be odd about a hop from this token, before it is signed.
   *
   * @param hop the hop
   * @param clock what a relative end is counted from
   */
  public List<Delegation.Warning> warnings(Hop hop, Clock clock) {
    List<Block> parents = new ArrayList<>();
    for (Block.Decoded block : token.blocks()) {
      parents.add(block.block());
    }
    int depth = chain().depth() + (hop.next() == Hop.Next.SELF ? 0 : 1);
    return Warnings.of(parents, hop.block(clock), depth, clock.instant());
  }

  /**
   * Proves that the holder makes a call, with the system's clock and no approvals.
   *
   * @throws TaperException as {@link #prove(Signer, SentCall, String, SentApprovals, Clock)}
   */
  public Proof prove(Signer holder, ToolCall call, String audience) {
    return prove(holder, call, audience, Clock.systemUTC());
  }

  /**
   * Proves that the holder makes a call, without approvals.
   *
   * @throws TaperException as {@link #prove(Signer, SentCall, String, SentApprovals, Clock)}
   */
  public Proof prove(Signer holder, ToolCall call, String audience, Clock clock) {
    return prove(holder, call.sent(), audience, SentApprovals.NONE, clock);
  }

  /**
   * Proves that the holder sends a call, with the system's clock and no approvals.
   *
   * @throws TaperException as {@link #prove(Signer, SentCall, String, SentApprovals, Clock)}
   */
  public Proof prove(Signer holder, SentCall sent, String audience) {
    return prove(holder, sent, audience, SentApprovals.NONE, Clock.systemUTC());
  }

  /**
   * Proves that the holder makes a call. The proof is good for this token, request and service,
   * once, for a minute.
   *
   * @param holder the holder's key
   * @param sent what is sent, exactly as it will go over the wire
   * @param audience the service that is called, from the holder's own configuration: never from
   *     what a server says of itself, or it gets a proof to use elsewhere
   * @param approvals what is sent beside the token
   * @param clock the holder's time; a {@link Prover} goes by its own
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held or the
   *     signer is not its holder, or as {@link Proof#make}
   */
  public Proof prove(
      Signer holder, SentCall sent, String audience, SentApprovals approvals, Clock clock) {
    return proof(holder, sent, audience, approvals, clock);
  }

  /**
   * Proves that the holder asks a service what it may do there. Such a proof is good for no call.
   *
   * @throws TaperException as {@link #prove(Signer, SentCall, String, SentApprovals, Clock)}
   */
  public Proof proveOffer(Signer holder, String audience, Clock clock) {
    return proof(holder, null, audience, SentApprovals.NONE, clock);
  }

  private Proof proof(
      Signer holder,
      @Nullable SentCall sent,
      String audience,
      SentApprovals approvals,
      Clock clock) {
    requireHolder(holder, "prove a call");
    if (holder instanceof Prover prover) {
      return prover.prove(this, sent, audience, approvals);
    }
    return Proof.make(holder, state(token.revocationIds()), audience, approvals, sent, clock);
  }

  /** What a proof is bound to: the signature of the last block. */
  static byte[] state(List<byte[]> signatures) {
    return signatures.get(signatures.size() - 1);
  }

  /**
   * Seals the token: any Biscuit library verifies it, and anyone who has it can use it.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held or the
   *     signer is not its holder; {@link ErrorCode#SIGNING_FAILED}
   */
  public AgentToken seal(Signer holder) {
    requireHolder(holder, "seal it");
    return checked(token.seal(holder));
  }

  /**
   * Says why the holder uses tools, which activates grants that ask for it. The token stays the
   * holder's; the next holder has to say it anew.
   *
   * @param holder the holder's key
   * @param justification what is said
   * @throws TaperException as {@link #delegate(Signer, Hop, Clock)}
   */
  public AgentToken justify(Signer holder, Justification justification) {
    requireHolder(holder, "justify a call");
    return checked(token.delegate(justification.block(), holder, holder.publicKey()));
  }

  /**
   * Asks for the approval of a call. The same request can go to several approvers at once. What
   * comes back travels beside the token: {@link #prove(Signer, SentCall, String, SentApprovals,
   * Clock)}.
   *
   * @param call the call
   * @param audience the service that is to be called
   * @param reason why, one line of visible text of at most 1 KiB
   * @throws TaperException as {@link ApprovalRequest#of}
   */
  public ApprovalRequest requestApproval(ToolCall call, String audience, String reason) {
    return ApprovalRequest.of(token, call, audience, reason);
  }

  /** A request for a third party's block, to be added to exactly this token. */
  public ThirdPartyBlock.Request thirdPartyRequest() {
    return token.thirdPartyRequest();
  }

  /**
   * Adds a third party's block.
   *
   * @throws TaperException as {@link UnverifiedToken#append(ThirdPartyBlock, Signer)}
   */
  public AgentToken append(ThirdPartyBlock block, Signer holder) {
    return checked(token.append(block, holder));
  }

  /**
   * Lists the bytes to revoke each block by, as {@link DecisionEvent#revocationKeys}.
   *
   * @return new arrays
   * @throws TaperException {@link ErrorCode#MALFORMED_SIGNATURE} if a signature is not well-formed
   */
  public List<byte[]> revocationKeys() {
    return BlockDigests.revocationKeys(token);
  }

  /**
   * Lists what the token stands on, in the order in which a verifier looks it up, with the words
   * for each. So an issuer or holder can see that services will refuse the token.
   *
   * @param rootKey who signed the first block; null if that is not known, and not looked up then
   * @throws TaperException {@link ErrorCode#MALFORMED_SIGNATURE} if a signature is not well-formed
   */
  public Map<Fingerprint, String> standsOn(@Nullable PublicKey rootKey) {
    List<@Nullable PublicKey> externalKeys = new ArrayList<>();
    for (DelegationHop hop : chain().hops()) {
      externalKeys.add(
          hop.mode() == DelegationHop.Mode.THIRD_PARTY ? PublicKey.parse(hop.grantor()) : null);
    }
    return RevocableParts.of(
            chain(), new RevocableParts.Source(rootKey, revocationKeys(), externalKeys))
        .words();
  }

  /**
   * Lists the SHA-256 digest of each block's revocation key, as {@link DecisionEvent#blockDigests}.
   *
   * @return new arrays of 32 bytes
   * @throws TaperException {@link ErrorCode#MALFORMED_SIGNATURE} if a signature is not well-formed
   */
  public List<byte[]> blockDigests() {
    return BlockDigests.of(token);
  }

  /** The token's bytes. */
  public byte[] encode() {
    return token.encode();
  }

  /** The token in base64url. */
  public String encodeBase64() {
    return token.encodeBase64();
  }

  /** The chain in one line, with nothing that a thief could use. */
  @Override
  public String toString() {
    return chain().toString();
  }
}
