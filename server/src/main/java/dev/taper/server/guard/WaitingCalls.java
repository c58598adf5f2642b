package dev.taper.server.guard;

import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of all clients wait for the server at once. Each keeps a connection of its
 * client, of which there are only so many, and a server may take long: so no delegator has all of
 * them. Those whose delegator nobody knows share one part. Thread-safe.
 */
final class WaitingCalls {
  /** Fewer than there are connections, so that whoever is refused is told. */
  static final int MOST = 448;

  /** Whoever sent what needs no token. */
  static final String STRANGERS = "";

  private final int most;
  private final Map<String, Integer> parties = new HashMap<>(); // guarded by this
  private int total; // guarded by this

  WaitingCalls() {
    this(MOST);
  }

  WaitingCalls(int most) {
    this.most = most;
  }

  /**
   * Takes a place. Up to half of them nobody is limited; above that, each delegator has all divided
   * by the number of delegators and one, as in other memories.
   *
   * @return false if there is none for this delegator
   */
  synchronized boolean take(String delegator) {
    int own = parties.getOrDefault(delegator, 0);
    int all = parties.size() + (own == 0 ? 1 : 0);
    if (total >= most || (2 * (total + 1) > most && own + 1 > Math.max(1, most / (all + 1)))) {
      return false;
    }
    parties.put(delegator, own + 1);
    total++;
    return true;
  }

  /**
   * Takes a place until something is known.
   *
   * @return the same, for what goes on without the place; null if there is none for this delegator
   */
  <T> @Nullable CompletableFuture<T> during(String delegator, CompletableFuture<T> known) {
    return take(delegator) ? known.whenComplete((found, error) -> leave(delegator)) : null;
  }

  /**
   * Whose place a request takes before it is judged: that of its token's delegator, if the token is
   * good. Nobody has shown a proof by then, so whoever saw a token takes that delegator's alone.
   */
  static String party(McpGuard guard, RpcMessage.Request request) {
    if (request.params() == null) {
      return STRANGERS;
    }
    try {
      DelegationChain chain = guard.standing(McpMeta.credentials(request.params()).token()).chain();
      return chain == null ? STRANGERS : chain.party();
    } catch (RefusedException | RuntimeException e) { // it is refused later, with a reason
      return STRANGERS;
    }
  }

  /** Gives a place back. */
  synchronized void leave(String delegator) {
    parties.computeIfPresent(delegator, (same, own) -> own == 1 ? null : own - 1);
    total--;
  }
}
