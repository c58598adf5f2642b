package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.RevocableParts;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token's first block alone says against every call. It is asked twice: when only the first
 * signature was verified, so that a token of no use costs no other; and when all of them were,
 * where the answer must be the same. Thread-safe.
 */
final class FirstBlockStep implements VerifiedChain.FirstBlockCheck {
  private final boolean bearerAccepted;
  private final boolean sealedAccepted;
  private final boolean observesOnly;
  private final @Nullable Revocations revocations;
  private final Clock clock;
  private final Behind behind;

  /**
   * Takes the settings of a verifier.
   *
   * @param revocations what is revoked, asked within the verifier's deadline; null for nothing
   */
  FirstBlockStep(VerifierBuilder b, @Nullable Revocations revocations, Behind behind) {
    this.bearerAccepted = b.bearerAccepted;
    this.sealedAccepted = b.sealedAccepted;
    this.observesOnly = b.observesOnly;
    this.revocations = revocations;
    this.clock = b.clock;
    this.behind = behind;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Who observes only verifies all signatures: its calls go ahead.
   *
   * @throws FirstBlockRefusal if it says enough
   */
  @Override
  public void check(VerifiedChain firstBlock) {
    Objection objection = behind.<@Nullable Objection>during(() -> alone(firstBlock));
    if (objection != null) {
      throw new FirstBlockRefusal(firstBlock, objection);
    }
  }

  /**
   * Reads the chain of a token whose signatures were verified. What its first block says against
   * every call comes before what is wrong with another one, as for a token that is not known yet.
   *
   * @throws FirstBlockRefusal if the first block says enough
   * @throws TaperException as {@link DelegationChain#of}
   */
  DelegationChain chain(VerifiedChain token) {
    try {
      return DelegationChain.of(token);
    } catch (TaperException e) {
      if (token.blocks().size() > 1) {
        VerifiedChain first = token.firstBlock();
        Objection objection = alone(first);
        if (objection != null) {
          throw new FirstBlockRefusal(first, objection);
        }
      }
      throw e;
    }
  }

  private @Nullable Objection alone(VerifiedChain firstBlock) {
    if (observesOnly) {
      return null;
    }
    DelegationChain chain;
    try {
      chain = DelegationChain.of(firstBlock);
    } catch (TaperException e) {
      return null; // what is wrong with it is said when all of it was verified
    }
    return objection(firstBlock, chain, clock.instant(), true);
  }

  /**
   * What the first block says against every call; null if nothing. What is revoked is looked up
   * only if it has ended, because the caller looks it up with the rest.
   *
   * @param token with all of its blocks
   */
  @Nullable Objection objection(VerifiedChain token, DelegationChain chain, Instant now) {
    return objection(token, chain, now, false);
  }

  private @Nullable Objection objection(
      VerifiedChain token, DelegationChain chain, Instant now, boolean isAlone) {
    DenialCode kind = kindRefused(chain.kind());
    if (kind != null) {
      return Objection.of(kind, "this service takes no " + chain.kind().text() + " tokens");
    }
    Instant end = chain.hops().get(0).expiry();
    boolean mayHaveEnded = end != null && !now.isBefore(end);
    if (!mayHaveEnded && !isAlone) {
      return null;
    }
    Objection ended = mayHaveEnded ? ended(token, chain) : null;
    Objection revoked = ended != null || isAlone ? revoked(chain, now) : null;
    return revoked == null ? ended : revoked;
  }

  private @Nullable Objection revoked(DelegationChain chain, Instant now) {
    if (revocations == null) {
      return null;
    }
    RevocableParts parts = chain.revocable();
    RevocationCheck check;
    try {
      check = revocations.check(parts.ofFirstBlock(), now);
    } catch (TaperException e) {
      if (!Behind.isTimeout(e)) {
        throw e;
      }
      return null; // it is looked up with the rest
    }
    return check.revoked() < 0
        ? null
        : Objection.of(
            DenialCode.REVOKED, RevocationStep.reason(parts.part(check.revoked())), null);
  }

  /** The end of the first block, if a condition names it and it is past. */
  private @Nullable Objection ended(VerifiedChain token, DelegationChain chain) {
    DelegationHop hop = chain.hops().get(0);
    CallFacts now = CallFacts.none().time(clock);
    List<Caveat> caveats = hop.caveats();
    for (int i = 0; i < caveats.size(); i++) {
      if (caveats.get(i) instanceof Condition condition
          && Attribution.code(condition) == DenialCode.EXPIRED) {
        Caveat.Mismatch mismatch = condition.mismatch(now);
        if (mismatch != null) {
          String check = token.blocks().get(0).block().checks().get(i).toString();
          String words = condition.words(Reason.MAX_WORDS);
          Reason reason = Reason.of(hop, check, words, List.of(mismatch.toString()));
          return Objection.of(
              DenialCode.EXPIRED, reason, new CallDecision.Decider(true, i, null, 0));
        }
      }
    }
    return null;
  }

  /** The kinds of tokens that are taken. */
  Set<Token.Kind> kinds() {
    EnumSet<Token.Kind> kinds = EnumSet.allOf(Token.Kind.class);
    kinds.removeIf(kind -> kindRefused(kind) != null);
    return Collections.unmodifiableSet(kinds);
  }

  private @Nullable DenialCode kindRefused(Token.Kind kind) {
    return switch (kind) {
      case HELD -> null;
      case BEARER -> bearerAccepted ? null : DenialCode.BEARER_NOT_ACCEPTED;
      case SEALED -> sealedAccepted ? null : DenialCode.SEALED_NOT_ACCEPTED;
    };
  }
}
