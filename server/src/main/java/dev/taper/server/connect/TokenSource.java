package dev.taper.server.connect;

import dev.taper.agent.AgentToken;
import org.jspecify.annotations.Nullable;

/** Where an agent's token comes from, and from where a newer one may come. Thread-safe. */
interface TokenSource {
  /** The token as it is now, held by the agent's own key; null if there is none. */
  @Nullable AgentToken current();
}
