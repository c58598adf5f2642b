package dev.taper.agent.grant;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A number of named approvers must approve the call: {@code approvers($a), {"ed25519/…",
 * "secp256r1/…"}.intersection($a).length() >= 2}, in one shape for all numbers.
 *
 * @param count how many, at least 1
 * @param approvers their keys in text form, sorted; at least as many
 */
record ApprovedBy(int count, SortedSet<String> approvers) implements NeededApproval {
  private static final String NAME = "approvers";

  /**
   * Checks the number and the keys, and copies the keys.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if there are no
   *     approvers, or too many, or fewer than are needed; or if one is not a key in its text form
   */
  public ApprovedBy {
    approvers = Collections.unmodifiableSortedSet(new TreeSet<>(approvers));
    if (approvers.isEmpty() || approvers.size() > MOST) {
      throw Require.refuse("a grant names between 1 and " + MOST + " approvers");
    }
    if (count < 1 || count > approvers.size()) {
      throw Require.refuse(
          "of " + approvers.size() + " approvers, " + count + " can never have approved");
    }
    for (String approver : approvers) {
      if (!isKey(approver)) {
        throw Require.refuse("not the text of a public key: " + approver);
      }
    }
  }

  static ApprovedBy of(int count, PublicKey... keys) {
    SortedSet<String> approvers = new TreeSet<>();
    for (PublicKey key : keys) {
      approvers.add(key.toString());
    }
    return new ApprovedBy(count, approvers);
  }

  /**
   * True if the text has the form of a key; whether the point exists shows when the key is used.
   */
  private static boolean isKey(String text) {
    int slash = text.indexOf('/');
    Algorithm algorithm = slash < 0 ? null : Algorithm.ofText(text.substring(0, slash));
    if (algorithm == null || text.length() - slash - 1 != 2 * algorithm.publicKeyBytes()) {
      return false;
    }
    for (int i = slash + 1; i < text.length(); i++) {
      if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int needed() {
    return count;
  }

  @Override
  public Element compile(int index) {
    Term.Variable approved = Syntax.variable(index == 0 ? NAME : NAME + index);
    Expression both = Syntax.binary(Syntax.set(approvers), BinaryOp.INTERSECTION, approved);
    return Element.of(
        NAME,
        List.of(approved),
        Syntax.binary(
            new Expression.Unary(UnaryOp.LENGTH, both),
            BinaryOp.GREATER_OR_EQUAL,
            new Term.Int(count)));
  }

  static @Nullable ApprovedBy read(Element e) {
    if (e.is(NAME, 1, 1)
        && e.expressions().get(0) instanceof Expression.Binary compared
        && Syntax.operand(compared, BinaryOp.GREATER_OR_EQUAL) instanceof Term.Int i
        && i.value() >= 1
        && i.value() <= MOST
        && compared.left() instanceof Expression.Unary length) {
      List<String> keys = Syntax.strings(Syntax.receiver(length.operand(), BinaryOp.INTERSECTION));
      return keys == null ? null : new ApprovedBy((int) i.value(), new TreeSet<>(keys));
    }
    return null;
  }

  /** The approvals that a query asks for, as {@link Activation#approvalsIn} says. */
  static List<ApprovedBy> in(Query query, List<Fact> facts) {
    List<ApprovedBy> found = new ArrayList<>();
    for (Predicate predicate : query.predicates()) {
      if (predicate.name().equals(NAME)
          && predicate.terms().size() == 1
          && predicate.terms().get(0) instanceof Term.Variable approved) {
        for (Expression expression : query.expressions()) {
          addFrom(expression, approved, query, facts, found);
        }
      }
    }
    return found;
  }

  private static void addFrom(
      Expression expression,
      Term.Variable approved,
      Query query,
      List<Fact> facts,
      List<ApprovedBy> found) {
    if (expression instanceof Expression.Binary compared
        && Syntax.operand(compared, BinaryOp.GREATER_OR_EQUAL) instanceof Term.Int count
        && compared.left() instanceof Expression.Unary length
        && length.op() == UnaryOp.LENGTH
        && length.operand() instanceof Expression.Binary both
        && both.op() == BinaryOp.INTERSECTION
        && both.left() instanceof Expression.Value left
        && both.right() instanceof Expression.Value right) {
      boolean isLeft = approved.equals(left.term());
      if (isLeft || approved.equals(right.term())) {
        for (Term keys : values(isLeft ? right.term() : left.term(), query, facts)) {
          ApprovedBy one = orNull(count.value(), Syntax.strings(keys));
          if (one != null) {
            found.add(one);
          }
        }
      }
    }
  }

  /** The term itself, or what the facts that the query names have for it. */
  private static List<Term> values(Term term, Query query, List<Fact> facts) {
    if (!(term instanceof Term.Variable)) {
      return List.of(term);
    }
    List<Term> values = new ArrayList<>();
    for (Predicate predicate : query.predicates()) {
      for (Fact fact : facts) {
        if (predicate.terms().equals(List.of(term))
            && fact.predicate().name().equals(predicate.name())
            && fact.predicate().terms().size() == 1) {
          values.add(fact.predicate().terms().get(0));
        }
      }
    }
    return values;
  }

  private static @Nullable ApprovedBy orNull(long count, @Nullable List<String> keys) {
    try {
      return keys == null || count < 1 || count > MOST
          ? null
          : new ApprovedBy((int) count, new TreeSet<>(keys));
    } catch (TaperException e) {
      return null; // no grant asks for so many keys, or for such keys
    }
  }

  @Override
  public boolean isMet(CallFacts facts) {
    return found(facts) >= count;
  }

  @Override
  public @Nullable String shown(CallFacts facts) {
    int found = found(facts);
    return found == 0 ? null : found + " of " + count;
  }

  @Override
  public int weight() {
    return approvers.size();
  }

  /** How many of the approvers have approved. */
  private int found(CallFacts facts) {
    int most = 0;
    for (var fact : facts.named(NAME)) {
      List<String> keys = Syntax.strings(fact.predicate().terms().get(0));
      List<String> both = new ArrayList<>(keys == null ? List.of() : keys);
      both.retainAll(approvers);
      most = Math.max(most, both.size());
    }
    return most;
  }

  @Override
  public boolean implies(NeededApproval other) {
    if (!(other instanceof ApprovedBy keys)) {
      return false;
    }
    int strangers = 0;
    for (String approver : approvers) {
      if (count - strangers < keys.count) {
        return false;
      }
      strangers += keys.approvers.contains(approver) ? 0 : 1;
    }
    return count - strangers >= keys.count;
  }

  /** Compares the texts without writing them, because they are long. */
  static int compareTexts(ApprovedBy a, ApprovedBy b) {
    if (a.approvers.size() == 1 || b.approvers.size() == 1) {
      int alone = Boolean.compare(a.approvers.size() == 1, b.approvers.size() == 1);
      return alone != 0 ? alone : a.approvers.first().compareTo(b.approvers.first());
    }
    int order = Integer.toString(a.count).compareTo(Integer.toString(b.count));
    Iterator<String> others = b.approvers.iterator();
    for (String approver : a.approvers) { // no key's text begins with another one's
      if (order != 0 || !others.hasNext()) {
        return order != 0 ? order : 1;
      }
      order = approver.compareTo(others.next());
    }
    return order != 0 || !others.hasNext() ? order : -1;
  }

  /**
   * Reads keys behind {@code approved by}, and perhaps a number.
   *
   * @param counted false if the text gives no number
   */
  static ApprovedBy parse(GrantScanner in, long count, boolean counted) {
    int start = in.peek().start();
    String first = in.peek().text();
    if (in.peek().isText()
        && Stream.of(Algorithm.values()).noneMatch(known -> first.startsWith(known.text()))) {
      throw in.error(
          start,
          "approvers are keys, or a group that the service knows",
          "approved by ed25519/…, or: approved by 1 of group \"finance\"");
    }
    List<PublicKey> keys = in.list(in::key);
    if (!counted && keys.size() > 1) {
      throw in.error(
          start, "several approvers, and not how many of them", "approved by 1 of KEY, KEY");
    }
    return of((int) Math.min(count, Integer.MAX_VALUE), keys.toArray(new PublicKey[0]));
  }

  @Override
  public String toString() {
    return "approved by "
        + (approvers.size() == 1 ? "" : count + " of ")
        + String.join(", ", approvers);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ApprovedBy other
        && count == other.count
        && approvers.equals(other.approvers);
  }

  @Override
  public int hashCode() {
    return 31 * count + approvers.hashCode();
  }
}
