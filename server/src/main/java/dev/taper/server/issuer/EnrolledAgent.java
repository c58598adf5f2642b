package dev.taper.server.issuer;

import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import java.util.Set;

/**
 * An agent that was enrolled, and its key. Immutable and thread-safe.
 *
 * @param name such as {@code agent:planner}
 * @param key the key that it proves exchanges with, and that its tokens are bound to
 * @param clients the clients that are this agent
 */
public record EnrolledAgent(String name, PublicKey key, Set<Client> clients) {
  /**
   * A client at one provider. At another one, whoever may register clients there can choose the
   * same id.
   *
   * @param provider the provider, as in the {@code iss} of its tokens
   * @param id as in the {@code azp} of tokens that it issues to the client
   */
  public record Client(String provider, String id) {}

  /**
   * Checks the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_REQUEST} if it is ambiguous
   */
  public EnrolledAgent {
    Canonical.name(name, "the agent's name");
    clients = Set.copyOf(clients);
  }

  /** True if the agent calls itself so: by its name, or as one of its clients. */
  boolean isCalled(String party) {
    return name.equals(party) || clients.stream().anyMatch(client -> client.id().equals(party));
  }

  /** True if a provider's client is this agent. */
  boolean isClient(String provider, String id) {
    return clients.contains(new Client(provider, id));
  }
}
