package dev.taper.server.connect;

import dev.taper.agent.delegation.AgentToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The works that were left for an agent, at one moment. Not thread-safe. */
final class HandedWorks {
  /** The most works of which a model is told. */
  private static final int MAX_LISTED = 32;

  private final Instant now;
  private final Map<HandedWork, List<HandedToken>> tokens = new HashMap<>();
  private final Map<String, List<HandedWork>> byName = new HashMap<>();
  private final Map<String, HandedWork> byLongName = new HashMap<>();
  private final List<HandedToken> unverified = new ArrayList<>();

  HandedWorks(Collection<HandedToken> all, Instant now) {
    this.now = now;
    for (HandedToken one : all) {
      if (one.isVerified()) {
        tokens.computeIfAbsent(one.work(), work -> new ArrayList<>()).add(one);
      } else if (one.isAlive(now)) {
        unverified.add(one);
      }
    }
    for (HandedWork work : tokens.keySet()) {
      byName.computeIfAbsent(work.name(), name -> new ArrayList<>()).add(work);
      byLongName.put(work.longName(), work);
    }
  }

  /** The token that is used for a work; null if there is none. */
  @Nullable AgentToken token(@Nullable HandedWork work) {
    List<HandedToken> found = work == null ? null : tokens.get(work);
    return found == null ? null : Collections.max(found, HandedToken.order(now)).token();
  }

  /** True if a token for the work has not ended. */
  boolean isAlive(@Nullable HandedWork work) {
    return work != null
        && tokens.getOrDefault(work, List.of()).stream().anyMatch(one -> one.isAlive(now));
  }

  /** The only work that has not ended, or the only one at all; null if there are several. */
  @Nullable HandedWork only() {
    return only(tokens.keySet());
  }

  /**
   * The work of a name; null if there is none, or several have it. A long name comes first: what
   * another work is called takes nothing from it.
   */
  @Nullable HandedWork named(String name) {
    HandedWork exact = byLongName.get(name);
    return exact == null ? only(byName.getOrDefault(name, List.of())) : exact;
  }

  private @Nullable HandedWork only(Collection<HandedWork> works) {
    List<HandedWork> active = works.stream().filter(this::isAlive).toList();
    Collection<HandedWork> candidates = active.isEmpty() ? works : active;
    return candidates.size() == 1 ? candidates.iterator().next() : null;
  }

  /** The names of those that have not ended, but for one: each names one work. */
  List<String> others(@Nullable HandedWork chosen) {
    return tokens.keySet().stream()
        .filter(work -> !work.equals(chosen) && isAlive(work))
        .map(work -> isOnlyOfItsName(work) ? work.name() : work.longName())
        .sorted()
        .limit(MAX_LISTED)
        .toList();
  }

  private boolean isOnlyOfItsName(HandedWork work) {
    return work.equals(named(work.name()))
        && byName.getOrDefault(work.name(), List.of()).size() == 1;
  }

  /** What those that have not ended claim to be for, and that is not verified. */
  List<String> unverified() {
    return unverified.stream()
        .map(one -> one.work().name())
        .distinct()
        .sorted()
        .limit(MAX_LISTED)
        .toList();
  }
}
