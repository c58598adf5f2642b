package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import org.jspecify.annotations.Nullable;

/** A number of approvals that a grant asks for: by persons of a group, or by keys. Immutable. */
sealed interface NeededApproval extends Activation permits ApprovedByGroup, ApprovedBy {
  /** The most approvals that a grant can ask for together. */
  int MOST = 32;

  @Override
  default Kind kind() {
    return Kind.APPROVED;
  }

  /**
   * The canonical Datalog.
   *
   * @param index tells several such activations of one grant apart, from 0
   */
  Element compile(int index);

  /** True if whatever satisfies this satisfies the other one. */
  boolean implies(NeededApproval other);

  /** How much there is to compare: each key that is named. */
  int weight();

  /** How many have approved, of how many, as a refusal says it; null for none. */
  @Nullable String shown(CallFacts facts);

  /** Compares by the canonical order: groups first, then keys. */
  static int compare(NeededApproval a, NeededApproval b) {
    if (a instanceof ApprovedByGroup group && b instanceof ApprovedByGroup other) {
      return ApprovedByGroup.ORDER.compare(group, other);
    }
    return a instanceof ApprovedBy keys && b instanceof ApprovedBy others
        ? ApprovedBy.compareTexts(keys, others)
        : Boolean.compare(a instanceof ApprovedBy, b instanceof ApprovedBy);
  }

  /** Reads {@code approved by}, perhaps a number, and a group or keys; null if that is not next. */
  static @Nullable NeededApproval parse(GrantScanner in) {
    if (!in.acceptWords("approved", "by")) {
      return null;
    }
    boolean counted = GrantText.isInteger(in.peek().text());
    long count = counted ? in.integer() : 1;
    if (counted && !in.acceptWord("of")) {
      throw in.unexpected("of", "such as: approved by 2 of KEY, KEY, KEY");
    }
    NeededApproval group = ApprovedByGroup.parse(in, count);
    return group != null ? group : ApprovedBy.parse(in, count, counted);
  }
}
