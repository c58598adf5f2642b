package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an authority after all blocks of its chain: a call must satisfy every check of
 * every block, so what is left is the intersection of what the blocks grant, under all their
 * conditions. Immutable and thread-safe.
 *
 * <p>It is for people, reports and warnings; the token's Datalog decides. The two agree: for the
 * facts that a verifier states of a call, {@link #allows} says yes if the checks hold and no if
 * they do not (within the limits of an evaluation), and unknown only where a chain holds something
 * that is not understood.
 */
public final class EffectiveAuthority {
  /** More alternatives than this are not listed; {@link #allows} is still exact. */
  public static final int MAX_ALTERNATIVES = 64;

  /** Whether an authority allows a call. */
  public enum Answer {
    /** All checks hold. */
    YES,
    /** A check does not hold, or cannot ever. */
    NO,
    /** All checks that are understood hold, but there is more in the chain. */
    UNKNOWN
  }

  /** What a call is held against. */
  record Checks(List<Grants> grants, List<Condition> conditions, List<Check> opaque) {
    Checks {
      opaque = List.copyOf(opaque);
    }
  }

  /** What the conditions of each kind come to together. */
  record Bounds(
      @Nullable Instant expiry,
      @Nullable Instant start,
      @Nullable List<String> audiences,
      OptionalLong depth,
      boolean isForVerifiedHolder) {}

  private final Checks checks;
  private final List<Grant> alternatives;
  private final List<Budget> budgets;
  private final boolean isListed;
  private final Bounds bounds;
  private final boolean hasRules;
  private final boolean answersItself;
  private final boolean isForOtherTask;

  EffectiveAuthority(
      Checks checks,
      @Nullable List<Grant> ways,
      List<Budget> budgets,
      Bounds bounds,
      boolean hasRules,
      boolean answersItself,
      boolean isForOtherTask) {
    this.checks = checks;
    this.isListed = ways != null;
    this.alternatives = ways == null ? List.of() : ways;
    this.budgets = budgets;
    this.bounds = bounds;
    this.hasRules = hasRules;
    this.answersItself = answersItself;
    this.isForOtherTask = isForOtherTask;
  }

  /**
   * What is left after all blocks of a chain.
   *
   * @param chain the blocks of a token, the authority block first
   */
  public static EffectiveAuthority of(List<Block> chain) {
    AuthorityWalk walk = new AuthorityWalk();
    chain.forEach(walk::add);
    return walk.authority();
  }

  /**
   * What is left after each block of a chain, for little more than the last one costs.
   *
   * @param chain the blocks of a token, the authority block first
   */
  public static List<EffectiveAuthority> afterEach(List<Block> chain) {
    AuthorityWalk walk = new AuthorityWalk();
    List<EffectiveAuthority> each = new ArrayList<>(chain.size());
    for (Block block : chain) {
      walk.add(block);
      each.add(walk.authority());
    }
    return List.copyOf(each);
  }

  /**
   * The grants that are left; a call must fit one of them. They are all combinations of the blocks'
   * grants that are not contradictory; empty if there is none, and if there are too many to list.
   */
  public List<Grant> alternatives() {
    return alternatives;
  }

  /** False if there are too many alternatives to list. */
  public boolean isListed() {
    return isListed;
  }

  /** What all calls together may use up: every budget of every block, in their order. */
  public List<Budget> budgets() {
    return budgets;
  }

  /** The earliest expiry; null if the chain never expires. */
  public @Nullable Instant expiry() {
    return bounds.expiry;
  }

  /** The latest start; null if the chain names none. */
  public @Nullable Instant notBefore() {
    return bounds.start;
  }

  /** The services that may take the token, sorted; null if any may, empty if none can. */
  public @Nullable List<String> audiences() {
    return bounds.audiences;
  }

  /** How often the authority may be handed on, if that is limited. */
  public OptionalLong maxDepth() {
    return bounds.depth;
  }

  /** True if the holder must be known by key. */
  public boolean isForVerifiedHolder() {
    return bounds.isForVerifiedHolder;
  }

  /** The checks that are not understood, in order. */
  public List<Check> opaqueChecks() {
    return checks.opaque;
  }

  /**
   * True if no call can ever be allowed: the chain contradicts itself. False does not promise that
   * one can, as not every contradiction is seen.
   */
  public boolean isEmpty() {
    return !answersItself && contradicts();
  }

  private boolean contradicts() {
    return isForOtherTask
        || (isListed && alternatives.isEmpty())
        || (bounds.audiences != null && bounds.audiences.isEmpty())
        || (bounds.expiry != null && bounds.start != null && !bounds.start.isBefore(bounds.expiry));
  }

  /**
   * Says whether the chain's checks hold for a call.
   *
   * @param facts all that the verifier states of it
   */
  public Answer allows(CallFacts facts) {
    if (answersItself) {
      return Answer.UNKNOWN; // a verifier refuses such a token
    }
    if (isForOtherTask || !isGranted(facts)) {
      return Answer.NO;
    }
    for (Condition condition : checks.conditions) {
      if (condition.mismatch(facts) != null) {
        return Answer.NO;
      }
    }
    return hasRules || !checks.opaque.isEmpty() ? Answer.UNKNOWN : Answer.YES;
  }

  private boolean isGranted(CallFacts facts) {
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

  /** True if the grants of every block allow the call: the alternatives must agree with that. */
  boolean isGrantedByEach(CallFacts facts) {
    for (Grants each : checks.grants) {
      if (!each.allows(facts)) {
        return false;
      }
    }
    return true;
  }

  /** What is left, in words, such as {@code jira.search, read, until 2026-11-24T12:10:00Z}. */
  public String words() {
    return words(Integer.MAX_VALUE);
  }

  /**
   * What is left, in words, or the beginning of that: the words of a hostile chain can be many
   * times its size.
   *
   * @param enough how many characters are enough; what goes beyond may be left out, except a little
   *     that shows there is more
   */
  public String words(int enough) {
    if (answersItself) {
      return "unknown: a block states what only a verifier may state";
    }
    if (contradicts()) {
      return "nothing: the blocks contradict each other";
    }
    StringBuilder out = new StringBuilder();
    if (!isListed) {
      out.append("too many combinations of grants to list");
    }
    for (int i = 0; i < alternatives.size() && out.length() <= enough; i++) {
      out.append(i == 0 ? "" : "; or ").append(alternatives.get(i).words(enough));
    }
    List<Caveat> more = new ArrayList<>();
    if (bounds.audiences != null) {
      more.add(new AudienceIn(bounds.audiences));
    }
    if (bounds.start != null) {
      more.add(new NotBefore(bounds.start));
    }
    if (bounds.expiry != null) {
      more.add(new Expiry(bounds.expiry));
    }
    if (bounds.depth.isPresent()) {
      more.add(new MaxDepth(bounds.depth.getAsLong()));
    }
    if (bounds.isForVerifiedHolder) {
      more.add(new VerifiedHolder());
    }
    for (Caveat caveat : more) {
      out.append(", ").append(caveat.words());
    }
    for (int i = 0; i < budgets.size() && out.length() <= enough; i++) {
      out.append(", ").append(budgets.get(i).words());
    }
    for (int i = 0; i < checks.opaque.size() && out.length() <= enough; i++) {
      int room = Math.max(2, enough - out.length()); // one check can be as long as many
      out.append(", and ").append(checks.opaque.get(i).text(room));
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return words();
  }
}
