package dev.taper.agent.grant;

import dev.taper.datalog.regex.PatternMemo;
import java.util.ArrayList;
import java.util.Collections;
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

  /** About how many characters of a constraint or list are told; nobody reads more. */
  static final int LONGEST = 2_048;

  private static final int VALUES_OF_A_NAME = 8;

  private ConstraintLists() {}

  /** Adds a constraint to a canonical list; null if it contradicts one there. */
  static @Nullable List<ConstraintBody> add(
      List<ConstraintBody> canonical, ConstraintBody constraint) {
    List<ConstraintBody> all = new ArrayList<>(canonical.size() + 1);
    ConstraintBody added = constraint;
    for (ConstraintBody old : canonical) {
      List<? extends ConstraintBody> both = isSameKind(old, added) ? old.meet(added) : null;
      if (both == null || both.size() == 2) {
        all.add(old);
      } else if (both.isEmpty()) {
        return null;
      } else {
        added = both.get(0);
      }
    }
    int place = Collections.binarySearch(all, added, CANONICAL); // their texts are long: few are
    all.add(place < 0 ? -place - 1 : place, added);
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

  /**
   * What comparing a constraint takes beside what the weight of its grant counts: values of a list
   * are looked up, so several take as long as one name.
   */
  static int more(Constraint constraint) {
    int names = 1;
    if (constraint instanceof NotOneOf listed) {
      names = listed.values().size();
    } else if (constraint instanceof EachIn listed) {
      names = listed.values().size();
    } else if (constraint instanceof UrlHost url) {
      names = url.hosts().size();
    } else if (constraint instanceof EachHost urls) {
      names = urls.hosts().size();
    } else if (constraint instanceof UrlIp url) {
      names = url.networks().size();
    } else if (constraint instanceof OnlyArguments only) {
      names = only.names().size();
    }
    return names / VALUES_OF_A_NAME;
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
      wider.add(widest.text(LONGEST) + ", wider than " + theirs.text(LONGEST));
    }
  }
}
