package dev.taper.agent.decision;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.agent.names.IssuerNames;
import dev.taper.agent.names.NamesFile;
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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what a verifier needs. Not thread-safe. */
public final class VerifierBuilder {
  /** The policies of a service that has none of its own: what the chain's checks allow. */
  private static final PolicySet CHAIN_ALLOWS =
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

  VerifierRules rules;
  @Nullable Audience audience;
  boolean meaningDecided;
  final Set<String> sharedPredicates = new LinkedHashSet<>();
  boolean revocationDecided;
  @Nullable Revocations revocations;
  boolean bearerAccepted;
  boolean sealedAccepted;
  AcceptedProofs.Window proofWindow = AcceptedProofs.Window.DEFAULT;
  @Nullable ReplayMemory replayMemory;
  ProofsAlone.@Nullable Terms proofsAlone;
  @Nullable ApprovalUses approvalUses;
  final Map<String, Budgets> budgets = new TreeMap<>();
  boolean usesAreForgotten;
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
  boolean observesOnly;
  CallLimit.@Nullable Terms callLimit;
  final List<Listeners.Entry> listeners = new ArrayList<>();

  VerifierBuilder(RootKeys rootKeys) {
    this.rules =
        new VerifierRules(
            rootKeys, CHAIN_ALLOWS, null, null, ApproverNames.NONE, IssuerNames.none());
  }

  /**
   * Names this service, as proofs and audience conditions call it. Mandatory.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if the name is ambiguous
   */
  public VerifierBuilder audience(String name) {
    audience = Audience.of(name);
    return this;
  }

  /**
   * Derives what calls mean from the service's own catalog of tools, and takes no calls but those
   * that it makes.
   */
  public VerifierBuilder catalog(ToolCatalog newCatalog) {
    rules =
        rules.withCatalog(
            Given.that(
                newCatalog, "the catalog of tools, which callerStatesMeaning() would do without,"));
    meaningDecided = true;
    return this;
  }

  /**
   * Does without a catalog: whoever makes the {@link ToolCall} says what it means. If that is the
   * caller, a call that deletes can name itself a read, and every policy and grant believes it. A
   * verifier never does so by default.
   */
  public VerifierBuilder callerStatesMeaning() {
    rules = rules.withCatalog(null);
    meaningDecided = true;
    return this;
  }

  /**
   * Sets the service's policies, which replace the default one (allow what the chain allows). The
   * checks of the chain hold in any case. Their facts, and what their rules derive, are the
   * service's own: no block of a token sees them, except the {@linkplain #sharedPredicates shared}
   * ones.
   */
  public VerifierBuilder policies(PolicySet newPolicies) {
    rules = rules.withPolicies(newPolicies);
    return this;
  }

  /**
   * Lets the blocks of tokens see some of the policies' facts, derived ones too: anyone who has a
   * token can then find out which there are.
   *
   * @param names of predicates, with any number of terms
   */
  public VerifierBuilder sharedPredicates(String... names) {
    sharedPredicates.addAll(List.of(names));
    return this;
  }

  /**
   * Looks up for every call whether anything that the token stands on is revoked: a block, its
   * task, a key, its delegator, its root key. A list that is stale or missing refuses every call.
   */
  public VerifierBuilder revocations(Revocations newRevocations) {
    revocations =
        Given.that(
            newRevocations, "the revocation list, which withoutRevocation() would do without,");
    revocationDecided = true;
    return this;
  }

  /**
   * Does without revocation: what was granted stays good until it ends. A verifier never does so by
   * default.
   */
  public VerifierBuilder withoutRevocation() {
    revocations = null;
    revocationDecided = true;
    return this;
  }

  /** Takes bearer tokens too, which anyone who has them can use. */
  public VerifierBuilder acceptBearer() {
    bearerAccepted = true;
    return this;
  }

  /** Takes sealed tokens too, which anyone who has them can use, again and again. */
  public VerifierBuilder acceptSealed() {
    sealedAccepted = true;
    return this;
  }

  /** Looks holders up in a directory. */
  public VerifierBuilder directory(AgentDirectory newDirectory) {
    rules = rules.withDirectory(newDirectory);
    return this;
  }

  /**
   * Looks everybody up in a file of names: the directory, issuers, approvers and groups.
   *
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} if it has approvers, and nobody looked
   *     at its signature; {@link NamesFile#approverNamesWithoutSignature} does without
   */
  public VerifierBuilder names(NamesFile names) {
    rules = rules.withNames(names);
    return this;
  }

  /**
   * Sets the memory for used proofs; by default one of its own, so that each proof is good for one
   * call to this verifier. A memory that verifiers share is asked once for each call that is
   * allowed otherwise. They need the same {@linkplain #proofWindow window}.
   */
  public VerifierBuilder replayMemory(ReplayMemory newMemory) {
    replayMemory = Given.that(newMemory, "the replay memory");
    return this;
  }

  /**
   * Goes on for a while where the shared replay memory does not answer: takes proofs that this
   * verifier did not take before. Each other verifier may then take each of them once, too. When
   * the memory answers again, it is told of them first. Decisions and health say so. A full memory
   * still refuses, as do budgets and approvals that cannot be asked about. A verifier never does so
   * by default.
   *
   * @param longest how long after the first call that was not answered, up to an hour
   * @param calls how many calls until the memory knows of them all, 1 to 65,536
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for others
   */
  public VerifierBuilder proofsOfOneProcessWhileAway(Duration longest, int calls) {
    proofsAlone = new ProofsAlone.Terms(longest, calls);
    return this;
  }

  /**
   * Sets how old a proof may be, and how far ahead of the verifier's clock; by default {@link
   * AcceptedProofs.Window#DEFAULT}.
   */
  public VerifierBuilder proofWindow(AcceptedProofs.Window newWindow) {
    proofWindow = Given.that(newWindow, "the window of proofs");
    return this;
  }

  /**
   * Sets the memory that counts the uses of approvals. All verifiers of one audience have to share
   * it, and it has to outlive them ({@link ApprovalUses#durable}). Without one, approvals for a
   * number of calls count for nothing.
   */
  public VerifierBuilder approvalUses(ApprovalUses newUses) {
    approvalUses = Given.that(newUses, "the memory for used approvals");
    return this;
  }

  /**
   * Counts the budgets of a store. Without it, tokens that have one there are refused. Verifiers
   * that use one name have to share one store.
   *
   * @param store the name that tokens have for it
   * @param newBudgets where they are counted
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name; {@link
   *     ErrorCode#INVALID_ARGUMENT} if there is a store of that name already
   */
  public VerifierBuilder budgets(String store, Budgets newBudgets) {
    String name = Canonical.name(store, "the store of budgets");
    if (budgets.putIfAbsent(name, Given.that(newBudgets, "the store of budgets")) != null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "there is a store of budgets named " + name + " already");
    }
    return this;
  }

  /**
   * Sets who knows issuers by stable names, so that budgets go on being counted when a root key is
   * rotated; by default each root key counts for itself.
   */
  public VerifierBuilder issuerNames(IssuerNames names) {
    rules = rules.withIssuerNames(names);
    return this;
  }

  /**
   * Takes a memory of uses that is this process's own: an approval for one call is good once in
   * each process of this audience, and again after a restart. A verifier never does so by default.
   */
  public VerifierBuilder approvalUsesOfOneProcess() {
    usesAreForgotten = true;
    return this;
  }

  /** Sets whose keys are whose, and who is in which group of approvers; by default nobody. */
  public VerifierBuilder approverNames(ApproverNames newNames) {
    rules = rules.withApproverNames(newNames);
    return this;
  }

  /** Sets the longest window of a justification, by default an hour; a grant can ask for less. */
  public VerifierBuilder longestJustification(Duration window) {
    longestJustification = Given.that(window, "the longest window of a justification");
    return this;
  }

  /**
   * Sets the longest window that an approval for a number of calls may have, by default 24 hours:
   * its uses have to be remembered for as long.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not positive
   */
  public VerifierBuilder longestApproval(Duration window) {
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
  public VerifierBuilder publishApprovers() {
    approversPublished = true;
    return this;
  }

  /**
   * Sets the time of a whole call, by default 500 ms: what stands behind a decision (memories,
   * listeners, revocations) gets what is left of it, and a call that would need more is refused. A
   * fifth of it is kept for recording the decision, even if all before took longer.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is less than 5 ms
   */
  public VerifierBuilder deadline(Duration newDeadline) {
    if (newDeadline.compareTo(Duration.ofMillis(5)) < 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a call needs 5 ms at least, not " + newDeadline);
    }
    deadline = newDeadline;
    return this;
  }

  /**
   * Bounds how many calls are looked at at a time; by default the service's threads are the bound.
   * Who comes beyond it is turned away with {@link ErrorCode#OVERLOADED} before any signature is
   * verified. It is no decision: nothing is recorded, health counts it. Both numbers are shared as
   * {@linkplain dev.taper.agent.memory.MemoryShare.Room memories} are, so one party alone has half
   * of each; tokens that were not verified before are one party.
   *
   * @param atOnce how many calls, 1 to 65,536
   * @param waiting how many more may wait for that, in their threads and for up to half of the
   *     {@linkplain #deadline deadline}; 0 to 65,536
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for others
   */
  public VerifierBuilder callsAtOnce(int atOnce, int waiting) {
    callLimit = new CallLimit.Terms(atOnce, waiting);
    return this;
  }

  /**
   * Sets the watch for deadlines, by default {@link System#nanoTime}; simulations make their own.
   *
   * @param newTicker nanoseconds that only go forward, from anywhere
   */
  public VerifierBuilder ticker(LongSupplier newTicker) {
    ticker = Given.that(newTicker, "the verifier's watch");
    return this;
  }

  /** Sets the clock. */
  public VerifierBuilder clock(Clock newClock) {
    clock = Given.that(newClock, "the verifier's clock");
    return this;
  }

  /**
   * Sets the limits of one decision: its steps and its time are for all that it evaluates. The
   * token and the policies have as many steps, facts and iterations each, and share the time.
   */
  public VerifierBuilder limits(RunLimits newLimits) {
    limits = Given.that(newLimits, "the limit of evaluation");
    return this;
  }

  /**
   * Sets the memory for verified tokens, which several verifiers may share, whatever root keys they
   * trust; by default one of its own, of {@link TokenCache#DEFAULT_BYTES}. It must read tokens
   * within the same {@linkplain #decodeLimits limits}.
   */
  public VerifierBuilder tokenCache(TokenCache cache) {
    tokenCache = Given.that(cache, "the token cache, which withoutTokenCache() would do without,");
    tokensCached = true;
    return this;
  }

  /** Verifies every token from scratch on every call: slower, with the same answers. */
  public VerifierBuilder withoutTokenCache() {
    tokenCache = null;
    tokensCached = false;
    return this;
  }

  /** Sets the functions that expressions may call. */
  public VerifierBuilder externs(ExternFunctions newExterns) {
    externs = Given.that(newExterns, "the set of external functions");
    return this;
  }

  /** Sets the limits of reading a token. */
  public VerifierBuilder decodeLimits(DecodeLimits newLimits) {
    decodeLimits = Given.that(newLimits, "the limit of reading");
    return this;
  }

  /** Tells a listener of every decision; what it cannot take note of is denied. */
  public VerifierBuilder listener(DecisionListener listener) {
    return listener(listener, DecisionListener.AuditFailure.DENY);
  }

  /**
   * Tells a listener of every decision. Listeners are told in the order in which they were added.
   *
   * @param listener who is told
   * @param onFailure what becomes of a call that it could not take note of
   */
  public VerifierBuilder listener(
      DecisionListener listener, DecisionListener.AuditFailure onFailure) {
    listeners.add(
        new Listeners.Entry(
            Given.that(listener, "the listener"),
            Given.that(onFailure, "what becomes of a call that was not recorded")));
    return this;
  }

  /**
   * Only observes: decides about every call, tells the listeners what was decided, and lets the
   * call go ahead all the same; {@link CallDecision.Allowed#observedDenial} says why it should not.
   * It claims nothing: no proof, budget or approval is used up, so a proof that is used again is
   * not noticed. This protects nothing. It is for learning what a service is asked for before it
   * starts to refuse, and its health says so. What is no token at all is an exception here, too,
   * because there is nobody to record. A verifier never does so by default.
   */
  public VerifierBuilder observeOnly() {
    observesOnly = true;
    return this;
  }

  /**
   * Builds the verifier.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the audience is missing, or
   *     nothing was said about revocation or about what calls mean, or the catalog is of another
   *     audience, or the token cache has other limits of reading, or there is no shared replay
   *     memory to do without
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
    if (!meaningDecided) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a verifier needs to know what calls mean: catalog(…), or callerStatesMeaning()");
    }
    return new Verifier(new Service(this, audience)).prepared();
  }
}
