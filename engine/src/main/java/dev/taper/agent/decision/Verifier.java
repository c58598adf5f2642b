package dev.taper.agent.decision;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.token.Token;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may go ahead, offline. It reads the token, verifies its signatures from a
 * trusted root key, checks the rules of the profile and the holder's proof, and evaluates every
 * check of the chain and the service's policies. Only then does it claim the proof and the uses of
 * approvals, so that refused calls use up nothing. Every step fails closed. Built once, immutable
 * but for its memories of tokens, proofs and approvals, and used from any thread.
 *
 * <p>A verifier that {@link #with} makes has other rules, and shares everything else with this one:
 * memories, token cache, listeners, what they count. So what was used stays used. {@link
 * ReloadingVerifier} does so when files change.
 */
@CheckReturnValue
public final class Verifier {
  private final Service service;
  private final TokenReader tokens;
  private final Pipeline pipeline;

  Verifier(Service service) {
    this.service = service;
    this.tokens = TokenReader.of(service);
    this.pipeline = new Pipeline(service);
  }

  /**
   * Starts a verifier.
   *
   * @param rootKeys the root keys it trusts; none refuses every token
   */
  public static VerifierBuilder trusting(RootKeys rootKeys) {
    return new VerifierBuilder(rootKeys);
  }

  /** What it works by and may be replaced. */
  public VerifierRules rules() {
    return service.rules;
  }

  /**
   * Returns a verifier by other rules, which shares everything else with this one. It takes only
   * calls that its own catalog makes.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the catalog is of another audience
   */
  public Verifier with(VerifierRules rules) {
    Verifier next = new Verifier(service.with(Given.that(rules, "the verifier's rules")));
    return rules.rootKeys().equals(rules().rootKeys()) ? next : next.prepared();
  }

  /** Prepares for the signatures of the root keys. */
  Verifier prepared() {
    tokens.pinRootKeys();
    return this;
  }

  /**
   * Decides about a call.
   *
   * @param given what came with the call
   * @param call the call as the service is about to make it
   * @throws TaperException if the token, the proof or an approval is malformed or forged, no
   *     trusted root key signed it, or it is no delegation token: a code of the category {@link
   *     ErrorCode.Category#FORMAT} or {@link ErrorCode.Category#SIGNATURE}, or {@link
   *     ErrorCode#MALFORMED_HOLDER_PROOF}; {@link ErrorCode#OVERLOADED} if there are more calls
   *     than {@link VerifierBuilder#callsAtOnce} lets be
   */
  public CallDecision decide(Credentials given, ToolCall call) {
    return within(
        given, presented -> pipeline.decide(() -> verified(given.token()), call, presented));
  }

  /**
   * Decides about a call with what was decoded before.
   *
   * @param token the token
   * @param call the call as the service is about to make it
   * @param proof the holder's proof, or null if there is none
   * @param approvals those that came beside the token
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}
   */
  public CallDecision decide(
      UnverifiedToken token, ToolCall call, @Nullable Proof proof, SentApprovals approvals) {
    return within(
        token,
        () -> {
          Presented presented = Presented.of(proof, approvals, service.shared.listeners.since());
          return pipeline.decide(() -> verified(token), call, presented);
        });
  }

  private VerifiedChain verified(String token) {
    return tokens.verify(token, service.shared.firstBlocks);
  }

  private VerifiedChain verified(UnverifiedToken token) {
    return tokens.verify(token, service.shared.firstBlocks);
  }

  /** Looks at what came with a token, if there is room for that. */
  private <T extends @Nullable Object> T within(String token, Supplier<T> look) {
    CallLimit limit = service.shared.callLimit;
    return limit == null ? look.get() : limit.during(tokens.party(token), look);
  }

  private <T extends @Nullable Object> T within(UnverifiedToken token, Supplier<T> look) {
    CallLimit limit = service.shared.callLimit;
    return limit == null ? look.get() : limit.during(tokens.party(token), look);
  }

  /** Looks at what was given, decoded; what is wrong with the token is said first. */
  private <T extends @Nullable Object> T within(Credentials given, Function<Presented, T> look) {
    return within(
        given.token(),
        () -> {
          Presented presented;
          try {
            Proof proof = given.proof() == null ? null : Proof.decode(given.proof());
            SentApprovals approvals = SentApprovals.of(given.approvals());
            presented = Presented.of(proof, approvals, service.shared.listeners.since());
          } catch (TaperException e) {
            var unused = tokens.decode(given.token());
            throw e;
          }
          return look.apply(presented);
        });
  }

  /**
   * Says what would be decided about a call if the token's holder made it now: the same steps but
   * for the proof. It claims and records nothing. Whoever asks reads of the holder's authority, so
   * across a network only the holder may, by a proof of its own.
   *
   * @param token the token
   * @param call the call that might be made
   * @param approvals those that would come beside the token
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}
   */
  public CallPreview preview(UnverifiedToken token, ToolCall call, SentApprovals approvals) {
    return preview(token, call, approvals, null);
  }

  /**
   * Says what would be decided about a call that a holder asks about, as {@link #preview}, and
   * tells the listeners ({@link DecisionListener#asked}). The caller has used the holder's proof of
   * what it sent ({@link #useProof}): the listeners are told that the holder is who asks.
   *
   * @param token the token
   * @param call the call that might be made
   * @param approvals those that would come beside the token
   * @param afterNo whether somebody refused the holder an approval of a call alike ({@link
   *     ToolCall#likeness}): the listeners are told, and nothing else comes of it
   * @throws TaperException as {@link #preview}
   */
  public CallPreview asked(
      UnverifiedToken token, ToolCall call, SentApprovals approvals, boolean afterNo) {
    return preview(token, call, approvals, afterNo);
  }

  private CallPreview preview(
      UnverifiedToken token, ToolCall call, SentApprovals approvals, @Nullable Boolean afterNo) {
    return within(
        token,
        () -> {
          Presented presented = Presented.asking(approvals); // decoded before anything is verified
          return pipeline.preview(() -> verified(token), call, presented, afterNo);
        });
  }

  /**
   * Says which of the service's tools a chain does not exclude by itself. What is named here may be
   * refused all the same: it is a list to choose from, and no promise. It says nothing of the
   * service's policies, claims and records nothing, and compares no more than a decision may
   * evaluate.
   *
   * @param given the token, with what {@link AgentToken#proveOffer} makes; null for a token that
   *     needs no proof
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the verifier has no catalog
   */
  public ToolOffer offer(Credentials given) {
    return within(
        given, presented -> pipeline.offer(() -> verified(given.token()), null, presented.proof()));
  }

  /**
   * Says what a token leaves to whoever sent something that is no call, such as a request that goes
   * on with a session: the same steps as {@link #useProof}, and then as {@link
   * #offer(Credentials)}.
   *
   * @param given the token, with the holder's proof of what was sent, which is used up
   * @param sent what was sent, without approvals
   * @throws TaperException as {@link #offer(Credentials)}
   */
  public ToolOffer offer(Credentials given, SentCall sent) {
    return within(
        given, presented -> pipeline.offer(() -> verified(given.token()), sent, presented.proof()));
  }

  /**
   * Says what a token leaves now to a holder who presented it before, in whose session or on whose
   * open stream something is about to be done or sent: the same steps as {@link
   * #offer(Credentials)} but for the proof. Across a network it answers nobody who did not prove
   * that it holds the token.
   *
   * @param token the token in base64url
   * @return the offer; of nothing also while the holder is {@linkplain DenialCode#HELD_BACK held
   *     back}
   * @throws TaperException as {@link #offer(Credentials)}
   */
  public ToolOffer standing(String token) {
    return within(token, () -> pipeline.standing(() -> verified(token)));
  }

  /**
   * Says why whoever sent something is not taken for the token's holder, whatever it means: the
   * steps of a decision up to the proof. So a service tells nobody but a holder what is wrong with
   * a request that its catalog refuses. It claims and records nothing.
   *
   * @param given what was presented, with the holder's proof of what was sent
   * @param sent what was sent
   * @return null if it is the holder, or the token needs none and is taken
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}
   */
  public @Nullable DenialCode unproven(Credentials given, SentCall sent) {
    return unproven(given, sent, false);
  }

  /**
   * Uses the proof of something that is no call, such as an ask for an approval: the same steps as
   * {@link #unproven}, and then no verifier that shares the memory takes the proof again.
   *
   * @param given what was presented, with the holder's proof of what was sent
   * @param sent what was sent
   * @return null if it is the holder, or the token needs none and is taken
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}
   */
  public @Nullable DenialCode useProof(Credentials given, SentCall sent) {
    return unproven(given, sent, true);
  }

  private @Nullable DenialCode unproven(Credentials given, SentCall sent, boolean used) {
    return this.<@Nullable DenialCode>within(
        given,
        presented -> pipeline.unproven(() -> verified(given.token()), sent, presented, used));
  }

  /**
   * Verifies the signatures of a token, and says whether its first block alone refuses every call.
   * So a service builds nothing of what a stranger sends. It claims and records nothing, and a
   * token that is good may be refused for many other reasons.
   *
   * @param token the token in base64url
   * @return null if it may be of use
   * @throws TaperException as {@link #decide(Credentials, ToolCall)}
   */
  public @Nullable DenialCode unusable(String token) {
    return this.<@Nullable DenialCode>within(
        token,
        () -> {
          try {
            var unused = verified(token);
            return null;
          } catch (FirstBlockRefusal e) {
            return e.objection().code();
          }
        });
  }

  /** The service's own name, as proofs and audience conditions call it. */
  public String audience() {
    return service.audience();
  }

  /** The kinds of tokens that it takes. */
  public Set<Token.Kind> kinds() {
    return service.shared.firstBlocks.kinds();
  }

  /** The catalog of the service's tools; null if it does without one. */
  public @Nullable ToolCatalog catalog() {
    return service.rules.catalog();
  }

  Clock clock() {
    return service.shared.clock;
  }

  /** The present moment of the watch for deadlines, in nanoseconds. */
  long tick() {
    return service.shared.behind.tick();
  }

  /** What the token cache did so far and holds now; null without one. */
  public TokenCache.@Nullable Statistics tokenCacheStatistics() {
    TokenCache cache = service.shared.tokenCache;
    return cache == null ? null : cache.statistics();
  }

  /** How many times a listener could not take note of a decision, whatever became of the call. */
  public long unrecordedDecisions() {
    return service.shared.listeners.unrecorded();
  }

  /** How many refusals could not be explained; they stand with fewer words, and are recorded. */
  public long unexplainedDecisions() {
    return service.shared.unexplained.count();
  }

  /** The health of the verifier, and of what it stands on, as it is now. */
  public VerifierHealth health() {
    Service.Shared shared = service.shared;
    RootKeys rootKeys = service.rules.rootKeys();
    Instant now = shared.clock.instant();
    RevocationHealth lists = shared.revocations == null ? null : shared.revocations.health();
    return new VerifierHealth(
        now,
        shared.callLimit == null ? null : shared.callLimit.health(),
        lists,
        shared.behind.health(),
        shared.proofs.fill(),
        shared.alone == null ? null : shared.alone.health(now),
        shared.proofs.waitsFor(),
        shared.approvalUses.fill(),
        VerifierHealth.BudgetFill.of(shared.budgets),
        tokenCacheStatistics(),
        KnownKeys.statistics(),
        unrecordedDecisions(),
        List.of(),
        shared.observesOnly,
        VerifierHealth.Ending.of(rootKeys, lists),
        VerifierHealth.Ending.ofAll(rootKeys));
  }
}
