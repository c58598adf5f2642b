package dev.taper.agent.grant;

import dev.taper.agent.request.RequestFacts;
import dev.taper.agent.request.ReservedPredicates;
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
 * What is left of an authority after all blocks of its chain: a request must satisfy every check of
 * every block, so the scope is the intersection of what the blocks grant, under all their
 * conditions. Immutable and thread-safe.
 *
 * <p>The scope is for people, reports and warnings; a token is decided by its Datalog. The two
 * agree: for the facts that a verifier states of a request, {@link #allows} says yes or no exactly
 * if the checks hold or do not (within the limits of an evaluation), and unknown only where a chain
 * holds what is not understood.
 */
public final class EffectiveScope {
  /** More alternatives than this are not listed; {@link #allows} is exact all the same. */
  public static final int MAX_ALTERNATIVES = 64;

  /** Comparisons, roughly, that listing the alternatives may take: a chain can be hostile. */
  private static final long MAX_WORK = 30_000_000;

  /** Whether a scope allows a request. */
  public enum Answer {
    /** All checks hold. */
    YES,
    /** A check does not hold, or cannot ever. */
    NO,
    /** All checks that are understood hold, but there is more in the chain. */
    UNKNOWN
  }

  private final List<Grants> grants = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Check> opaque = new ArrayList<>();
  private final List<Grant> alternatives;
  private final boolean isListed;
  private boolean hasRules;
  private boolean answersItself;
  private boolean isForOtherTask;

  private @Nullable Instant expiry;
  private @Nullable Instant start;
  private @Nullable List<String> audiences;
  private OptionalLong depth = OptionalLong.empty();
  private boolean isForVerifiedHolder;

  private EffectiveScope(List<Block> chain) {
    boolean derivesTask = false;
    for (Block block : chain) {
      for (Rule rule : block.rules()) {
        hasRules = true;
        derivesTask |= rule.head().name().equals("task");
        answersItself |= ReservedPredicates.contains(rule.head().name());
      }
      for (Fact fact : block.facts()) {
        answersItself |= ReservedPredicates.contains(fact.predicate().name());
      }
    }
    for (Block block : chain) {
      for (Caveat caveat : Caveat.of(block)) {
        add(caveat, states(chain.get(0), caveat) || states(block, caveat), derivesTask);
      }
    }
    List<Grant> product = product();
    this.isListed = product != null;
    this.alternatives = product == null ? List.of() : List.copyOf(product);
  }

  /**
   * The scope of a chain.
   *
   * @param chain the blocks of a token, the authority block first
   */
  public static EffectiveScope of(List<Block> chain) {
    return new EffectiveScope(chain);
  }

  private static boolean states(Block block, Caveat caveat) {
    return caveat instanceof ForTask task
        && block.facts().contains(Fact.of("task", new Term.Str(task.id())));
  }

  private void add(Caveat caveat, boolean isStatedTask, boolean derivesTask) {
    if (caveat instanceof Grants g) {
      grants.add(g);
    } else if (caveat instanceof OpaqueCheck o) {
      opaque.add(o.check());
    } else if (caveat instanceof ForTask task) {
      // Settled by the chain alone: no request states a task.
      if (!isStatedTask && derivesTask) {
        opaque.add(task.check());
      } else {
        isForOtherTask |= !isStatedTask;
      }
    } else if (caveat instanceof Condition condition) {
      conditions.add(condition);
      combine(condition);
    }
  }

  private void combine(Condition condition) {
    if (condition instanceof Expiry e) {
      expiry = expiry == null || e.end().isBefore(expiry) ? e.end() : expiry;
    } else if (condition instanceof NotBefore n) {
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

  /** All ways through the blocks' grants that can match at all; null if they are too many. */
  private @Nullable List<Grant> product() {
    List<Grant> ways = List.of(Grant.anyTool());
    PatternMemo patterns = new PatternMemo();
    long work = 0;
    for (Grants next : grants) {
      Set<Grant> longer = new LinkedHashSet<>();
      for (Grant way : ways) {
        for (Grant grant : next.alternatives()) {
          long weight = way.weight() + grant.weight();
          work += weight * weight;
          if (work > MAX_WORK) {
            return null;
          }
          Grant both = way.intersect(grant, patterns);
          if (both != null && longer.add(both) && longer.size() > MAX_ALTERNATIVES) {
            return null;
          }
        }
      }
      ways = List.copyOf(longer);
    }
    return ways;
  }

  /**
   * The grants of which a request must fit one: every combination of the blocks' grants that is not
   * contradictory. Empty if there is none, and if there are too many to list.
   */
  public List<Grant> alternatives() {
    return alternatives;
  }

  /** False if there are too many alternatives to list. */
  public boolean isListed() {
    return isListed;
  }

  /** The earliest expiry; null if the chain never expires. */
  public @Nullable Instant expiry() {
    return expiry;
  }

  /** The latest start; null if the chain names none. */
  public @Nullable Instant notBefore() {
    return start;
  }

  /** The services that may take the token, sorted; null if any may, empty if none can. */
  public @Nullable List<String> audiences() {
    return audiences;
  }

  /** How often the authority may be handed on, if that is limited. */
  public OptionalLong maxDepth() {
    return depth;
  }

  /** True if the holder must be known by key. */
  public boolean isForVerifiedHolder() {
    return isForVerifiedHolder;
  }

  /** The checks that are not understood, in order. */
  public List<Check> opaqueChecks() {
    return List.copyOf(opaque);
  }

  /**
   * True if no request can ever be allowed: the chain contradicts itself. False does not promise
   * that one can, as not every contradiction is seen.
   */
  public boolean isEmpty() {
    return !answersItself && contradicts();
  }

  private boolean contradicts() {
    return isForOtherTask
        || (isListed && alternatives.isEmpty())
        || (audiences != null && audiences.isEmpty())
        || (expiry != null && start != null && !start.isBefore(expiry));
  }

  /**
   * Whether the chain's checks hold for a request.
   *
   * @param facts all that the verifier states of it
   */
  public Answer allows(RequestFacts facts) {
    if (answersItself) {
      return Answer.UNKNOWN; // a verifier refuses such a token
    }
    if (isForOtherTask || !isGranted(facts)) {
      return Answer.NO;
    }
    for (Condition condition : conditions) {
      if (condition.mismatch(facts) != null) {
        return Answer.NO;
      }
    }
    return hasRules || !opaque.isEmpty() ? Answer.UNKNOWN : Answer.YES;
  }

  private boolean isGranted(RequestFacts facts) {
    if (!isListed) {
      return isGrantedByEach(facts);
    }
    for (Grant grant : alternatives) {
      if (grant.allows(facts)) {
        return true;
      }
    }
    return false;
  }

  /** The same, block by block: what the alternatives must agree with. */
  boolean isGrantedByEach(RequestFacts facts) {
    for (Grants each : grants) {
      if (!each.allows(facts)) {
        return false;
      }
    }
    return true;
  }

  /** The scope in words, such as {@code jira.search, read, until 2026-11-24T12:10:00Z}. */
  public String words() {
    if (answersItself) {
      return "unknown: a block states what only a verifier may state";
    }
    if (contradicts()) {
      return "nothing: the blocks contradict each other";
    }
    List<String> parts = new ArrayList<>();
    parts.add(
        isListed ? new Grants(alternatives).words() : "too many combinations of grants to list");
    if (audiences != null) {
      parts.add(new AudienceIn(audiences).words());
    }
    if (start != null) {
      parts.add(new NotBefore(start).words());
    }
    if (expiry != null) {
      parts.add(new Expiry(expiry).words());
    }
    if (depth.isPresent()) {
      parts.add(new MaxDepth(depth.getAsLong()).words());
    }
    if (isForVerifiedHolder) {
      parts.add(new VerifiedHolder().words());
    }
    for (Check check : opaque) {
      parts.add("and " + check);
    }
    return String.join(", ", parts);
  }

  @Override
  public String toString() {
    return words();
  }
}
