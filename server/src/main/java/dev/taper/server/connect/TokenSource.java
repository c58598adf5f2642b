package dev.taper.server.connect;

import dev.taper.agent.delegation.AgentToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an agent's token comes from, and from where a newer one may come. Thread-safe. */
interface TokenSource {
  /** The token as it is now, held by the agent's own key; null if there is none. */
  @Nullable AgentToken current();

  /**
   * Names what else could be used and is not, because nobody chose it; empty where there is one
   * token alone.
   */
  default List<String> others() {
    return List.of();
  }

  /** Names what was left, is not verified, and so is never used. */
  default List<String> unverified() {
    return List.of();
  }

  /** What the operator chose, by its name; null if nothing. */
  default @Nullable String pinned() {
    return null;
  }

  /**
   * Uses another token from now on.
   *
   * @param name one of {@link #others}
   * @return false if there is none of that name, or several, or the operator chose
   */
  default boolean use(String name) {
    return false;
  }
}
