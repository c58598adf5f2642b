package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a person or a service lets a first holder do, for one task. Made with {@link #by}; minted by
 * an {@link Issuer}. Immutable and thread-safe.
 */
@CheckReturnValue
public final class Delegation extends DelegationTerms<Delegation> {
  private final String delegator;
  private final @Nullable Agent holder;
  private final @Nullable Task task;
  private final boolean neverExpires;

  private Delegation(
      String delegator,
      @Nullable Agent holder,
      @Nullable Task task,
      boolean neverExpires,
      Parts parts) {
    super(parts);
    this.delegator = delegator;
    this.holder = holder;
    this.task = task;
    this.neverExpires = neverExpires;
  }

  /**
   * Starts a delegation of somebody's authority.
   *
   * @param delegator such as {@code user:alice@acme.com}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if the name is ambiguous
   */
  public static Delegation by(String delegator) {
    return new Delegation(
        Canonical.name(delegator, "the delegator"), null, null, false, Parts.NONE);
  }

  @Override
  Delegation with(Parts newParts) {
    return new Delegation(delegator, holder, task, neverExpires, newParts);
  }

  /** Names the first holder: an agent, or the person's own key. */
  public Delegation to(Agent newHolder) {
    return new Delegation(delegator, newHolder, task, neverExpires, parts());
  }

  /** Names the task. */
  public Delegation task(String id) {
    return task(new Task(id, null));
  }

  /** Names the task and its purpose. */
  public Delegation task(String id, String purpose) {
    return task(new Task(id, purpose));
  }

  /** Names the task. */
  public Delegation task(Task newTask) {
    return new Delegation(delegator, holder, newTask, neverExpires, parts());
  }

  /** Leaves out an end, which otherwise is mandatory: the token is good until it is revoked. */
  public Delegation withoutExpiry() {
    return new Delegation(delegator, holder, task, true, parts());
  }

  /**
   * The first holder.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if none was named
   */
  Agent holder() {
    if (holder == null) {
      throw missing("a holder: to(agent)");
    }
    return holder;
  }

  /** The authority block. */
  Block block(Clock clock) {
    if (task == null) {
      throw missing("a task: task(id)");
    }
    if (parts().grants().isEmpty()) {
      throw missing("a grant: grant(…), or grant(Grant.anyTool()) for everything");
    }
    if (!neverExpires && !expires()) {
      throw missing("an end: expiresIn(…), or withoutExpiry()");
    }
    Block.Builder block =
        Block.builder()
            .context(Profile.CONTEXT)
            .fact(Profile.DELEGATOR, new Term.Str(delegator))
            .fact(Profile.HOLDER, new Term.Str(holder().name()))
            .fact(Profile.TASK, new Term.Str(task.id()));
    if (task.purpose() != null) {
      block.fact(Fact.of(Profile.PURPOSE, new Term.Str(task.purpose())));
    }
    addChecks(block, clock);
    return block.build();
  }

  private static TaperException missing(String what) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, "a delegation needs " + what);
  }

  /**
   * Something about a hop that is allowed but probably not meant. A hop cannot widen: what it says
   * beyond its parent has no effect.
   *
   * @param kind what is odd
   * @param text a sentence for people
   */
  public record Warning(Kind kind, String text) {
    /** What can be odd about a hop. */
    public enum Kind {
      /** The hop names something that its parent does not allow. */
      WIDER,
      /** Nothing can ever match what the hop leaves. */
      CONTRADICTION,
      /** The hop ends later than its parent. */
      OUTLIVES_PARENT,
      /** What the hop hands on has ended already. */
      EXPIRED,
      /** The hop goes deeper than the chain allows. */
      TOO_DEEP,
      /** A regular expression means something else in other libraries of the format. */
      REGEX_DIALECT;

      /** The kind in lower case, as printed and logged. */
      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String toString() {
      return kind.text() + ": " + text;
    }
  }
}
