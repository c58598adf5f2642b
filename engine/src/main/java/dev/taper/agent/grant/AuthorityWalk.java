package dev.taper.agent.grant;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.datalog.regex.PatternMemo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks along a chain block by block, and says after each block what is left. That costs what the
 * last answer alone would cost. For one thread.
 */
final class AuthorityWalk {
  /** Roughly the most comparisons for listing the alternatives: a chain can be hostile. */
  private static final long MAX_WORK = 30_000_000;

  /** A check that is no condition; {@code isTask} if it asks for a task that nobody states. */
  private record Other(Check check, boolean isTask) {}

  private final List<Grants> grants = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Other> others = new ArrayList<>();
  private final List<Budget> budgets = new ArrayList<>();
  private final PatternMemo patterns = new PatternMemo();
  private @Nullable Block first;
  private @Nullable List<Grant> ways = List.of(Grant.anyTool()); // null if they are too many
  private long work;
  private boolean hasRules;
  private boolean derivesTask;
  private boolean answersItself;
  private @Nullable Instant expiry;
  private @Nullable Instant start;
  private @Nullable List<String> audiences;
  private OptionalLong depth = OptionalLong.empty();
  private boolean isForVerifiedHolder;

  void add(Block block) {
    Block authority = first == null ? block : first;
    first = authority;
    for (Rule rule : block.rules()) {
      hasRules = true;
      derivesTask |= rule.head().name().equals("task");
      answersItself |= CallFacts.isReserved(rule.head().name());
    }
    for (Fact fact : block.facts()) {
      answersItself |= CallFacts.isReserved(fact.predicate().name());
    }
    addBudgets(block);
    for (Caveat caveat : Caveat.of(block)) {
      add(caveat, states(authority, caveat) || states(block, caveat));
    }
    expiry = Lifetime.earlier(expiry, Lifetime.end(block));
  }

  private void addBudgets(Block block) {
    try {
      budgets.addAll(Budget.of(block));
    } catch (TaperException e) {
      answersItself = true; // the profile refuses such a token
    }
  }

  private static boolean states(Block block, Caveat caveat) {
    return caveat instanceof ForTask task
        && block.facts().contains(Fact.of("task", new Term.Str(task.id())));
  }

  private void add(Caveat caveat, boolean isStatedTask) {
    if (caveat instanceof Grants g) {
      grants.add(g);
      ways = ways == null ? null : longer(ways, g);
    } else if (caveat instanceof OpaqueCheck o) {
      others.add(new Other(o.check(), false));
    } else if (caveat instanceof ForTask task) {
      if (!isStatedTask) { // settled by the chain alone: no request states a task
        others.add(new Other(task.check(), true));
      }
    } else if (caveat instanceof Condition condition) {
      conditions.add(condition);
      combine(condition);
    }
  }

  private void combine(Condition condition) {
    if (condition instanceof NotBefore n) {
      start = start == null || n.start().isAfter(start) ? n.start() : start;
    } else if (condition instanceof AudienceIn a) {
      List<String> both = new ArrayList<>(audiences == null ? a.services() : audiences);
      both.retainAll(a.services());
      audiences = List.copyOf(both);
    } else if (condition instanceof MaxDepth d) {
      depth = OptionalLong.of(Math.min(d.hops(), depth.orElse(d.hops())));
    } else if (condition instanceof VerifiedHolder) {
      isForVerifiedHolder = true;
    }
  }

  /** All ways that can still match after one more block of grants; null if they are too many. */
  private @Nullable List<Grant> longer(List<Grant> before, Grants next) {
    Set<Grant> longer = new LinkedHashSet<>();
    for (Grant way : before) {
      for (Grant grant : next.alternatives()) {
        long weight = way.weight() + grant.weight();
        work += weight * weight;
        if (work > MAX_WORK) {
          return null;
        }
        Grant both = way.intersect(grant, patterns);
        if (both != null
            && (both.isTooLong()
                || (longer.add(both) && longer.size() > EffectiveAuthority.MAX_ALTERNATIVES))) {
          return null;
        }
      }
    }
    return List.copyOf(longer);
  }

  /** What is left after the blocks so far. */
  EffectiveAuthority authority() {
    List<Check> opaque = new ArrayList<>();
    boolean isForOtherTask = false;
    for (Other other : others) {
      if (!other.isTask() || derivesTask) {
        opaque.add(other.check());
      } else {
        isForOtherTask = true;
      }
    }
    return new EffectiveAuthority(
        new EffectiveAuthority.Checks(List.copyOf(grants), List.copyOf(conditions), opaque),
        ways,
        List.copyOf(budgets),
        new EffectiveAuthority.Bounds(expiry, start, audiences, depth, isForVerifiedHolder),
        hasRules,
        answersItself,
        isForOtherTask);
  }
}
