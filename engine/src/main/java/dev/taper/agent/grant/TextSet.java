package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A set of strings: some exact ones, and all with one of some prefixes (or suffixes). Tools,
 * operations, resources, audiences and hosts are all of this form.
 *
 * @param affix {@link BinaryOp#PREFIX} or {@link BinaryOp#SUFFIX}: what the affixes are
 * @param exact the exact strings
 * @param affixes the prefixes or suffixes, distinct, in the order of writing
 */
record TextSet(BinaryOp affix, SortedSet<String> exact, List<String> affixes) {
  /** More affixes than this would make a deep expression; nobody writes so many. */
  static final int MAX_AFFIXES = 64;

  TextSet {
    exact = Collections.unmodifiableSortedSet(new TreeSet<>(exact));
    affixes = List.copyOf(new LinkedHashSet<>(affixes));
    if (exact.isEmpty() && affixes.isEmpty()) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a list in a grant is empty");
    }
  }

  /**
   * Makes a set that may be granted.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is empty or has too many
   *     affixes
   */
  static TextSet of(BinaryOp affix, Collection<String> exact, Collection<String> affixes) {
    exact.forEach(Require::length);
    affixes.forEach(Require::length);
    TextSet set = new TextSet(affix, new TreeSet<>(exact), List.copyOf(affixes));
    if (set.affixes.size() > MAX_AFFIXES) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a grant has more than " + MAX_AFFIXES + " patterns of a kind");
    }
    return set;
  }

  static TextSet exactly(Collection<String> texts) {
    return of(BinaryOp.PREFIX, texts, List.of());
  }

  /** How many strings and affixes it names. */
  int size() {
    return exact.size() + affixes.size();
  }

  boolean test(String text) {
    return exact.contains(text) || coversAffix(text);
  }

  private boolean coversAffix(String text) {
    return coveredBy(affixes, text);
  }

  private boolean coveredBy(Collection<String> some, String text) {
    for (String a : some) {
      if (covers(a, text)) {
        return true;
      }
    }
    return false;
  }

  private boolean covers(String shorter, String text) {
    return affix == BinaryOp.PREFIX ? text.startsWith(shorter) : text.endsWith(shorter);
  }

  /** What is in both of those that are there; null if none is, or nothing. */
  static @Nullable TextSet both(@Nullable TextSet a, @Nullable TextSet b) {
    return a == null || b == null ? (a == null ? b : a) : a.meet(b);
  }

  /** True if both are there, and nothing is in both. */
  static boolean isDisjoint(@Nullable TextSet a, @Nullable TextSet b) {
    return a != null && b != null && a.meet(b) == null;
  }

  /** Warns of anything that a set names beyond the one that it is meant to narrow. */
  static void addWider(
      @Nullable TextSet mine, @Nullable TextSet theirs, String dimension, List<String> wider) {
    TextSet both = mine == null || theirs == null ? null : mine.meet(theirs);
    if (mine != null && theirs != null && both != null && !mine.equals(both)) {
      wider.add(
          dimension
              + " "
              + mine.text(ConstraintLists.LONGEST)
              + ", wider than "
              + theirs.text(ConstraintLists.LONGEST));
    }
  }

  /**
   * The strings in both sets; null if there are none. Equal to this set if the other one covers it.
   */
  @Nullable TextSet meet(TextSet other) {
    Set<String> common = new LinkedHashSet<>();
    for (String mine : affixes) {
      if (other.coversAffix(mine)) {
        common.add(mine);
      } else {
        for (String theirs : other.affixes) {
          if (covers(mine, theirs)) {
            common.add(theirs);
          }
        }
      }
    }
    SortedSet<String> both = new TreeSet<>();
    for (String mine : exact) {
      if (other.test(mine)) {
        both.add(mine);
      }
    }
    for (String theirs : other.exact) {
      if (coversAffix(theirs) && !coveredBy(common, theirs)) {
        both.add(theirs);
      }
    }
    return both.isEmpty() && common.isEmpty()
        ? null
        : new TextSet(affix, both, List.copyOf(common));
  }

  /** The term to put into a predicate: the string itself if it is the only one. */
  Term term(Supplier<Term.Variable> variable) {
    return affixes.isEmpty() && exact.size() == 1 ? Syntax.str(exact.first()) : variable.get();
  }

  /** What must hold of the term that {@link #term} gave; nothing if that is no variable. */
  List<Expression> expressions(Term term) {
    if (!(term instanceof Term.Variable v)) {
      return List.of();
    }
    List<Expression> alternatives = new ArrayList<>();
    if (!exact.isEmpty()) {
      alternatives.add(Syntax.binary(Syntax.set(exact), BinaryOp.CONTAINS, v));
    }
    for (String a : affixes) {
      alternatives.add(Syntax.binary(v, affix, Syntax.str(a)));
    }
    return List.of(Syntax.anyOf(alternatives));
  }

  /** Reads back what {@link #term} and {@link #expressions} made; null if it is anything else. */
  static @Nullable TextSet read(BinaryOp affix, Term term, List<Expression> expressions) {
    List<String> exact = new ArrayList<>();
    List<String> affixes = new ArrayList<>();
    if (term instanceof Term.Str s) {
      exact.add(s.value());
    } else if (expressions.size() != 1) {
      return null;
    } else {
      for (Expression e : Syntax.alternatives(expressions.get(0))) {
        List<String> strings = Syntax.strings(Syntax.receiver(e, BinaryOp.CONTAINS));
        String text = Syntax.text(e, affix);
        if (strings != null) {
          exact.addAll(strings);
        } else if (text != null) {
          affixes.add(text);
        }
      }
    }
    return of(affix, exact, affixes);
  }

  /** The strings as patterns: exact ones, then affixes with a star at the open end. */
  List<String> patterns() {
    List<String> patterns = new ArrayList<>(exact);
    for (String a : affixes) {
      patterns.add(affix == BinaryOp.PREFIX ? a + "*" : "*" + a);
    }
    return patterns;
  }

  /** The patterns in one text, without the last ones if that is longer than enough. */
  String text(int enough) {
    return GrantText.joined(patterns(), ", ", pattern -> pattern, enough);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof TextSet other
        && affix == other.affix
        && exact.equals(other.exact)
        && affixes.equals(other.affixes);
  }

  @Override
  public int hashCode() {
    return 31 * exact.hashCode() + affixes.hashCode();
  }
}
