package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Says how a holder hands its token on: to whom, and what is left of it. A hop can only narrow;
 * what it leaves out, it inherits. Immutable and thread-safe.
 */
@CheckReturnValue
public final class Hop extends DelegationTerms<Hop> {
  /** What becomes of the next key. */
  enum Next {
    /** It is the named agent's. */
    AGENT,
    /** It is another one of the holder's. */
    NEW_KEY,
    /** It stays the holder's. */
    SELF,
    /** It is a throw-away key, whose secret the token carries. */
    BEARER
  }

  private final Next next;
  private final @Nullable Agent agent;
  private final @Nullable PublicKey newKey;
  private final boolean strict;

  private Hop(
      Next next, @Nullable Agent agent, @Nullable PublicKey newKey, boolean strict, Parts parts) {
    super(parts);
    this.next = next;
    this.agent = agent;
    this.newKey = newKey;
    this.strict = strict;
  }

  /** Starts a hop to another agent, who alone can then use and extend the token. */
  public static Hop to(Agent agent) {
    return new Hop(Next.AGENT, agent, null, false, Parts.NONE);
  }

  /**
   * Starts a rotation: the holder goes on with a new key, under its own name. It counts as a
   * hand-over, and the old key never returns in the token. The old token stays good until the old
   * key is {@linkplain dev.taper.revocation.RevocationEntry.Kind#LAST_HOLDER revoked as last
   * holder}.
   *
   * @param newKey a key that the token does not name yet
   */
  public static Hop rotateTo(PublicKey newKey) {
    PublicKey key = Given.that(newKey, "the new key");
    return new Hop(Next.NEW_KEY, null, key, false, Parts.NONE);
  }

  /** Starts a hop to the holder itself, which narrows its own token. */
  public static Hop toSelf() {
    return new Hop(Next.SELF, null, null, false, Parts.NONE);
  }

  /**
   * Starts a hop to a bearer token: everybody who has it can use it and hand it on. There is no way
   * back to a held token.
   */
  public static Hop toBearer() {
    return new Hop(Next.BEARER, null, null, false, Parts.NONE);
  }

  @Override
  Hop with(Parts newParts) {
    return new Hop(next, agent, newKey, strict, newParts);
  }

  /**
   * Returns a copy that is refused where it would have a {@linkplain AgentToken#warnings()
   * warning}: by default a hop that says more than it can give is signed, and has less effect than
   * it says.
   */
  public Hop strict() {
    return new Hop(next, agent, newKey, true, parts());
  }

  /** True if a warning refuses it. */
  boolean isStrict() {
    return strict;
  }

  /**
   * The hop from a holder, by whose name a rotation goes on.
   *
   * @param holder the present holder; null if there is none
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is no other key or no holder
   *     to rotate, or another key is named as if somebody else had the holder's name
   */
  Hop from(@Nullable Agent holder) {
    if (newKey != null) {
      return rotation(newKey, holder);
    }
    if (agent != null
        && holder != null
        && agent.name().equals(holder.name())
        && !agent.key().equals(holder.key())) {
      throw invalid(
          holder + " holds the token with another key; a new key of its own is a rotation");
    }
    return this;
  }

  private Hop rotation(PublicKey key, @Nullable Agent holder) {
    if (holder == null) {
      throw invalid("nobody holds the token, so nobody's key can be rotated");
    }
    if (holder.key().equals(key)) {
      throw invalid(holder + " has this key already; a rotation takes a new one");
    }
    return new Hop(Next.AGENT, new Agent(holder.name(), key), null, strict, parts());
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
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
