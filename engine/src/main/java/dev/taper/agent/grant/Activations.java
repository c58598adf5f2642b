package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a grant requires before it is active; a grant that requires nothing always is. The
 * canonical order is the justification first, then the approvals by groups, then those by keys,
 * each in the order of their text, and none that another one implies. Immutable.
 */
final class Activations {
  static final Activations NONE = new Activations(null, List.of());

  /** The most that one grant can ask for; bounds what reading a token costs. */
  private static final int MAX = 16;

  private final @Nullable Justified justified;
  private final List<NeededApproval> approvals;

  private Activations(@Nullable Justified justified, List<NeededApproval> approvals) {
    this.justified = justified;
    this.approvals = List.copyOf(approvals);
  }

  /** Adds an activation. */
  Activations and(Activation more) {
    Activations all = plus(more);
    if (all.areTooMany()) {
      throw Require.refuse("a grant asks for more than " + MAX + " kinds of approvals");
    }
    return all;
  }

  private Activations plus(Activation more) {
    if (more instanceof Justified j) {
      return new Activations(justified != null && justified.implies(j) ? justified : j, approvals);
    }
    NeededApproval added = (NeededApproval) more;
    List<NeededApproval> all = new ArrayList<>();
    for (NeededApproval old : approvals) {
      if (old.implies(added)) {
        return this;
      }
      if (!added.implies(old)) {
        all.add(old);
      }
    }
    int place = 0;
    while (place < all.size() && NeededApproval.compare(all.get(place), added) < 0) {
      place++;
    }
    all.add(place, added);
    return new Activations(justified, all);
  }

  /** Joins everything that the two ask for. */
  Activations and(Activations other) {
    Activations all = this;
    for (Activation activation : other.list()) {
      all = all.plus(activation);
    }
    return all;
  }

  List<Activation> list() {
    List<Activation> all = new ArrayList<>();
    if (justified != null) {
      all.add(justified);
    }
    all.addAll(approvals);
    return List.copyOf(all);
  }

  boolean isEmpty() {
    return justified == null && approvals.isEmpty();
  }

  /** True if they are more than one grant can ask for; several grants together can ask for more. */
  boolean areTooMany() {
    return approvals.size() > MAX;
  }

  /** How much there is to compare: each key of each group. */
  long weight() {
    long weight = justified == null ? 0 : 1;
    for (NeededApproval approval : approvals) {
      weight += approval.weight();
    }
    return weight;
  }

  boolean areMet(CallFacts facts) {
    if (justified != null && !justified.isMet(facts)) {
      return false;
    }
    for (NeededApproval approval : approvals) {
      if (!approval.isMet(facts)) {
        return false;
      }
    }
    return true;
  }

  /** How many of them are not met. */
  int countMissing(CallFacts facts) {
    int missing = justified != null && !justified.isMet(facts) ? 1 : 0;
    for (NeededApproval approval : approvals) {
      missing += approval.isMet(facts) ? 0 : 1;
    }
    return missing;
  }

  void addMismatches(CallFacts facts, List<Caveat.Mismatch> found) {
    if (justified != null && !justified.isMet(facts)) {
      found.add(
          Caveat.Mismatch.of(Caveat.Mismatch.Subject.JUSTIFICATION, null, justified.toString()));
    }
    for (NeededApproval approval : approvals) {
      if (!approval.isMet(facts)) {
        found.add(
            Caveat.Mismatch.of(
                Caveat.Mismatch.Subject.APPROVAL, approval.shown(facts), approval.toString()));
      }
    }
  }

  void addElements(List<Element> elements) {
    if (justified != null) {
      elements.add(justified.compile());
    }
    int groups = 0;
    int keys = 0;
    for (NeededApproval approval : approvals) {
      elements.add(approval.compile(approval instanceof ApprovedBy ? keys++ : groups++));
    }
  }

  /** Warns where this asks for less than a parent, whose activations still hold. */
  void addWider(Activations parent, List<String> wider) {
    if (justified != null && parent.justified != null && !justified.implies(parent.justified)) {
      wider.add(justified + ", wider than " + parent.justified);
    }
    for (NeededApproval theirs : parent.approvals) {
      boolean covered = approvals.isEmpty();
      for (NeededApproval mine : approvals) {
        covered |= mine.implies(theirs);
      }
      if (!covered) {
        wider.add(approvals.get(0) + ", instead of " + theirs);
      }
    }
  }

  /** Reads an element of a query; null if it is no activation. */
  static @Nullable Activation read(Element element) {
    return switch (element.predicate().name()) {
      case "justified_for" -> Justified.read(element);
      case "approved_by" -> ApprovedByGroup.read(element);
      default -> ApprovedBy.read(element);
    };
  }

  static Activations parse(GrantScanner in) {
    Activations all = NONE;
    do {
      Activation next = Justified.parse(in);
      next = next != null ? next : NeededApproval.parse(in);
      if (next == null) {
        throw in.unexpected(
            "what has to be there first",
            "such as: justified, justified within 15m, approved by KEY, approved by 2 of group"
                + " finance");
      }
      all = all.and(next);
    } while (in.acceptWord("and"));
    return all;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Activations other && list().equals(other.list());
  }

  @Override
  public int hashCode() {
    return list().hashCode();
  }

  /** The activations behind the word that starts them; empty if there are none. */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Activation activation : list()) {
      texts.add(activation.toString());
    }
    return isEmpty() ? "" : "if " + String.join(" and ", texts);
  }
}
