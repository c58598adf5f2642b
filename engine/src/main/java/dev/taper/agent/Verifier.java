package dev.taper.agent;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.ProofUses;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.revocation.Revocations;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may go ahead, offline. It reads the token, verifies its signatures from a
 * trusted root key, checks the rules of the profile and the holder's proof, and evaluates every
 * check of the chain and the service's policies. Only then does it claim the proof and the
 * single-use approvals, so that refused calls use up nothing. Every step fails closed. Built once,
 * immutable but for its memories of tokens, proofs and approvals, and used from any thread.
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
  private final Pipeline pipeline;

  private Verifier(Builder b, Audience audience) {
    this.tokens = new TokenReader(b.rootKeys, b.decodeLimits, b.tokenCache());
    this.pipeline = new Pipeline(b, audience);
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
  public CallDecision decide(String token, ToolCall call, @Nullable String proof) {
    Proof decoded = null;
    if (proof != null) {
      try {
        decoded = Proof.decode(proof);
      } catch (TaperException e) {
        tokens.decode(token); // what is wrong with the token is said first
        throw e;
      }
    }
    return pipeline.decide(tokens.verify(token), call, decoded);
  }

  /**
   * Decides about a call.
   *
   * @param token the token's bytes
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @throws TaperException as {@link #decide(String, ToolCall, String)}
   */
  public CallDecision decide(byte[] token, ToolCall call, @Nullable Proof proof) {
    return pipeline.decide(tokens.verify(token), call, proof);
  }

  /**
   * Decides about a call.
   *
   * @param token the token
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @throws TaperException as {@link #decide(String, ToolCall, String)}
   */
  public CallDecision decide(UnverifiedToken token, ToolCall call, @Nullable Proof proof) {
    return pipeline.decide(tokens.verify(token), call, proof);
  }

  /** What the token cache did so far and holds now; null without one. */
  public TokenCache.@Nullable Statistics tokenCacheStatistics() {
    TokenCache cache = tokens.cache();
    return cache == null ? null : cache.statistics();
  }

  /** How many times a listener could not take note of a decision, whatever became of the call. */
  public long unrecordedDecisions() {
    return pipeline.unrecorded();
  }

  /** How many refusals could not be explained; they stand with fewer words, and are recorded. */
  public long unexplainedDecisions() {
    return pipeline.unexplained();
  }

  /** The health of the verifier, and of what it stands on, as it is now. */
  public VerifierHealth health() {
    return pipeline.health(tokenCacheStatistics());
  }

  /** Collects what a verifier needs. Not thread-safe. */
  public static final class Builder {
    final RootKeys rootKeys;
    @Nullable Audience audience;
    PolicySet policies = DEFAULT_POLICIES;
    final Set<String> sharedPredicates = new LinkedHashSet<>();
    boolean revocationDecided;
    @Nullable Revocations revocations;
    boolean bearerAccepted;
    boolean sealedAccepted;
    @Nullable AgentDirectory directory;
    @Nullable ReplayMemory replays;
    @Nullable ProofUses proofUses;
    @Nullable ApprovalUses approvalUses;
    Duration longestJustification = Duration.ofHours(1);
    Duration longestApproval = Duration.ofHours(24);
    Duration deadline = Duration.ofMillis(500);
    Clock clock = Clock.systemUTC();
    LongSupplier ticker = System::nanoTime;
    RunLimits limits = RunLimits.defaults();
    ExternFunctions externs = ExternFunctions.none();
    DecodeLimits decodeLimits = DecodeLimits.DEFAULT;
    boolean tokensCached = true;
    @Nullable TokenCache tokenCache;
    boolean approversPublished;
    final List<Listeners.Entry> listeners = new ArrayList<>();

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
     * checks of the chain hold in any case. Their facts, and what their rules derive, are the
     * service's own: no block of a token sees them, except the {@linkplain #sharedPredicates
     * shared} ones.
     */
    public Builder policies(PolicySet newPolicies) {
      policies = Given.that(newPolicies, "the verifier's policy set");
      return this;
    }

    /**
     * Lets the blocks of tokens see some of the policies' facts, derived ones too: anyone who has a
     * token can then find out which there are.
     *
     * @param names of predicates, with any number of terms
     */
    public Builder sharedPredicates(String... names) {
      sharedPredicates.addAll(List.of(names));
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

    /**
     * Does without revocation: what was granted stays good until it ends. A verifier never does so
     * by default.
     */
    public Builder withoutRevocation() {
      revocations = null;
      revocationDecided = true;
      return this;
    }

    /** Takes bearer tokens too, which anyone who has them can use. */
    public Builder acceptBearer() {
      bearerAccepted = true;
      return this;
    }

    /** Takes sealed tokens too, which anyone who has them can use, again and again. */
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
    public Builder replayCache(ReplayMemory cache) {
      replays = Given.that(cache, "the replay cache");
      return this;
    }

    /**
     * Asks another memory for proofs too, which several processes share. It is asked once for each
     * call that is allowed otherwise.
     */
    public Builder proofUses(ProofUses newUses) {
      proofUses = Objects.requireNonNull(newUses);
      return this;
    }

    /**
     * Sets the memory for single-use approvals that were used; by default one of its own, so that
     * each is good for one call to this verifier. Verifiers of one audience have to share one.
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

    /**
     * Sets the longest window that an approval for one call may have, by default 24 hours: its use
     * has to be remembered for as long.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not positive
     */
    public Builder longestApproval(Duration window) {
      if (window.isZero() || window.isNegative()) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the longest window of an approval is not positive");
      }
      longestApproval = window;
      return this;
    }

    /**
     * Lets callers read which keys the service's policies name as approvers, in the decisions that
     * say that an approval is missing. By default they read that they should ask the service;
     * approvers whom the caller's own chain names are never a secret.
     */
    public Builder publishApprovers() {
      approversPublished = true;
      return this;
    }

    /**
     * Sets the time of a whole call, by default 500 ms: what stands behind a decision (a shared
     * memory of approvals, listeners, a look-up of revocations) gets what is left of it, and a call
     * that would need more is refused. A fifth of it is kept for recording the decision, even if
     * everything before took longer.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is less than 5 ms
     */
    public Builder deadline(Duration newDeadline) {
      if (newDeadline.compareTo(Duration.ofMillis(5)) < 0) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a call needs 5 ms at least, not " + newDeadline);
      }
      deadline = newDeadline;
      return this;
    }

    /** Sets the watch for deadlines, for tests. */
    Builder ticker(LongSupplier newTicker) {
      ticker = newTicker;
      return this;
    }

    /** Sets the clock. */
    public Builder clock(Clock newClock) {
      clock = Given.that(newClock, "the verifier's clock");
      return this;
    }

    /**
     * Sets the limits of one decision: its steps and its time are for all that it evaluates. The
     * token and the policies have as many steps, facts and iterations each, and share the time.
     */
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

    /** Verifies every token from scratch on every call: slower, with the same answers. */
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
     * Tells a listener of every decision. Listeners are told in the order in which they were added.
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
     * Builds the verifier.
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
