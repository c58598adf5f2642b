package dev.taper.agent.grant;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number of persons of a group must approve the call: {@code approved_by("finance", $p),
 * $p.length() >= 2}. Who they are, and with which keys, is for the verifier to know.
 *
 * @param count how many, at least 1
 * @param group the group's name
 */
record ApprovedByGroup(int count, String group) implements NeededApproval {
  /** By the number in digits, as for keys, then by the name. */
  static final Comparator<ApprovedByGroup> ORDER =
      Comparator.comparing((ApprovedByGroup one) -> Integer.toString(one.count))
          .thenComparing(ApprovedByGroup::group);

  private static final String NAME = "approved_by";

  /**
   * Checks the number and the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is no
   *     number of approvers that a grant can ask for, or no name
   */
  public ApprovedByGroup {
    if (count < 1 || count > MOST) {
      throw Require.refuse("a grant asks for between 1 and " + MOST + " approvers of a group");
    }
    group = Require.canonical(name -> Canonical.name(name, "the group"), group);
  }

  @Override
  public int needed() {
    return count;
  }

  @Override
  public Element compile(int index) {
    Term.Variable persons = Syntax.variable(index == 0 ? NAME : NAME + index);
    return Element.of(
        NAME,
        List.of(Syntax.str(group), persons),
        Syntax.binary(
            Syntax.unary(UnaryOp.LENGTH, persons), BinaryOp.GREATER_OR_EQUAL, new Term.Int(count)));
  }

  static @Nullable ApprovedByGroup read(Element e) {
    return e.is(NAME, 2, 1) && e.term(1) instanceof Term.Variable persons
        ? read(e.text(0), persons, e.expressions().get(0))
        : null;
  }

  private static @Nullable ApprovedByGroup read(
      String group, Term.Variable persons, Expression expression) {
    return expression instanceof Expression.Binary compared
            && Syntax.operand(compared, BinaryOp.GREATER_OR_EQUAL) instanceof Term.Int i
            && i.value() >= 1
            && i.value() <= MOST
            && compared.left().equals(Syntax.unary(UnaryOp.LENGTH, persons))
        ? new ApprovedByGroup((int) i.value(), group)
        : null;
  }

  /** The approvals by groups that a query asks for, as {@link Activation#approvalsIn} says. */
  static List<ApprovedByGroup> in(Query query) {
    List<ApprovedByGroup> found = new ArrayList<>();
    for (Predicate predicate : query.predicates()) {
      if (predicate.name().equals(NAME)
          && predicate.terms().size() == 2
          && predicate.terms().get(0) instanceof Term.Str group
          && predicate.terms().get(1) instanceof Term.Variable persons) {
        for (Expression expression : query.expressions()) {
          ApprovedByGroup one = orNull(group.value(), persons, expression);
          if (one != null) {
            found.add(one);
          }
        }
      }
    }
    return found;
  }

  private static @Nullable ApprovedByGroup orNull(
      String group, Term.Variable persons, Expression expression) {
    try {
      return read(group, persons, expression);
    } catch (TaperException e) {
      return null; // no group has such a name
    }
  }

  @Override
  public boolean isMet(CallFacts facts) {
    return Facts.any(
        facts,
        NAME,
        2,
        terms ->
            terms.get(0).equals(Syntax.str(group))
                && terms.get(1) instanceof Term.Set persons
                && persons.elements().size() >= count);
  }

  /** Who is in a group is no caller's to know, so it is the same however many have approved. */
  @Override
  public String shown(CallFacts facts) {
    return "missing or not enough";
  }

  @Override
  public boolean implies(NeededApproval other) {
    return other instanceof ApprovedByGroup o && group.equals(o.group) && count >= o.count;
  }

  @Override
  public int weight() {
    return 1;
  }

  /** Reads what stands behind {@code approved by}; null if that is no group. */
  static @Nullable ApprovedByGroup parse(GrantScanner in, long count) {
    return in.acceptWord("group")
        ? new ApprovedByGroup((int) Math.min(count, Integer.MAX_VALUE), in.text())
        : null;
  }

  @Override
  public String toString() {
    return "approved by " + count + " of group " + GrantText.quoted(group);
  }
}
