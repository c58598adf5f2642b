package dev.taper.server.issuer;

import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import java.util.Set;

/**
 * An agent that was enrolled, and its key. Immutable and thread-safe.
 *
 * @param name such as {@code agent:planner}
 * @param key the key that it proves exchanges with, and that its tokens are bound to
 * @param clients the ids of the clients, at providers of sign-ins, that are this agent
 */
public record EnrolledAgent(String name, PublicKey key, Set<String> clients) {
  /**
   * Checks the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_REQUEST} if it is ambiguous
   */
  public EnrolledAgent {
    Canonical.name(name, "the agent's name");
    clients = Set.copyOf(clients);
  }

  /** True if a client or an actor that a subject token names is this agent. */
  public boolean isNamed(String party) {
    return name.equals(party) || clients.contains(party);
  }
}
