package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Dates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a delegation and a hop have in common: alternative grants, and conditions that hold for all
 * of them. Immutable and thread-safe; every method returns a changed copy.
 *
 * @param <T> the type itself
 */
@CheckReturnValue
public abstract sealed class DelegationTerms<T extends DelegationTerms<T>> permits Delegation, Hop {
  /**
   * The parts of a delegation or a hop.
   *
   * @param grants alternatives
   * @param conditions for all of them, without an expiry that is relative
   * @param lifetime until when, counted from signing, or null
   * @param budgets what all calls together may use up
   * @param checks anything else, as Datalog
   */
  record Parts(
      List<Grant> grants,
      List<Condition> conditions,
      @Nullable Duration lifetime,
      List<Budget> budgets,
      List<Check> checks) {
    static final Parts NONE = new Parts(List.of(), List.of(), null, List.of(), List.of());

    Parts {
      grants = List.copyOf(grants);
      conditions = List.copyOf(conditions);
      budgets = List.copyOf(budgets);
      checks = List.copyOf(checks);
    }

    Parts grants(List<Grant> more) {
      return new Parts(and(grants, more), conditions, lifetime, budgets, checks);
    }

    Parts condition(Condition more) {
      return new Parts(grants, and(conditions, List.of(more)), lifetime, budgets, checks);
    }

    Parts budget(Budget more) {
      return new Parts(grants, conditions, lifetime, and(budgets, List.of(more)), checks);
    }

    Parts check(Check more) {
      return new Parts(grants, conditions, lifetime, budgets, and(checks, List.of(more)));
    }

    private static <E> List<E> and(List<E> list, List<E> more) {
      return Stream.concat(list.stream(), more.stream()).toList();
    }
  }

  private final Parts parts;

  DelegationTerms(Parts parts) {
    this.parts = parts;
  }

  abstract T with(Parts newParts);

  final Parts parts() {
    return parts;
  }

  /** Adds a grant: an alternative to the others. */
  public final T grant(Grant grant) {
    return with(parts.grants(List.of(grant)));
  }

  /**
   * Adds the grants that a text names, such as {@code jira.* read on jira:project/ACME/*}.
   *
   * @throws TaperException as {@link Grants#parse}
   */
  public final T grant(String text) {
    return with(parts.grants(Grants.parse(text).alternatives()));
  }

  /** Adds a condition. */
  public final T condition(Condition condition) {
    return with(parts.condition(condition));
  }

  /**
   * Bounds what all calls together may use up, wherever they are made. Only services that keep the
   * budget's store take the token then.
   */
  public final T budget(Budget budget) {
    return with(parts.budget(budget));
  }

  /**
   * Adds a budget that a text names, such as {@code at most 100 calls in 1h}.
   *
   * @throws TaperException as {@link Budget#parse}
   */
  public final T budget(String text) {
    return budget(Budget.parse(text));
  }

  /**
   * Ends the authority some time after it is signed, counted in whole seconds.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if that is less than a second
   */
  public final T expiresIn(Duration lifetime) {
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a lifetime of " + lifetime + " is less than a second");
    }
    return with(new Parts(parts.grants, parts.conditions, lifetime, parts.budgets, parts.checks));
  }

  /**
   * Ends the authority at an instant, cut to whole seconds.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999
   */
  public final T expiresAt(Instant end) {
    return condition(Condition.expires(end));
  }

  /**
   * Starts the authority at an instant, rounded up to a whole second: never earlier than asked for.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999
   */
  public final T notBefore(Instant start) {
    return condition(Condition.notBefore(start));
  }

  /** Limits the services that may take the token. */
  public final T audience(String... services) {
    return condition(Condition.audience(services));
  }

  /** Limits how often the authority may be handed on; 0 for the first holder only. */
  public final T maxDepth(int hops) {
    return condition(Condition.maxDepth(hops));
  }

  /** Demands that the holder's name and key are known to the verifier's directory. */
  public final T verifiedHolderOnly() {
    return condition(Condition.verifiedHolder());
  }

  /**
   * Adds any other check.
   *
   * @throws TaperException {@link ErrorCode#PROFILE_VIOLATION} for a {@code reject if}: no block
   *     sees the service's own facts, so that one about them would silently pass
   */
  public final T check(Check check) {
    if (check.kind() == Check.Kind.REJECT) {
      throw new TaperException(ErrorCode.PROFILE_VIOLATION, Profile.REJECTS);
    }
    return with(parts.check(check));
  }

  /** True if an end is named. */
  final boolean expires() {
    if (parts.lifetime != null) {
      return true;
    }
    for (Condition condition : parts.conditions) {
      if (condition.kind() == Condition.Kind.EXPIRY) {
        return true;
      }
    }
    return false;
  }

  /** Adds the checks to a block: the grants' first, then the conditions', then the budgets'. */
  final void addChecks(Block.Builder block, Clock clock) {
    if (!parts.grants.isEmpty()) {
      block.check(new Grants(parts.grants).check());
    }
    if (parts.lifetime != null) {
      block.check(Condition.expires(Dates.end(clock.instant(), parts.lifetime)).check());
    }
    for (Condition condition : parts.conditions) {
      block.check(condition.check());
    }
    Set<String> stores = new LinkedHashSet<>();
    for (Budget budget : parts.budgets) {
      block.fact(budget.fact());
      if (stores.add(budget.store())) {
        block.check(budget.check());
      }
    }
    for (Check check : parts.checks) {
      block.check(check);
    }
  }
}
