package dev.taper.agent.request;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts that a verifier states about one request, in order. {@link Invocation#facts()} gives
 * those of the call itself; the verifier adds when, where, by whom and how. This type is the one
 * place that knows their form. Immutable and thread-safe.
 */
public final class RequestFacts {
  private static final RequestFacts NONE = new RequestFacts(new Fact[0]);

  /** What is stated once, so that nothing said later can stand beside it. */
  private static final Set<String> SINGLE =
      Set.of(
          ReservedPredicates.TIME,
          ReservedPredicates.AUDIENCE,
          ReservedPredicates.DEPTH,
          ReservedPredicates.PRESENTED,
          ReservedPredicates.INVOKER);

  private final Fact[] facts;

  /**
   * @param facts nobody else has the array
   */
  private RequestFacts(Fact[] facts) {
    this.facts = facts;
  }

  RequestFacts(List<Fact> facts) {
    this(facts.toArray(new Fact[0]));
  }

  /** No facts yet. */
  public static RequestFacts none() {
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
   * The same with {@code time(date)}, in whole seconds.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the time was stated before, or is
   *     before 1970
   */
  public RequestFacts time(Clock clock) {
    return once(Fact.of(ReservedPredicates.TIME, Term.Date.of(clock.instant())));
  }

  /**
   * The same with {@code audience(name)}: the service that decides.
   *
   * @param name see {@link Canonical#audience}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the audience was stated before
   */
  public RequestFacts audience(String name) {
    return audience(Audience.of(name));
  }

  /**
   * The same with {@code audience(name)}: the service that decides.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the audience was stated before
   */
  public RequestFacts audience(Audience audience) {
    return once(audience.fact());
  }

  /**
   * The same with {@code depth(hops)}: how often the authority was handed on, 0 for its first
   * holder.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is negative or was stated
   *     before
   */
  public RequestFacts depth(int hops) {
    return once(Fact.of(ReservedPredicates.DEPTH, notNegative(hops)));
  }

  /**
   * The same with {@code delegation(index, holder, key)}: who held the token at one point of the
   * chain, and with which key in its text form.
   *
   * @param index counted from 0
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the index is negative or was
   *     stated before
   */
  public RequestFacts delegation(int index, String holder, PublicKey key) {
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
   * The same with {@code invoker(holder)}: who makes the call, the last holder of the chain.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the invoker was stated before
   */
  public RequestFacts invoker(String holder) {
    return once(Fact.of(ReservedPredicates.INVOKER, new Term.Str(holder)));
  }

  /**
   * The same with {@code presented(manner)}.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the manner was stated before
   */
  public RequestFacts presented(Presentation manner) {
    return once(Fact.of(ReservedPredicates.PRESENTED, new Term.Str(manner.text())));
  }

  /** The same with {@code holder_verified(holder)}: a directory knows the name's key. */
  public RequestFacts holderVerified(String holder) {
    return and(Fact.of(ReservedPredicates.HOLDER_VERIFIED, new Term.Str(holder)));
  }

  /**
   * The same with {@code justified(tool, reason)} and {@code justified_for(seconds)}: the holder
   * gave a reason for using the tool, which is good for a window of so long.
   */
  public RequestFacts justified(String tool, String reason, Duration window) {
    return and(Fact.of(ReservedPredicates.JUSTIFIED, new Term.Str(tool), new Term.Str(reason)))
        .and(Fact.of(ReservedPredicates.JUSTIFIED_FOR, new Term.Int(window.toSeconds())));
  }

  /**
   * The same with {@code approvers({key, …})}: whose approvals apply to the call, as the text of
   * their keys, each once.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the approvers were stated before
   */
  public RequestFacts approvers(Collection<PublicKey> keys) {
    List<Term> texts = new ArrayList<>(keys.size());
    for (PublicKey key : keys) {
      texts.add(new Term.Str(key.toString()));
    }
    return once(Fact.of(ReservedPredicates.APPROVERS, Term.Set.of(texts)));
  }

  /**
   * The same with facts that were put together before, such as those of a chain, which are the same
   * for every call.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if something is stated in both that
   *     can be stated only once
   */
  public RequestFacts and(RequestFacts more) {
    for (Fact fact : more.facts) {
      if (SINGLE.contains(fact.predicate().name())) {
        requireNew(fact.predicate().name());
      }
    }
    Fact[] all = Arrays.copyOf(facts, facts.length + more.facts.length);
    System.arraycopy(more.facts, 0, all, facts.length, more.facts.length);
    return new RequestFacts(all);
  }

  private RequestFacts once(Fact fact) {
    requireNew(fact.predicate().name());
    return and(fact);
  }

  private RequestFacts and(Fact fact) {
    Fact[] more = Arrays.copyOf(facts, facts.length + 1);
    more[facts.length] = fact;
    return new RequestFacts(more);
  }

  private void requireNew(String name) {
    for (Fact fact : facts) {
      if (fact.predicate().name().equals(name)) {
        throw twice(name);
      }
    }
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
    return o instanceof RequestFacts other && Arrays.equals(facts, other.facts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(facts);
  }

  /** The facts as Datalog text, one a line. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Fact fact : facts) {
      out.append(fact).append(";\n");
    }
    return out.toString();
  }
}
