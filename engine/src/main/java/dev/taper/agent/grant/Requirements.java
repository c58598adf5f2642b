package dev.taper.agent.grant;

import dev.taper.agent.request.RequestFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a grant requires before it is active; nothing makes it always active. Canonical: the
 * justification first, then the approvals in the order of their text, and none that another one
 * implies. Immutable.
 */
final class Requirements {
  static final Requirements NONE = new Requirements(null, List.of());

  /** The most that one grant can ask for; bounds what reading a token costs. */
  private static final int MAX = 16;

  private final @Nullable Justified justified;
  private final List<ApprovedBy> approvals;

  private Requirements(@Nullable Justified justified, List<ApprovedBy> approvals) {
    this.justified = justified;
    this.approvals = List.copyOf(approvals);
  }

  /** One more of them. */
  Requirements and(Requirement more) {
    Requirements all = plus(more);
    if (all.areTooMany()) {
      throw Require.refuse("a grant asks for more than " + MAX + " groups of approvers");
    }
    return all;
  }

  private Requirements plus(Requirement more) {
    if (more instanceof Justified j) {
      return new Requirements(justified != null && justified.implies(j) ? justified : j, approvals);
    }
    ApprovedBy added = (ApprovedBy) more;
    List<ApprovedBy> all = new ArrayList<>();
    for (ApprovedBy old : approvals) {
      if (old.implies(added)) {
        return this;
      }
      if (!added.implies(old)) {
        all.add(old);
      }
    }
    int place = 0;
    while (place < all.size() && ApprovedBy.compareTexts(all.get(place), added) < 0) {
      place++;
    }
    all.add(place, added);
    return new Requirements(justified, all);
  }

  /** All that both ask for. */
  Requirements and(Requirements other) {
    Requirements all = this;
    for (Requirement requirement : other.list()) {
      all = all.plus(requirement);
    }
    return all;
  }

  List<Requirement> list() {
    List<Requirement> all = new ArrayList<>();
    if (justified != null) {
      all.add(justified);
    }
    all.addAll(approvals);
    return List.copyOf(all);
  }

  boolean isEmpty() {
    return justified == null && approvals.isEmpty();
  }

  /**
   * True if they are more than a grant can ask for: what several grants ask for together can be.
   */
  boolean areTooMany() {
    return approvals.size() > MAX;
  }

  /** How much there is to compare: each key of each group. */
  long weight() {
    long weight = justified == null ? 0 : 1;
    for (ApprovedBy approval : approvals) {
      weight += approval.approvers().size();
    }
    return weight;
  }

  boolean areMet(RequestFacts facts) {
    if (justified != null && !justified.isMet(facts)) {
      return false;
    }
    for (ApprovedBy approval : approvals) {
      if (!approval.isMet(facts)) {
        return false;
      }
    }
    return true;
  }

  void addMismatches(RequestFacts facts, List<Mismatch> found) {
    if (justified != null && !justified.isMet(facts)) {
      found.add(new Mismatch("justification", null, justified.toString()));
    }
    for (ApprovedBy approval : approvals) {
      if (!approval.isMet(facts)) {
        int some = approval.found(facts);
        found.add(
            new Mismatch(
                "approval",
                some == 0 ? null : some + " of " + approval.count(),
                approval.toString()));
      }
    }
  }

  void addElements(List<Element> elements) {
    if (justified != null) {
      elements.add(justified.compile());
    }
    for (int i = 0; i < approvals.size(); i++) {
      elements.add(approvals.get(i).compile(i));
    }
  }

  /** Warns where this names other conditions than a parent's, which hold all the same. */
  void addWider(Requirements parent, List<String> wider) {
    if (justified != null && parent.justified != null && !justified.implies(parent.justified)) {
      wider.add(justified + ", wider than " + parent.justified);
    }
    for (ApprovedBy theirs : parent.approvals) {
      boolean covered = approvals.isEmpty();
      for (ApprovedBy mine : approvals) {
        covered |= mine.implies(theirs);
      }
      if (!covered) {
        wider.add(approvals.get(0) + ", instead of " + theirs);
      }
    }
  }

  static Requirements parse(GrantScanner in) {
    Requirements all = NONE;
    do {
      Requirement next = Justified.parse(in);
      next = next != null ? next : ApprovedBy.parse(in);
      if (next == null) {
        throw in.unexpected(
            "what has to be there first",
            "such as: justified, justified within 15m, approved by KEY");
      }
      all = all.and(next);
    } while (in.acceptWord("and"));
    return all;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Requirements other && list().equals(other.list());
  }

  @Override
  public int hashCode() {
    return list().hashCode();
  }

  /** With the word that starts them, or nothing. */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Requirement requirement : list()) {
      texts.add(requirement.toString());
    }
    return isEmpty() ? "" : "if " + String.join(" and ", texts);
  }
}
