package dev.taper.agent;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import dev.taper.token.Token;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may go ahead, offline. It reads the token, verifies its signatures from a
 * trusted root key, checks the rules of the profile and the holder's proof, and evaluates every
 * check of the chain and the service's policies. Only then does it claim the proof and the uses of
 * approvals, so that refused calls use up nothing. Every step fails closed. Built once, immutable
 * but for its memories of tokens, proofs and approvals, and used from any thread.
 *
 * <p>The verifiers that {@code with} makes have something new, and share everything else with this
 * one: memories, token cache, listeners, what they count. So what was used stays used. {@link
 * ReloadingVerifier} does so when files change.
 */
@CheckReturnValue
public final class Verifier {
  private final TokenReader tokens;
  private final Pipeline pipeline;
  private final Audience audience;
  private final @Nullable CallLimit limit;

  Verifier(VerifierBuilder b, Audience audience) {
    this.tokens = TokenReader.of(b);
    this.tokens.pinRootKeys();
    this.pipeline = new Pipeline(b, audience);
    this.audience = audience;
    this.limit = CallLimit.of(b);
  }

  private Verifier(Verifier same, TokenReader tokens, Pipeline pipeline) {
    this.tokens = tokens;
    this.pipeline = pipeline;
    this.audience = same.audience;
    this.limit = same.limit;
  }

  private Verifier with(Pipeline other) {
    return new Verifier(this, tokens, other);
  }

  /**
   * Starts a verifier.
   *
   * @param rootKeys the root keys it trusts; none refuses every token
   */
  public static VerifierBuilder trusting(RootKeys rootKeys) {
    return new VerifierBuilder(rootKeys);
  }

  /** Returns a verifier that trusts other root keys, and shares everything else with this one. */
  public Verifier with(RootKeys rootKeys) {
    TokenReader others = tokens.with(Given.that(rootKeys, "the set of root keys that are trusted"));
    others.pinRootKeys();
    return new Verifier(this, others, pipeline);
  }

  /** Returns a verifier with other policies, which shares everything else with this one. */
  public Verifier with(PolicySet policies) {
    return with(pipeline.with(Given.that(policies, "the verifier's policy set")));
  }

  /** Returns a verifier with another directory, which shares everything else with this one. */
  public Verifier with(AgentDirectory directory) {
    return with(pipeline.with(Given.that(directory, "the agent directory")));
  }

  /**
   * Returns a verifier with other names of approvers, which shares everything else with this one.
   */
  public Verifier with(ApproverNames names) {
    return with(pipeline.with(Given.that(names, "the list of approvers' names")));
  }

  /**
   * Returns a verifier with other names of issuers, by which it finds the counters of budgets. It
   * shares everything else with this one.
   */
  public Verifier withIssuerNames(IssuerNames names) {
    return with(pipeline.with(Given.that(names, "the names of issuers")));
  }

  /**
   * Returns a verifier with another catalog, which shares everything else with this one. It takes
   * only calls that its own catalog makes.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the catalog is of another audience
   */
  public Verifier with(ToolCatalog catalog) {
    return with(pipeline.with(Given.that(catalog, "the catalog of tools")));
  }

  /**
   * Decides about a call without approvals.
   *
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public CallDecision decide(String token, ToolCall call, @Nullable String proof) {
    return decide(token, call, proof, List.of());
  }

  /**
   * Decides about a call.
   *
   * @param token the token in base64url
   * @param call the call as the service is about to make it
   * @param proof the holder's proof in base64url, or null if there is none
   * @param approvals those that came beside the token, each in base64url, in any order
   * @throws TaperException if the token, the proof or an approval is malformed or forged, no
   *     trusted root key signed it, or it is no delegation token: a code of the category {@link
   *     ErrorCode.Category#FORMAT} or {@link ErrorCode.Category#SIGNATURE}, or {@link
   *     ErrorCode#MALFORMED_HOLDER_PROOF}; {@link ErrorCode#OVERLOADED} if there are more calls
   *     than {@link VerifierBuilder#callsAtOnce} lets be
   */
  public CallDecision decide(
      String token, ToolCall call, @Nullable String proof, Collection<String> approvals) {
    return within(
        token,
        () -> {
          Presented presented = presented(token, proof, approvals);
          return pipeline.decide(() -> verified(token), call, presented);
        });
  }

  private VerifiedChain verified(String token) {
    return tokens.verify(token, pipeline.firstBlocks());
  }

  private VerifiedChain verified(UnverifiedToken token) {
    return tokens.verify(token, pipeline.firstBlocks());
  }

  /** Looks at what came with a token, if there is room for that. */
  private <T extends @Nullable Object> T within(String token, Supplier<T> look) {
    return limit == null ? look.get() : limit.during(tokens.party(token), look);
  }

  private <T extends @Nullable Object> T within(UnverifiedToken token, Supplier<T> look) {
    return limit == null ? look.get() : limit.during(tokens.party(token), look);
  }

  /** Decodes what came with a token; what is wrong with the token is said first. */
  private Presented presented(String token, @Nullable String proof, Collection<String> approvals) {
    try {
      Proof decoded = proof == null ? null : Proof.decode(proof);
      return Presented.of(decoded, SentApprovals.of(approvals), pipeline.since());
    } catch (TaperException e) {
      tokens.decode(token);
      throw e;
    }
  }

  /**
   * Decides about a call without approvals.
   *
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public CallDecision decide(UnverifiedToken token, ToolCall call, @Nullable Proof proof) {
    return decide(token, call, proof, SentApprovals.NONE);
  }

  /**
   * Decides about a call.
   *
   * @param token the token
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @param approvals those that came beside the token
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public CallDecision decide(
      UnverifiedToken token, ToolCall call, @Nullable Proof proof, SentApprovals approvals) {
    return within(
        token,
        () -> {
          Presented presented = Presented.of(proof, approvals, pipeline.since());
          return pipeline.decide(() -> verified(token), call, presented);
        });
  }

  /**
   * Says what would be decided about a call if the token's holder made it now: the same steps but
   * for the proof. It claims and records nothing. Whoever asks reads of the holder's authority, so
   * across a network only the holder may, by a proof of its own.
   *
   * @param token the token in base64url
   * @param call the call that might be made
   * @throws TaperException as {@link #decide(String, ToolCall, String)}
   */
  public CallPreview preview(String token, ToolCall call) {
    Presented nothing = Presented.asking(SentApprovals.NONE);
    return within(token, () -> pipeline.preview(() -> verified(token), call, nothing, null));
  }

  /**
   * Says what would be decided about a call, as {@link #preview(String, ToolCall)}.
   *
   * @param token the token
   * @param call the call that might be made
   * @param approvals those that would come beside the token
   * @throws TaperException as {@link #preview(String, ToolCall)}
   */
  public CallPreview preview(UnverifiedToken token, ToolCall call, SentApprovals approvals) {
    return within(
        token,
        () -> {
          Presented presented = Presented.asking(approvals); // decoded before anything is verified
          return pipeline.preview(() -> verified(token), call, presented, null);
        });
  }

  /**
   * Says what would be decided about a call that a holder asks about, as {@link
   * #preview(UnverifiedToken, ToolCall, SentApprovals)}, and tells the listeners ({@link
   * DecisionListener#asked}). The caller has used the holder's proof of what it sent ({@link
   * #useProof}): the listeners are told that the holder is who asks.
   *
   * @param token the token
   * @param call the call that might be made
   * @param approvals those that would come beside the token
   * @throws TaperException as {@link #preview(String, ToolCall)}
   */
  public CallPreview asked(UnverifiedToken token, ToolCall call, SentApprovals approvals) {
    return asked(token, call, approvals, false);
  }

  /**
   * Says what would be decided about a call, as {@link #asked(UnverifiedToken, ToolCall,
   * SentApprovals)}.
   *
   * @param afterNo whether somebody refused the holder an approval of a call alike ({@link
   *     ToolCall#likeness}): the listeners are told, and nothing else comes of it
   * @throws TaperException as {@link #preview(String, ToolCall)}
   */
  public CallPreview asked(
      UnverifiedToken token, ToolCall call, SentApprovals approvals, boolean afterNo) {
    return within(
        token,
        () -> {
          Presented presented = Presented.asking(approvals);
          return pipeline.preview(() -> verified(token), call, presented, afterNo);
        });
  }

  /**
   * Says which of the service's tools a chain does not exclude by itself. What is named here may be
   * refused all the same: it is a list to choose from, and no promise. It says nothing of the
   * service's policies, claims and records nothing, and compares no more than a decision may
   * evaluate.
   *
   * @param token the token in base64url
   * @param proof what {@link AgentToken#proveOffer} makes, in base64url; null for a token that
   *     needs no proof
   * @throws TaperException as {@link #decide(String, ToolCall, String)}; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the verifier has no catalog
   */
  public ToolOffer offer(String token, @Nullable String proof) {
    return within(
        token,
        () -> {
          Presented presented = presented(token, proof, List.of());
          return pipeline.offer(() -> verified(token), presented.proof());
        });
  }

  /**
   * Says which of the service's tools a chain does not exclude, as {@link #offer(String, String)}.
   *
   * @throws TaperException as {@link #offer(String, String)}
   */
  public ToolOffer offer(UnverifiedToken token, @Nullable Proof proof) {
    return within(token, () -> pipeline.offer(() -> verified(token), proof));
  }

  /**
   * Says what a token leaves to whoever sent something that is no call, such as a request that goes
   * on with a session: the same steps as {@link #useProof}, and then as {@link #offer(String,
   * String)}.
   *
   * @param token the token in base64url
   * @param sent what was sent, without approvals
   * @param proof the holder's proof of that, in base64url; null if there is none. It is used up
   * @throws TaperException as {@link #offer(String, String)}
   */
  public ToolOffer offer(String token, SentCall sent, @Nullable String proof) {
    return within(
        token,
        () -> {
          Presented presented = presented(token, proof, List.of());
          return pipeline.offer(() -> verified(token), sent, presented.proof());
        });
  }

  /**
   * Says what a token leaves now to a holder who presented it before, in whose session or on whose
   * open stream something is about to be done or sent: the same steps as {@link #offer(String,
   * String)} but for the proof. Across a network it answers nobody who did not prove that it holds
   * the token.
   *
   * @param token the token in base64url
   * @return the offer; of nothing also while the holder is {@linkplain DenialCode#HELD_BACK held
   *     back}
   * @throws TaperException as {@link #offer(String, String)}
   */
  public ToolOffer standing(String token) {
    return within(token, () -> pipeline.standing(() -> verified(token)));
  }

  /**
   * Says why whoever sent something is not taken for the token's holder, whatever it means: the
   * steps of a decision up to the proof. So a service tells nobody but a holder what is wrong with
   * a request that its catalog refuses. It claims and records nothing.
   *
   * @param token the token in base64url
   * @param sent what was sent
   * @param proof the holder's proof of that, in base64url; null if there is none
   * @param approvals those that came beside the token, each in base64url, in any order
   * @return null if it is the holder, or the token needs none and is taken
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public @Nullable DenialCode unproven(
      String token, SentCall sent, @Nullable String proof, Collection<String> approvals) {
    return unproven(token, sent, proof, approvals, false);
  }

  /**
   * Uses the proof of something that is no call, such as an ask for an approval: the same steps as
   * {@link #unproven}, and then no verifier that shares the memory takes the proof again.
   *
   * @param token the token in base64url
   * @param sent what was sent
   * @param proof the holder's proof of that, in base64url; null if there is none
   * @param approvals those that came beside the token, each in base64url, in any order
   * @return null if it is the holder, or the token needs none and is taken
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public @Nullable DenialCode useProof(
      String token, SentCall sent, @Nullable String proof, Collection<String> approvals) {
    return unproven(token, sent, proof, approvals, true);
  }

  private @Nullable DenialCode unproven(
      String token,
      SentCall sent,
      @Nullable String proof,
      Collection<String> approvals,
      boolean used) {
    return within(
        token,
        () -> {
          Presented presented = presented(token, proof, approvals);
          return pipeline.unproven(() -> verified(token), sent, presented, used);
        });
  }

  /**
   * Verifies the signatures of a token, and says whether its first block alone refuses every call.
   * So a service builds nothing of what a stranger sends. It claims and records nothing, and a
   * token that is good may be refused for many other reasons.
   *
   * @param token the token in base64url
   * @return null if it may be of use
   * @throws TaperException as {@link #decide(String, ToolCall, String, Collection)}
   */
  public @Nullable DenialCode unusable(String token) {
    return within(
        token,
        () -> {
          try {
            VerifiedChain unused = verified(token);
            return null;
          } catch (FirstBlockRefusal e) {
            return e.offer().code();
          }
        });
  }

  /** The service's own name, as proofs and audience conditions call it. */
  public String audience() {
    return audience.name();
  }

  /** The kinds of tokens that it takes. */
  public Set<Token.Kind> kinds() {
    return pipeline.firstBlocks().kinds();
  }

  /** The catalog of the service's tools; null if it does without one. */
  public @Nullable ToolCatalog catalog() {
    return pipeline.catalog();
  }

  Clock clock() {
    return pipeline.clock();
  }

  /** The present moment of the watch for deadlines, in nanoseconds. */
  long tick() {
    return pipeline.tick();
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
    return pipeline.health(
        tokenCacheStatistics(), limit == null ? null : limit.health(), tokens.rootKeys());
  }
}
