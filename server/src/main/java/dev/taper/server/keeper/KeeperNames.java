package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * To whom tokens can be handed on by name alone. The file of names is read each time, so that a key
 * that was taken out of it gets nothing any more.
 */
final class KeeperNames {
  private final @Nullable Supplier<NamesFile> file;
  private @Nullable NamesFile last; // guarded by this

  KeeperNames(@Nullable Supplier<NamesFile> file) {
    this.file = file;
  }

  /** The file as it is now; null if the keeper was started without. */
  synchronized @Nullable NamesFile read() {
    if (file == null) {
      return null;
    }
    NamesFile now = file.get();
    NamesFile before = last;
    last = before == null ? now : now.notOlderThan(before);
    return last;
  }

  /** The agents of the file, and their keys. */
  JsonFields shown() {
    NamesFile names = read();
    return new JsonFields().put("agents", names == null ? Map.of() : names.agents());
  }

  /** True if an agent has this key in the file, as any of its keys. */
  boolean knows(PublicKey key) {
    NamesFile names = read();
    return names != null && names.agents().values().stream().anyMatch(keys -> keys.contains(key));
  }

  /** True if the file gives an agent of this name this key. */
  boolean knows(Agent agent) {
    NamesFile names = read();
    return names != null
        && names.agents().getOrDefault(agent.name(), Set.of()).contains(agent.key());
  }

  /**
   * The agent of a name.
   *
   * @throws KeeperRefusal {@code unknown_name} if it is not in the file; {@code ambiguous_name} if
   *     it has several keys there, of which somebody has to choose one
   */
  Agent agent(String name) {
    NamesFile names = read();
    Set<PublicKey> keys = names == null ? null : names.agents().get(name);
    if (keys == null) {
      throw KeeperRefusal.of(
          404,
          "unknown_name",
          names == null
              ? "the keeper was started without --names, so it knows nobody by name"
              : "no agent of that name is in the keeper's file of names");
    }
    if (keys.size() != 1) {
      throw KeeperRefusal.of(
          409, "ambiguous_name", "the agent has several keys there: give the one that is meant");
    }
    return Agent.of(name, keys.iterator().next());
  }
}
