package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.agent.AgentToken;

/**
 * What a token in the hand-over folder is for: a newer token for the same work takes the place of
 * an older one, and no other does. Immutable and thread-safe.
 *
 * @param delegator whose authority it is
 * @param task on what
 */
record HandedWork(String delegator, String task) {
  private static final int MAX_DISPLAY_CHARS = 4096;

  static HandedWork of(AgentToken token) {
    return new HandedWork(token.chain().delegator(), token.chain().task().id());
  }

  /**
   * What people and models call it. Two works can have one name, if what they are for has the word
   * {@code for} in it; such a name chooses neither.
   */
  String name() {
    return ShownText.of(task + " for " + delegator, MAX_DISPLAY_CHARS);
  }
}
