package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.escalation.ApprovalUses;
import dev.taper.agent.escalation.InMemoryApprovalUses;
import dev.taper.agent.request.Audience;
import dev.taper.agent.request.Invocation;
import dev.taper.agent.request.Presentation;
import dev.taper.agent.request.Proof;
import dev.taper.agent.request.ReplayCache;
import dev.taper.agent.request.RequestFacts;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.datalog.engine.ExternFunctions;
import dev.taper.datalog.engine.RunLimits;
import dev.taper.revocation.Revocations;
import dev.taper.token.HeldToken;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import dev.taper.wire.DecodeLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may go ahead, offline: reads the token, verifies its signatures from a
 * trusted root key, the rules of the profile and the holder's proof, then evaluates every check of
 * the chain and the service's policies. Every step fails closed. Built once, immutable but for its
 * replay and token caches, and used from any thread.
 */
public final class Verifier {
  /** Allows what the chain's own checks allow. */
  private static final PolicySet DEFAULT_POLICIES =
      PolicySet.of(
          new AuthorizerCode(
              Block.builder().build(),
              List.of(
                  new Policy(
                      Policy.Kind.ALLOW,
                      List.of(
                          new Query(
                              List.of(),
                              List.of(new Expression.Value(new Term.Bool(true))),
                              List.of()))))));

  private final TokenReader tokens;
  private final Audience audience;
  private final boolean bearerAccepted;
  private final boolean sealedAccepted;
  private final @Nullable Revocations revocations;
  private final ReplayCache replays;
  private final Clock clock;
  private final Duration longestJustification;
  private final Ruling.Service service;
  private final Listeners listeners;

  private Verifier(Builder b, Audience audience) {
    this.tokens = new TokenReader(b.rootKeys, b.decodeLimits, b.tokenCache());
    this.audience = audience;
    this.bearerAccepted = b.bearerAccepted;
    this.sealedAccepted = b.sealedAccepted;
    this.revocations = b.revocations;
    this.clock = b.clock;
    this.replays = b.replays == null ? ReplayCache.of(b.clock) : b.replays;
    this.longestJustification = b.longestJustification;
    this.service =
        new Ruling.Service(
            audience.name(),
            b.policies,
            b.directory,
            b.externs,
            b.limits,
            b.approvalUses == null ? InMemoryApprovalUses.of(b.clock) : b.approvalUses);
    this.listeners = new Listeners(b.listeners, b.clock, b.policies);
  }

  /**
   * Starts a verifier.
   *
   * @param rootKeys the root keys it trusts; none refuses every token
   */
  public static Builder trusting(RootKeys rootKeys) {
    return new Builder(rootKeys);
  }

  /**
   * Decides about a call.
   *
   * @param token the token in base64url
   * @param call the call as the service is about to make it
   * @param proof the holder's proof in base64url, or null if there is none
   * @throws TaperException if the token or the proof is malformed or forged, no trusted root key
   *     signed it, or it is no delegation token: a code of the category {@link
   *     ErrorCode.Category#FORMAT} or {@link ErrorCode.Category#SIGNATURE}, or {@link
   *     ErrorCode#MALFORMED_HOLDER_PROOF}
   */
  public CallDecision decide(String token, Invocation call, @Nullable String proof) {
    Proof decoded = null;
    if (proof != null) {
      try {
        decoded = Proof.decode(proof);
      } catch (TaperException e) {
        tokens.decode(token); // what is wrong with the token is said first
        throw e;
      }
    }
    return decide(tokens.verify(token), call, decoded);
  }

  /**
   * Decides about a call.
   *
   * @param token the token's bytes
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @throws TaperException as {@link #decide(String, Invocation, String)}
   */
  public CallDecision decide(byte[] token, Invocation call, @Nullable Proof proof) {
    return decide(tokens.verify(token), call, proof);
  }

  /**
   * Decides about a call.
   *
   * @param token the token
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @throws TaperException as {@link #decide(String, Invocation, String)}
   */
  public CallDecision decide(UnverifiedToken token, Invocation call, @Nullable Proof proof) {
    return decide(tokens.verify(token), call, proof);
  }

  private CallDecision decide(VerifiedChain verified, Invocation call, @Nullable Proof proof) {
    Evidence evidence = new Evidence();
    return listeners.tell(rule(verified, call, proof, evidence), verified, evidence);
  }

  private CallDecision rule(
      VerifiedChain verified, Invocation call, @Nullable Proof proof, Evidence evidence) {
    DelegationChain chain = DelegationChain.of(verified);
    Ruling ruling = new Ruling(service, call, verified, chain);
    DenialCode refusal = manner(chain.presentation());
    if (refusal != null) {
      return ruling.denied(
          refusal, "this service takes no " + chain.presentation().text() + " tokens");
    }
    if (revocations != null) {
      CallDecision revoked =
          RevocationStep.refusal(revocations, chain, clock.instant(), ruling, evidence);
      if (revoked != null) {
        return revoked;
      }
    }
    RequestFacts facts = call.facts().time(clock).audience(audience);
    if (verified instanceof HeldToken held) {
      if (proof == null) {
        return ruling.denied(
            DenialCode.PROOF_REQUIRED, "a held token needs its holder's proof for every call");
      }
      try {
        proof.verifyPrepared(held.holderKey(), held.stateDigest(), audience, call, replays);
      } catch (TaperException e) {
        return ruling.denied(code(e), Objects.requireNonNullElse(e.getMessage(), ""));
      }
      evidence.proof(held.holderKey());
    }
    Escalation escalation = new Escalation(chain, call, clock, longestJustification);
    return ruling.decide(facts, escalation, evidence);
  }

  /** What the token cache did so far and holds now; null without one. */
  public TokenCache.@Nullable Statistics tokenCacheStatistics() {
    TokenCache cache = tokens.cache();
    return cache == null ? null : cache.statistics();
  }

  /** How many times a listener could not take note of a decision, whatever became of the call. */
  public long unrecordedDecisions() {
    return listeners.unrecorded();
  }

  private @Nullable DenialCode manner(Presentation presentation) {
    return switch (presentation) {
      case HELD -> null;
      case BEARER -> bearerAccepted ? null : DenialCode.BEARER_NOT_ACCEPTED;
      case SEALED -> sealedAccepted ? null : DenialCode.SEALED_NOT_ACCEPTED;
    };
  }

  private static DenialCode code(TaperException e) {
    return switch (e.code()) {
      case HOLDER_PROOF_MISMATCH -> DenialCode.PROOF_MISMATCH;
      case HOLDER_PROOF_EXPIRED -> DenialCode.PROOF_EXPIRED;
      case HOLDER_PROOF_NOT_YET_VALID -> DenialCode.PROOF_NOT_YET_VALID;
      case HOLDER_PROOF_REPLAYED -> DenialCode.PROOF_REPLAYED;
      case REPLAY_CACHE_FULL -> DenialCode.REPLAY_CACHE_FULL;
      default -> throw e;
    };
  }

  /** Collects what a verifier needs. Not thread-safe. */
  public static final class Builder {
    private final RootKeys rootKeys;
    private @Nullable Audience audience;
    private PolicySet policies = DEFAULT_POLICIES;
    private boolean revocationDecided;
    private @Nullable Revocations revocations;
    private boolean bearerAccepted;
    private boolean sealedAccepted;
    private @Nullable AgentDirectory directory;
    private @Nullable ReplayCache replays;
    private @Nullable ApprovalUses approvalUses;
    private Duration longestJustification = Duration.ofHours(1);
    private Clock clock = Clock.systemUTC();
    private RunLimits limits = RunLimits.defaults();
    private ExternFunctions externs = ExternFunctions.none();
    private DecodeLimits decodeLimits = DecodeLimits.DEFAULT;
    private boolean tokensCached = true;
    private @Nullable TokenCache tokenCache;
    private final List<Listeners.Entry> listeners = new ArrayList<>();

    private Builder(RootKeys rootKeys) {
      this.rootKeys = Given.that(rootKeys, "the set of root keys that are trusted");
    }

    /**
     * Names this service, as proofs and audience conditions call it. Mandatory.
     *
     * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if the name is ambiguous
     */
    public Builder audience(String name) {
      audience = Audience.of(name);
      return this;
    }

    /**
     * Sets the service's policies, which replace the default one (allow what the chain allows). The
     * checks of the chain hold in any case.
     */
    public Builder policies(PolicySet newPolicies) {
      policies = Given.that(newPolicies, "the verifier's policy set");
      return this;
    }

    /**
     * Looks up for every call whether anything that the token stands on is revoked: a block, its
     * task, a key, its delegator, its root key. A list that is stale or missing refuses every call.
     */
    public Builder revocations(Revocations newRevocations) {
      revocations =
          Given.that(
              newRevocations, "the revocation list, which withoutRevocation() would do without,");
      revocationDecided = true;
      return this;
    }

    /** Does without revocation: what was granted stays good until it ends. Must be spelled out. */
    public Builder withoutRevocation() {
      revocations = null;
      revocationDecided = true;
      return this;
    }

    /** Takes bearer tokens too, which whoever has them can use. */
    public Builder acceptBearer() {
      bearerAccepted = true;
      return this;
    }

    /** Takes sealed tokens too, which whoever has them can use, again and again. */
    public Builder acceptSealed() {
      sealedAccepted = true;
      return this;
    }

    /** Looks holders up in a directory. */
    public Builder directory(AgentDirectory newDirectory) {
      directory = Given.that(newDirectory, "the agent directory");
      return this;
    }

    /** Sets the memory for proofs, with its window and clock; by default one of its own. */
    public Builder replayCache(ReplayCache cache) {
      replays = Given.that(cache, "the replay cache");
      return this;
    }

    /**
     * Sets the memory for single-use approvals that were used; by default one of its own, so that
     * each is good for one call to this verifier.
     */
    public Builder approvalUses(ApprovalUses newUses) {
      approvalUses = Given.that(newUses, "the memory for used approvals");
      return this;
    }

    /**
     * Sets the longest window that a holder's justification may have, by default an hour; a grant
     * can ask for a shorter one.
     */
    public Builder longestJustification(Duration window) {
      longestJustification = Given.that(window, "the longest window of a justification");
      return this;
    }

    /** Sets the clock. */
    public Builder clock(Clock newClock) {
      clock = Given.that(newClock, "the verifier's clock");
      return this;
    }

    /** Sets the limits of one evaluation. */
    public Builder limits(RunLimits newLimits) {
      limits = Given.that(newLimits, "the limit of evaluation");
      return this;
    }

    /**
     * Sets the memory for verified tokens, which several verifiers may share, whatever root keys
     * they trust; by default one of its own, of {@link TokenCache#DEFAULT_BYTES}. It must read
     * tokens within the same {@linkplain #decodeLimits limits}.
     */
    public Builder tokenCache(TokenCache cache) {
      tokenCache =
          Given.that(cache, "the token cache, which withoutTokenCache() would do without,");
      tokensCached = true;
      return this;
    }

    /** Verifies every token from scratch on every call: slower, and the same answers. */
    public Builder withoutTokenCache() {
      tokenCache = null;
      tokensCached = false;
      return this;
    }

    private @Nullable TokenCache tokenCache() {
      if (tokenCache == null) {
        return tokensCached ? TokenCache.of(TokenCache.DEFAULT_BYTES, decodeLimits) : null;
      }
      if (!tokenCache.limits().equals(decodeLimits)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the token cache has other limits than the verifier");
      }
      return tokenCache;
    }

    /** Sets the functions that expressions may call. */
    public Builder externs(ExternFunctions newExterns) {
      externs = Given.that(newExterns, "the set of external functions");
      return this;
    }

    /** Sets the limits of reading a token. */
    public Builder decodeLimits(DecodeLimits newLimits) {
      decodeLimits = Given.that(newLimits, "the limit of reading");
      return this;
    }

    /** Tells a listener of every decision; what it cannot take note of is denied. */
    public Builder listener(DecisionListener listener) {
      return listener(listener, AuditFailure.DENY);
    }

    /**
     * Tells a listener of every decision. Of several, the first added is told first.
     *
     * @param listener who is told
     * @param onFailure what becomes of a call that it could not take note of
     */
    public Builder listener(DecisionListener listener, AuditFailure onFailure) {
      listeners.add(
          new Listeners.Entry(
              Given.that(listener, "the listener"),
              Given.that(onFailure, "what becomes of a call that was not recorded")));
      return this;
    }

    /**
     * The verifier.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the audience is missing, or
     *     nothing was said about revocation, or the token cache has other limits of reading
     */
    public Verifier build() {
      if (audience == null) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a verifier needs its own name: audience(…)");
      }
      if (!revocationDecided) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a verifier needs to know what is revoked: revocations(…), or withoutRevocation()");
      }
      return new Verifier(this, audience);
    }
  }
}
