package dev.taper.agent.delegation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.crypto.PublicKey;

/**
 * A holder of tokens: a name, and the key that proves who holds a token. The name is what the
 * delegating party calls the key; an {@link AgentDirectory} makes it more than a claim.
 *
 * @param name such as {@code agent:planner} or {@code user:alice@acme.com}
 * @param key the holder's own public key
 */
public record Agent(String name, PublicKey key) {
  /**
   * Checks the name.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is empty, too long, or holds
   *     control characters or ambiguous text
   */
  public Agent {
    Canonical.name(name, "the holder's name");
  }

  /**
   * Makes an agent.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name
   */
  public static Agent of(String name, PublicKey key) {
    return new Agent(name, key);
  }

  /** The name only; a key would be long. */
  @Override
  public String toString() {
    return name;
  }
}
