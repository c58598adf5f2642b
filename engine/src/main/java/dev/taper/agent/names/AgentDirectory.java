package dev.taper.agent.names;

import dev.taper.Given;
import dev.taper.crypto.PublicKey;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Knows which keys belong to which names, so that a holder's name is more than its grantor's claim.
 * Implementations must be safe to use from several threads, and must not block.
 */
@FunctionalInterface
public interface AgentDirectory {
  /** True if the key is known to be that holder's. */
  boolean knows(String name, PublicKey key);

  /**
   * Reads the agents of a {@link NamesFile}.
   *
   * @throws dev.taper.TaperException as {@link NamesFile#load}
   */
  static AgentDirectory load(Path file) {
    return NamesFile.load(file).directory();
  }

  /** Makes a fixed directory. */
  static AgentDirectory of(Map<String, ? extends Collection<PublicKey>> keysByName) {
    Map<String, Set<PublicKey>> copy = new HashMap<>();
    Given.that(keysByName, "the map of names to keys")
        .forEach((name, keys) -> copy.put(name, Set.copyOf(keys)));
    return (name, key) -> copy.getOrDefault(name, Set.of()).contains(key);
  }
}
