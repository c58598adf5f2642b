package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ShortText;
import dev.taper.datalog.Check;
import dev.taper.datalog.Query;
import dev.taper.datalog.regex.PatternMemo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a block grants: alternatives, of which one must fit. Together they are one check, with a
 * query for each.
 *
 * @param alternatives the grants, in the order of writing
 */
public record Grants(List<Grant> alternatives) implements Caveat {
  /** The most grants in one check. */
  public static final int MAX_ALTERNATIVES = 256;

  /** About how many characters are told in words: a short token can hold a long text many times. */
  private static final int LONGEST = 16_384;

  /** The most that is told of what is wider: a crafted token has very much, and long, of it. */
  private static final int MOST_WIDER = 64;

  /**
   * Copies the grants.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if there are none
   *     or too many
   */
  public Grants {
    alternatives = List.copyOf(alternatives);
    if (alternatives.isEmpty() || alternatives.size() > MAX_ALTERNATIVES) {
      throw Require.refuse("a block needs between 1 and " + MAX_ALTERNATIVES + " grants");
    }
  }

  /** Joins grants as alternatives. */
  public static Grants of(Grant... alternatives) {
    return new Grants(List.of(alternatives));
  }

  /**
   * Reads grants joined by the word {@code or}.
   *
   * @throws dev.taper.TaperException as {@link Grant#parse}
   */
  public static Grants parse(String text) {
    return new Grants(GrantParser.alternatives(text));
  }

  @Override
  public Check check() {
    List<Query> queries = new ArrayList<>();
    for (Grant grant : alternatives) {
      queries.add(grant.query());
    }
    return new Check(Check.Kind.IF, queries);
  }

  /** True if the call fits a grant. */
  public boolean allows(CallFacts facts) {
    for (Grant grant : alternatives) {
      if (grant.allows(facts)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Says whether a call of a tool could ever fit one of these grants.
   *
   * @param tool what is known of its calls
   * @param work counts what is compared
   * @return false only if no call can
   */
  public boolean mayAllow(ToolOutline tool, ToolOutline.Work work) {
    for (Grant grant : alternatives) {
      if (!work.allows(grant.weight()) || grant.mayCover(tool, work)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The grant that the call comes nearest to: an inactive one that covers it; else the one that it
   * misses in the fewest points, of those for its tool if there are any. The first of several such.
   */
  public Grant nearest(CallFacts facts) {
    Grant best = alternatives.get(0);
    int fewest = Integer.MAX_VALUE;
    for (Grant grant : alternatives) {
      if (grant.covers(facts)) {
        return grant;
      }
      int misses = grant.misses(facts).weight();
      if (misses < fewest) {
        fewest = misses;
        best = grant;
      }
    }
    return best;
  }

  /**
   * How these grants compare with those that they are meant to narrow: each grant with the one that
   * fits it best, and tool by tool if its tools were granted apart. The result contradicts if no
   * pair goes together. Of very much that is wider only some is told, and values that patterns rule
   * out are found as long as that takes no more work than for one pair.
   */
  public Narrowing comparedTo(Grants parents) {
    PatternMemo patterns = new PatternMemo();
    Set<String> wider = new LinkedHashSet<>();
    boolean contradicts = true;
    for (Grant mine : alternatives) {
      Narrowing whole = parents.bestFor(mine, patterns);
      boolean isWhole = parents.alternatives.size() == 1 || whole.isClean();
      List<Grant> parts = isWhole ? List.of(mine) : mine.byTool();
      for (Grant part : parts) {
        Narrowing best = parts.size() == 1 ? whole : parents.bestFor(part, patterns);
        boolean isNothing = best.contradicts();
        contradicts &= isNothing;
        if (wider.size() < MOST_WIDER) {
          wider.addAll(isNothing ? List.of(nothingOf(part)) : best.wider());
        }
      }
    }
    return new Narrowing(contradicts ? List.of() : List.copyOf(wider), contradicts);
  }

  private static String nothingOf(Grant grant) {
    return ShortText.of(grant.text(LONGEST), LONGEST) + ", of which nothing was granted";
  }

  private Narrowing bestFor(Grant narrower, PatternMemo patterns) {
    Narrowing best = narrower.comparedTo(alternatives.get(0), patterns);
    for (Grant other : alternatives.subList(1, alternatives.size())) {
      best = better(best, narrower.comparedTo(other, patterns));
    }
    return best;
  }

  private static Narrowing better(Narrowing a, Narrowing b) {
    if (a.contradicts() != b.contradicts()) {
      return a.contradicts() ? b : a;
    }
    return b.wider().size() < a.wider().size() ? b : a;
  }

  /** How much there is to compare in all of them: each name, value and key. */
  public long weight() {
    long weight = 0;
    for (Grant grant : alternatives) {
      weight += grant.weight();
      for (Constraint constraint : grant.constraints()) {
        weight += ConstraintLists.more(constraint);
      }
    }
    return weight;
  }

  /** The grants in words; what is very long is cut short. */
  @Override
  public String words() {
    return words(LONGEST);
  }

  @Override
  public String words(int enough) {
    StringJoiner words = new StringJoiner("; or ");
    for (Grant grant : alternatives) {
      if (words.length() > enough) {
        words.add("…");
        break;
      }
      words.add(ShortText.of(grant.words(enough), LONGEST));
    }
    return words.toString();
  }

  /** The grants in the syntax of {@link #parse}. */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Grant grant : alternatives) {
      texts.add(grant.toString());
    }
    return String.join(" or ", texts);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Grants other && alternatives.equals(other.alternatives);
  }

  @Override
  public int hashCode() {
    return alternatives.hashCode();
  }

  /**
   * How a grant compares with one that it is meant to narrow. Neither a wider grant nor a
   * contradiction is an error, as a chain allows only what all of its blocks allow; both are
   * probably mistakes.
   *
   * @param wider what it names beyond the other grant, to no effect; a dimension that it leaves out
   *     is inherited, not widened
   * @param contradicts true if no call can ever fit both
   */
  public record Narrowing(List<String> wider, boolean contradicts) {
    /** Copies the list. */
    public Narrowing {
      wider = List.copyOf(wider);
    }

    /** True if there is nothing to warn of. */
    public boolean isClean() {
      return wider.isEmpty() && !contradicts;
    }
  }

  /**
   * What all calls of a tool have in common, before there is one. Immutable and thread-safe.
   *
   * @param name the tool
   * @param operation what every call does; null if none says so
   * @param resourceStart what the resource of every call starts with; null if none has a resource
   * @param resourceIsWhole whether that is all of it
   * @param arguments the arguments that a call may have
   * @param required those that every call has
   * @param known what is known of one argument's value; null if nothing is
   */
  public record ToolOutline(
      String name,
      @Nullable String operation,
      @Nullable String resourceStart,
      boolean resourceIsWhole,
      Set<String> arguments,
      Set<String> required,
      @Nullable Known known) {
    /**
     * What is known of one argument that every call has, and which is a string.
     *
     * @param argument its name
     * @param start what its value starts with
     * @param facts what a verifier states about the argument if that is the whole value; else null
     */
    public record Known(String argument, String start, @Nullable CallFacts facts) {
      /** False only if no such value satisfies a constraint on the argument. */
      boolean maySatisfy(ConstraintBody constraint, Work work) {
        return facts == null
            ? constraint.admitsStart(start)
            : constraint.mayHold(facts, work.patterns);
      }
    }

    /** Counts comparisons, up to the most that may be made. Thread-safe. */
    public static final class Work {
      private final AtomicLong left;
      private final PatternMemo patterns = new PatternMemo();

      /** Allows so many comparisons. */
      public Work(long most) {
        this.left = new AtomicLong(most);
      }

      /** Counts some more; false if that is too much, now and from now on. */
      boolean allows(long more) {
        return left.addAndGet(-Math.max(1, more)) >= 0;
      }

      /** True if not everything could be compared. */
      public boolean isUsedUp() {
        return left.get() < 0;
      }
    }

    /** Copies the names. */
    public ToolOutline {
      arguments = Set.copyOf(arguments);
      required = Set.copyOf(required);
    }

    /** False only if no call can be within all of these; what is null is not restricted. */
    boolean mayFit(
        @Nullable TextSet tools,
        @Nullable TextSet operations,
        @Nullable TextSet resources,
        List<ConstraintBody> constraints,
        Work work) {
      if ((tools != null && !tools.test(name))
          || (operations != null && (operation == null || !operations.test(operation)))
          || (resources != null && !mayBeOn(resources))) {
        return false;
      }
      return constraints.stream().allMatch(constraint -> maySatisfy(constraint, work));
    }

    /** False only if no call is on one of the resources. */
    private boolean mayBeOn(TextSet resources) {
      String start = resourceStart;
      if (start == null) {
        return false;
      }
      if (resourceIsWhole) {
        return resources.test(start);
      }
      for (String prefix : resources.affixes()) {
        if (prefix.startsWith(start) || start.startsWith(prefix)) {
          return true;
        }
      }
      var from = resources.exact().tailSet(start);
      return !from.isEmpty() && from.first().startsWith(start);
    }

    /** False only if no call can satisfy the constraint. */
    private boolean maySatisfy(ConstraintBody constraint, Work work) {
      if (constraint instanceof OnlyArguments only) {
        return only.names().containsAll(required);
      }
      return (known != null && known.argument().equals(constraint.argument()))
          ? known.maySatisfy(constraint, work)
          : arguments.contains(constraint.argument());
    }
  }
}
