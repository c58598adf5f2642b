package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Dates;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What must hold besides a grant. Each condition is a check of its own. The factories throw a
 * {@link dev.taper.TaperException} of code {@code INVALID_ARGUMENT} for what cannot be a condition.
 */
public sealed interface Condition extends Caveat
    permits Expiry, NotBefore, AudienceIn, ForTask, MaxDepth, VerifiedHolder, BudgetStore {
  /** What a condition is about. */
  enum Kind {
    /** The end of the token. */
    EXPIRY,
    /** The beginning of the token. */
    NOT_BEFORE,
    /** The services that may take the token. */
    AUDIENCE,
    /** What the token is for. */
    TASK,
    /** How often the authority may be handed on. */
    MAX_DEPTH,
    /** A holder whose key the verifier knows. */
    VERIFIED_HOLDER,
    /** A service that keeps the budgets of a store. */
    BUDGET_STORE
  }

  /** What the condition is about. */
  Kind kind();

  /** Says what the call has instead; null if it satisfies the condition. */
  Caveat.@Nullable Mismatch mismatch(CallFacts facts);

  /** The token ends at this instant, cut to whole seconds; the instant itself is too late. */
  static Condition expires(Instant end) {
    return new Expiry(Dates.end(end));
  }

  /** The token begins at this instant, rounded up to a whole second. */
  static Condition notBefore(Instant start) {
    return new NotBefore(Dates.beginning(start));
  }

  /** Only these services may take the token. */
  static Condition audience(String... services) {
    return new AudienceIn(Arrays.asList(services));
  }

  /** The token serves this task and no other. */
  static Condition task(String id) {
    return new ForTask(id);
  }

  /** The authority may have been handed on at most this often. */
  static Condition maxDepth(long hops) {
    return new MaxDepth(hops);
  }

  /** The caller must be known to the verifier by key. */
  static Condition verifiedHolder() {
    return new VerifiedHolder();
  }
}
