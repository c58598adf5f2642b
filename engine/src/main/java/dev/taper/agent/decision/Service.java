package dev.taper.agent.decision;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Digests;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.revocation.Revocations;
import dev.taper.token.TokenCache;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service decides by, for every call alike: rules that may be replaced, and all else, which
 * the services by other rules share. Immutable but for what its memories, its cache and its counts
 * hold. Thread-safe.
 */
final class Service {
  /** What is the same whatever the rules are. */
  final Shared shared;

  final VerifierRules rules;

  /** The policies of the rules, of which tokens see the shared predicates alone. */
  final PolicySet policies;

  /** The digest of the policies' text; empty if nobody is told of decisions. */
  final byte[] policyDigest;

  /**
   * Takes the settings of a verifier.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} as {@link VerifierBuilder#build}
   */
  Service(VerifierBuilder b, Audience audience) {
    this(new Shared(b, audience), b.rules);
  }

  private Service(Shared shared, VerifierRules rules) {
    if (rules.catalog() != null && !rules.catalog().audience().equals(shared.audience.name())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the catalog is of "
              + rules.catalog().audience()
              + ", and the verifier is "
              + shared.audience);
    }
    this.shared = shared;
    this.rules = rules;
    this.policies = rules.policies().confidential(shared.sharedPredicates);
    this.policyDigest =
        shared.listeners.isEmpty()
            ? new byte[0]
            : Digests.sha256(rules.policies().toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The same service by other rules. */
  Service with(VerifierRules others) {
    return new Service(shared, others);
  }

  String audience() {
    return shared.audience.name();
  }

  /** What is the same whatever the rules are; what may wait is asked within its deadline. */
  static final class Shared {
    /** Explaining a decision may take this part of what making it may. */
    private static final int EXPLAINING_SHARE = 4;

    final Audience audience;
    final Clock clock;
    final RunLimits limits;
    final ExternFunctions externs;
    final Set<String> sharedPredicates;
    final boolean approversPublished;
    final boolean observesOnly;
    final Duration longestJustification;
    final Duration longestApproval;

    /** True if there is a memory that counts the uses of approvals. */
    final boolean usesAreCounted;

    final DecodeLimits decodeLimits;
    final @Nullable TokenCache tokenCache;
    final @Nullable CallLimit callLimit;
    final FirstBlockStep firstBlocks;
    final @Nullable Revocations revocations;
    final AcceptedProofs proofs;
    final ApprovalUses approvalUses;
    final Map<String, Budgets> budgets;

    /** The facts that name the stores of budgets. */
    final CallFacts stores;

    /** The store that all memories are of; null if they are of none that takes a call in one. */
    final ReplayMemory.@Nullable Joined joined;

    /** Takes proofs that the shared replay memory was not asked about; null if none are. */
    final @Nullable ProofsAlone alone;

    final Listeners listeners;
    final Unexplained unexplained = new Unexplained();
    final Behind behind;

    private Shared(VerifierBuilder b, Audience audience) {
      this.audience = audience;
      this.clock = b.clock;
      this.limits = b.limits;
      this.externs = b.externs;
      this.sharedPredicates = Set.copyOf(b.sharedPredicates);
      this.approversPublished = b.approversPublished;
      this.observesOnly = b.observesOnly;
      this.longestJustification = b.longestJustification;
      this.longestApproval = b.longestApproval;
      this.usesAreCounted =
          b.usesAreForgotten || (b.approvalUses != null && b.approvalUses.durable());
      this.decodeLimits = b.decodeLimits;
      this.tokenCache = tokenCache(b);
      this.callLimit = CallLimit.of(b);
      this.behind = new Behind(b.deadline, b.clock, b.ticker);
      this.revocations = behind.revocations(b.revocations);
      this.firstBlocks = new FirstBlockStep(b, revocations, behind);
      ReplayMemory replays =
          b.replayMemory == null ? ReplayMemory.inMemory() : behind.proofs(b.replayMemory);
      this.proofs = AcceptedProofs.of(b.proofWindow, replays, b.clock);
      this.approvalUses =
          b.approvalUses == null ? ApprovalUses.inMemory() : behind.uses(b.approvalUses);
      this.budgets = behind.budgets(b.budgets);
      CallFacts ofService = CallFacts.none();
      for (String store : budgets.keySet()) {
        ofService = ofService.budgetStore(store);
      }
      this.stores = ofService;
      this.joined = isJoined(b) ? (ReplayMemory.Joined) replays : null;
      this.alone = alone(b, replays);
      this.listeners = new Listeners(b.listeners, behind);
    }

    /** The cache: a verifier's own, unless it does without or shares one. */
    private static @Nullable TokenCache tokenCache(VerifierBuilder b) {
      if (b.tokenCache == null) {
        return b.tokensCached ? TokenCache.of(TokenCache.DEFAULT_BYTES, b.decodeLimits) : null;
      }
      if (!b.tokenCache.limits().equals(b.decodeLimits)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the token cache has other limits than the verifier");
      }
      return b.tokenCache;
    }

    private static @Nullable ProofsAlone alone(VerifierBuilder b, ReplayMemory replays) {
      if (b.proofsAlone == null) {
        return null;
      }
      if (!replays.mayWait()) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "the verifier has no replay memory that could fail to answer, for which to do without");
      }
      return new ProofsAlone(replays, b.proofsAlone, b.ticker);
    }

    /** True if everything that calls of the verifier claim is kept in one joined store. */
    private static boolean isJoined(VerifierBuilder b) {
      if (!(b.replayMemory instanceof ReplayMemory.Joined store)) {
        return false;
      }
      boolean joinsApprovals =
          b.approvalUses == null ? !b.usesAreForgotten : b.approvalUses == store.approvalUses();
      return joinsApprovals
          && b.budgets.size() <= 1
          && b.budgets.values().stream().allMatch(budgets -> budgets == store.budgets());
    }

    /** The limits of explaining one decision: a small part of the limits of making it. */
    RunLimits explaining() {
      return limits.withMaxSteps(Math.max(1, limits.maxSteps() / EXPLAINING_SHARE));
    }
  }
}
