package dev.taper.server.connect;

import dev.taper.agent.delegation.AgentToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where tokens go that an agent hands on. Thread-safe. */
@FunctionalInterface
interface Handoff {
  /**
   * Takes a token for its holder.
   *
   * @return what the model is to pass on, because nobody else does; null if nothing
   * @throws IOException if it cannot be left there
   */
  @Nullable String take(AgentToken token) throws IOException;
}
