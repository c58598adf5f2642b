package dev.taper.server.connect;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Signer;
import dev.taper.operations.keeper.KeeperClient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent's own key. Thread-safe.
 *
 * @param signer what signs and proves with it
 * @param keeper who has it, and can ask its user who gets what; null if it is in this process
 */
record OwnKey(Signer signer, @Nullable KeeperClient keeper) {
  /**
   * Makes a part of a token for another agent.
   *
   * @param client whose token is narrowed
   * @param to who it is
   * @param grants what it may do, each an alternative
   * @param end when it ends
   * @param maxDepth how deep the chain may become; null for as deep as it may be now
   * @throws dev.taper.TaperException if a part makes no sense, or is no part
   * @throws dev.taper.operations.OperationException what a keeper says that refuses
   */
  AgentToken narrow(
      AgentClient client, Agent to, List<String> grants, Instant end, @Nullable Integer maxDepth) {
    if (keeper != null) {
      String token = keeper.delegate(client.token().encodeBase64(), to, grants, end, maxDepth);
      return TokenFile.heldBy(to.key(), AgentToken.decode(token));
    }
    Hop hop = Hop.to(to).strict().expiresAt(end);
    for (String grant : grants) {
      hop = hop.grant(grant);
    }
    return client.delegate(maxDepth == null ? hop : hop.maxDepth(maxDepth));
  }
}
