package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Query;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What must be there besides the call before a grant counts. A grant that names nothing is always
 * active; one that names several needs all of them. Immutable and thread-safe.
 */
public sealed interface Activation permits Justified, NeededApproval {
  /** What has to be there. */
  enum Kind {
    /** The holder says why it makes the call. */
    JUSTIFIED,
    /** Others approve the call. */
    APPROVED
  }

  /** What has to be there. */
  Kind kind();

  /** The keys that can approve, as text, sorted; empty for a justification and for a group. */
  default SortedSet<String> approvers() {
    return Collections.emptySortedSet();
  }

  /** The group whose persons can approve; null for a justification and for keys. */
  default @Nullable String group() {
    return null;
  }

  /** How many have to approve; 0 for a justification. */
  default int needed() {
    return 0;
  }

  /**
   * The longest window of a justification that counts; null if only the verifier limits it, and for
   * an approval.
   */
  default @Nullable Duration within() {
    return null;
  }

  /** True if what has to be there is stated of the call. */
  boolean isMet(CallFacts facts);

  /**
   * The approvals that a query asks for, in any order and among anything else that it asks for:
   * each {@code approvers($a)} or {@code approved_by("group", $a)} with a condition on {@code $a}
   * of the form that grants have. The keys stand in the condition, or in a fact that the query
   * names, as in {@code approvers($a), humans($h), $a.intersection($h).length() >= 1}.
   *
   * @param query any query
   * @param facts what is known, for keys that stand in facts
   */
  static List<Activation> approvalsIn(Query query, List<Fact> facts) {
    List<Activation> found = new ArrayList<>(ApprovedByGroup.in(query));
    found.addAll(ApprovedBy.in(query, facts));
    return List.copyOf(found);
  }

  /** The activation in the syntax of {@link Grant#parse}, such as {@code justified within 15m}. */
  @Override
  String toString();
}
