package dev.taper.agent.grant;

import dev.taper.datalog.regex.PatternMemo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps constraints that hold together in canonical order, and joins those of one kind and
 * argument.
 */
final class ConstraintLists {
  private static final Comparator<ConstraintBody> CANONICAL =
      Comparator.comparing((ConstraintBody c) -> c instanceof OnlyArguments)
          .thenComparing(Constraint::argument)
          .thenComparingInt(ConstraintKinds::rank)
          .thenComparing(Constraint::toString);

  private ConstraintLists() {}

  /** Adds a constraint to a canonical list; null if it contradicts one there. */
  static @Nullable List<ConstraintBody> add(
      List<ConstraintBody> canonical, ConstraintBody constraint) {
    List<ConstraintBody> all = new ArrayList<>();
    ConstraintBody added = constraint;
    for (ConstraintBody old : canonical) {
      List<? extends ConstraintBody> both =
          isSameKind(old, added) ? old.meet(added) : List.of(old, added);
      if (both.isEmpty()) {
        return null;
      }
      if (both.size() == 1) {
        added = both.get(0);
      } else {
        all.add(old);
      }
    }
    all.add(added);
    all.sort(CANONICAL);
    return all;
  }

  /** Drops listed values that other constraints rule out; null if nothing is left. */
  static @Nullable List<ConstraintBody> tighten(
      List<ConstraintBody> constraints, PatternMemo patterns) {
    List<ConstraintBody> tight = new ArrayList<>();
    for (ConstraintBody c : constraints) {
      List<? extends ConstraintBody> left = List.of(c);
      for (ConstraintBody other : constraints) {
        if (other instanceof OnlyArguments only
            && !c.argument().isEmpty()
            && !only.names().contains(c.argument())) {
          return null; // it has to be there, and must not
        }
        if (!left.isEmpty()
            && left.get(0) instanceof OneOf listed
            && other.argument().equals(c.argument())) {
          left = listed.only(value -> other.admits(value, patterns));
        }
      }
      if (left.isEmpty()) {
        return null;
      }
      tight.addAll(left);
    }
    return tight;
  }

  static boolean isSameKind(ConstraintBody a, ConstraintBody b) {
    return a.getClass() == b.getClass() && a.argument().equals(b.argument());
  }

  /**
   * Warns unless one of some constraints of a kind, if there are any, covers no more than theirs.
   */
  static void addWider(List<ConstraintBody> some, ConstraintBody theirs, List<String> wider) {
    ConstraintBody widest = null;
    for (ConstraintBody mine : some) {
      if (isSameKind(mine, theirs)) {
        if (!mine.isWiderThan(theirs)) {
          return;
        }
        widest = mine;
      }
    }
    if (widest != null) {
      wider.add(widest + ", wider than " + theirs);
    }
  }
}
