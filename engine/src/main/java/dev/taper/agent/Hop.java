package dev.taper.agent;

import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Says how a holder hands its token on: to whom, and what is left of it. A hop can only narrow;
 * what it leaves out, it inherits. Immutable and thread-safe.
 */
public final class Hop extends DelegationTerms<Hop> {
  /** What becomes of the next key. */
  enum Next {
    /** It is the named agent's. */
    AGENT,
    /** It stays the holder's. */
    SELF,
    /** It is a throw-away key, whose secret the token carries. */
    BEARER
  }

  private final Next next;
  private final @Nullable Agent agent;

  private Hop(Next next, @Nullable Agent agent, Parts parts) {
    super(parts);
    this.next = next;
    this.agent = agent;
  }

  /** Starts a hop to another agent, who alone can then use and extend the token. */
  public static Hop to(Agent agent) {
    return new Hop(Next.AGENT, agent, Parts.NONE);
  }

  /** Starts a hop to the holder itself, which narrows its own token. */
  public static Hop toSelf() {
    return new Hop(Next.SELF, null, Parts.NONE);
  }

  /**
   * Starts a hop to a bearer token: everybody who has it can use it and hand it on. There is no way
   * back to a held token.
   */
  public static Hop toBearer() {
    return new Hop(Next.BEARER, null, Parts.NONE);
  }

  @Override
  Hop with(Parts newParts) {
    return new Hop(next, agent, newParts);
  }

  Next next() {
    return next;
  }

  /** The next holder, if the hop names one. */
  @Nullable Agent agent() {
    return agent;
  }

  /** The hop's block. */
  Block block(Clock clock) {
    Block.Builder block = Block.builder();
    if (agent != null) {
      block.fact(Profile.HOLDER, new Term.Str(agent.name()));
    }
    addChecks(block, clock);
    return block.build();
  }
}
