package dev.taper.server.issuer;

import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is enrolled now. Asked at every exchange and renewal; must not block. Thread-safe. */
public interface EnrolledAgents {
  /** The agent that has a key; null if nobody enrolled has it. */
  @Nullable EnrolledAgent byKey(PublicKey key);

  /** All of them. */
  List<EnrolledAgent> all();

  /**
   * Some that stay.
   *
   * @throws IllegalArgumentException if two have one key
   */
  static EnrolledAgents of(Collection<EnrolledAgent> agents) {
    Map<PublicKey, EnrolledAgent> byKey = new LinkedHashMap<>();
    for (EnrolledAgent agent : agents) {
      if (byKey.putIfAbsent(agent.key(), agent) != null) {
        throw new IllegalArgumentException("two agents have the key " + agent.key());
      }
    }
    List<EnrolledAgent> all = List.copyOf(byKey.values());
    return new EnrolledAgents() {
      @Override
      public @Nullable EnrolledAgent byKey(PublicKey key) {
        return byKey.get(key);
      }

      @Override
      public List<EnrolledAgent> all() {
        return all;
      }
    };
  }

  /** Those of both; of a key that both know, the first says whose it is. */
  static EnrolledAgents either(EnrolledAgents first, EnrolledAgents second) {
    return new EnrolledAgents() {
      @Override
      public @Nullable EnrolledAgent byKey(PublicKey key) {
        EnrolledAgent found = first.byKey(key);
        return found == null ? second.byKey(key) : found;
      }

      @Override
      public List<EnrolledAgent> all() {
        List<EnrolledAgent> all = new ArrayList<>(first.all());
        for (EnrolledAgent agent : second.all()) {
          if (first.byKey(agent.key()) == null) {
            all.add(agent);
          }
        }
        return List.copyOf(all);
      }
    };
  }
}
