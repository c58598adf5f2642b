package dev.taper.server.connect;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentClient;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Hop;
import dev.taper.operations.keeper.KeeperClient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a part of a token is made for another agent. Thread-safe. */
@FunctionalInterface
interface Narrowing {
  /**
   * What another agent gets.
   *
   * @param to who it is
   * @param grants what it may do, each an alternative
   * @param end when it ends
   * @param maxDepth how deep the chain may become; null for as deep as it may be now
   */
  record Part(Agent to, List<String> grants, Instant end, @Nullable Integer maxDepth) {
    /** Copies the list. */
    public Part {
      grants = List.copyOf(grants);
    }
  }

  /**
   * Makes the other agent's token.
   *
   * @param client whose token is narrowed
   * @throws dev.taper.TaperException if a part makes no sense, or is no part
   * @throws dev.taper.operations.OperationException what a keeper says that refuses
   */
  AgentToken narrow(AgentClient client, Part part);

  /** With the key that the agent's side has. */
  static AgentToken here(AgentClient client, Part part) {
    Hop hop = Hop.to(part.to()).strict().expiresAt(part.end());
    for (String grant : part.grants()) {
      hop = hop.grant(grant);
    }
    return client.delegate(part.maxDepth() == null ? hop : hop.maxDepth(part.maxDepth()));
  }

  /** With a key that a keeper has, which can ask its user who gets what. */
  static Narrowing by(KeeperClient keeper) {
    return (client, part) -> {
      String token =
          keeper.delegate(
              client.token().encodeBase64(), part.to(), part.grants(), part.end(), part.maxDepth());
      return TokenFile.heldBy(part.to().key(), AgentToken.decode(token));
    };
  }
}
