package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.regex.PatternMemo;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The facts that a verifier states about one tool call, in order. {@link ToolCall#facts()} gives
 * those of the call itself; the verifier adds when, where, by whom and how. Only this type knows
 * their form. Immutable and thread-safe; every method that adds facts returns a changed copy.
 */
public final class CallFacts {
  private static final CallFacts NONE = new CallFacts(List.of());

  /** So many comparisons are one step of work. */
  private static final long FEW = 8;

  /**
   * True if only a verifier may state facts of this name, whatever their number of terms. A token
   * that defines one as a fact or as the head of a rule must be refused: it would answer its own
   * checks.
   */
  public static boolean isReserved(String predicate) {
    return ReservedPredicates.contains(predicate);
  }

  /** The names of all facts that only a verifier may state, in a fixed order. */
  public static List<String> reserved() {
    return ReservedPredicates.names();
  }

  /** The facts that are stated once, so that nothing said later can stand beside them. */
  private enum Single {
    TIME(ReservedPredicates.TIME, 1),
    AUDIENCE(ReservedPredicates.AUDIENCE, 2),
    DEPTH(ReservedPredicates.DEPTH, 4),
    PRESENTED(ReservedPredicates.PRESENTED, 8),
    INVOKER(ReservedPredicates.INVOKER, 16),
    APPROVERS(ReservedPredicates.APPROVERS, 32);

    private final String predicate;
    private final int bit;

    Single(String predicate, int bit) {
      this.predicate = predicate;
      this.bit = bit;
    }
  }

  private final Fact[] facts;

  /** One bit for each fact that is stated once, so that no names have to be compared. */
  private final int stated;

  /** Made when the call is first explained, so that all of an explanation shares one bound. */
  private volatile @Nullable PatternMemo patterns;

  private CallFacts(Fact[] facts, int stated) {
    this.facts = facts;
    this.stated = stated;
  }

  /**
   * @param facts without any that is stated once
   */
  CallFacts(List<Fact> facts) {
    this(facts.toArray(new Fact[0]), 0);
  }

  /** Starts with no facts. */
  public static CallFacts none() {
    return NONE;
  }

  /** The facts, in the order in which they were stated; unmodifiable. */
  public List<Fact> list() {
    return List.of(facts);
  }

  /** The facts of one predicate, in order; empty if there are none. */
  public List<Fact> named(String predicate) {
    List<Fact> found = new ArrayList<>();
    for (Fact fact : facts) {
      if (fact.predicate().name().equals(predicate)) {
        found.add(fact);
      }
    }
    return List.copyOf(found);
  }

  /**
   * Adds {@code time(date)}, in whole seconds.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the time was stated before, or is
   *     before 1970
   */
  public CallFacts time(Clock clock) {
    return once(Single.TIME, Term.Date.of(clock.instant()));
  }

  /**
   * Adds {@code audience(name)}: the service that decides.
   *
   * @param name see {@link Canonical#audience}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the audience was stated before
   */
  public CallFacts audience(String name) {
    return audience(Audience.of(name));
  }

  /**
   * Adds {@code audience(name)}: the service that decides.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the audience was stated before
   */
  public CallFacts audience(Audience audience) {
    return once(Single.AUDIENCE, audience.fact());
  }

  /**
   * Adds {@code depth(hops)}: how often the authority was handed on, 0 for its first holder.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is negative or was stated
   *     before
   */
  public CallFacts depth(int hops) {
    return once(Single.DEPTH, notNegative(hops));
  }

  /**
   * Adds {@code delegation(index, holder, key)}: who held the token at one point of the chain, and
   * with which key in its text form.
   *
   * @param index counted from 0
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the index is negative or was
   *     stated before
   */
  public CallFacts delegation(int index, String holder, PublicKey key) {
    Term.Int term = notNegative(index);
    for (Fact fact : facts) {
      if (fact.predicate().name().equals(ReservedPredicates.DELEGATION)
          && fact.predicate().terms().get(0).equals(term)) {
        throw twice(ReservedPredicates.DELEGATION + "(" + index + ", …)");
      }
    }
    return and(
        Fact.of(
            ReservedPredicates.DELEGATION,
            term,
            new Term.Str(holder),
            new Term.Str(key.toString())));
  }

  /**
   * Adds {@code invoker(holder)}: who makes the call, the last holder of the chain.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the invoker was stated before
   */
  public CallFacts invoker(String holder) {
    return once(Single.INVOKER, new Term.Str(holder));
  }

  /**
   * Adds {@code presented(kind)}: the kind of the token.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the kind was stated before
   */
  public CallFacts presented(Token.Kind manner) {
    return once(Single.PRESENTED, new Term.Str(manner.text()));
  }

  /** Adds {@code budget_store(name)}: the service counts the budgets of that store. */
  public CallFacts budgetStore(String name) {
    return and(Fact.of(ReservedPredicates.BUDGET_STORE, new Term.Str(name)));
  }

  /** Adds {@code holder_verified(holder)}: a directory knows the name's key. */
  public CallFacts holderVerified(String holder) {
    return and(Fact.of(ReservedPredicates.HOLDER_VERIFIED, new Term.Str(holder)));
  }

  /**
   * Adds {@code justified(tool, reason)} and {@code justified_for(seconds)}: the holder gave a
   * reason for using the tool, which is good for a window of that length.
   */
  public CallFacts justified(String tool, String reason, Duration window) {
    return and(Fact.of(ReservedPredicates.JUSTIFIED, new Term.Str(tool), new Term.Str(reason)))
        .and(Fact.of(ReservedPredicates.JUSTIFIED_FOR, new Term.Int(window.toSeconds())));
  }

  /**
   * Adds {@code approvers({key, …})}: whose approvals apply to the call, as the text of their keys,
   * each once.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the approvers were stated before
   */
  public CallFacts approvers(Collection<PublicKey> keys) {
    List<String> texts = new ArrayList<>(keys.size());
    for (PublicKey key : keys) {
      texts.add(key.toString());
    }
    return approversNamed(texts);
  }

  /**
   * Adds the fact of {@link #approvers} with keys in text form, as if they had approved the call.
   *
   * @throws TaperException as {@link #approvers}
   */
  public CallFacts approversNamed(Collection<String> keys) {
    List<Term> texts = new ArrayList<>(keys.size());
    for (String key : keys) {
      texts.add(new Term.Str(key));
    }
    return once(Single.APPROVERS, Term.Set.of(texts));
  }

  /**
   * Adds {@code approved_by(group, {person, …})}: the persons of a group whose approvals apply to
   * the call.
   */
  public CallFacts approvedBy(String group, Collection<String> persons) {
    List<Term> names = new ArrayList<>(persons.size());
    persons.forEach(person -> names.add(new Term.Str(person)));
    return and(Fact.of(ReservedPredicates.APPROVED_BY, new Term.Str(group), Term.Set.of(names)));
  }

  /**
   * Adds facts that were put together before, such as those of a chain, which every call shares.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if something is stated in both that
   *     can be stated only once
   */
  public CallFacts and(CallFacts more) {
    if ((stated & more.stated) != 0) {
      throw twice(common(more).predicate);
    }
    if (more.facts.length == 0) {
      return this;
    }
    Fact[] all = Arrays.copyOf(facts, facts.length + more.facts.length);
    System.arraycopy(more.facts, 0, all, facts.length, more.facts.length);
    return new CallFacts(all, stated | more.stated);
  }

  /**
   * True if a regular expression is found in a text; asked to explain why the call does not fit
   * grants. All such questions about the call share one bound of work.
   *
   * @return false also if that takes more work than is left
   */
  public boolean finds(String pattern, String text) {
    return patterns().find(pattern, text, false);
  }

  /**
   * Counts comparisons of the call's values with those of grants, asked as {@link #finds} is and
   * within the same bound.
   *
   * @return false if that takes more work than is left
   */
  public boolean compares(long values) {
    return patterns().spend(values / FEW);
  }

  PatternMemo patterns() {
    PatternMemo known = patterns;
    if (known == null) {
      synchronized (this) {
        known = patterns;
        if (known == null) {
          known = new PatternMemo();
          patterns = known;
        }
      }
    }
    return known;
  }

  private CallFacts once(Single what, Term value) {
    return once(what, Fact.of(what.predicate, value));
  }

  private CallFacts once(Single what, Fact fact) {
    if ((stated & what.bit) != 0) {
      throw twice(what.predicate);
    }
    return and(fact, stated | what.bit);
  }

  private Single common(CallFacts other) {
    return Arrays.stream(Single.values())
        .filter(single -> (stated & other.stated & single.bit) != 0)
        .findFirst()
        .orElseThrow();
  }

  private CallFacts and(Fact fact) {
    return and(fact, stated);
  }

  private CallFacts and(Fact fact, int nowStated) {
    Fact[] more = Arrays.copyOf(facts, facts.length + 1);
    more[facts.length] = fact;
    return new CallFacts(more, nowStated);
  }

  private static Term.Int notNegative(int number) {
    if (number < 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a count cannot be " + number);
    }
    return new Term.Int(number);
  }

  private static TaperException twice(String what) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, what + " is stated twice");
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof CallFacts other && Arrays.equals(facts, other.facts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(facts);
  }

  /** The facts as Datalog text, one a line, with all values. */
  public String toDatalog() {
    StringBuilder out = new StringBuilder();
    for (Fact fact : facts) {
      out.append(fact).append(";\n");
    }
    return out.toString();
  }

  /** The names of the facts and of their arguments; no value, which may be confidential. */
  @Override
  public String toString() {
    StringJoiner out = new StringJoiner(", ", "CallFacts(", ")");
    for (Fact fact : facts) {
      String name = fact.predicate().name();
      boolean named = name.startsWith("arg") && fact.predicate().terms().get(0) instanceof Term.Str;
      out.add(named ? name + " " + fact.predicate().terms().get(0) : name);
    }
    return out.toString();
  }
}
