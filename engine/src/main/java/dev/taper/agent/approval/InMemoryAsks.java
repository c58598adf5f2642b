package dev.taper.agent.approval;

import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps asks in this process: for a service of one machine, which forgets them when it starts anew.
 * Its room is bounded in bytes, and shared as {@link MemoryShare.Room} says. Thread-safe; a new ask
 * takes time in proportion to how many there are.
 */
final class InMemoryAsks implements Asks {
  private final long room;
  private final Map<String, Sized> asks = new HashMap<>(); // guarded by this

  /** An ask, and how many bytes it takes. */
  private record Sized(Ask ask, long size) {}

  InMemoryAsks(long room) {
    this.room = Asks.checked(room);
  }

  @Override
  public synchronized Kept add(Ask ask, Instant now) {
    asks.values().removeIf(one -> !now.isBefore(one.ask.until()));
    Sized sized = new Sized(ask, ask.size());
    if (!fill(ask.share()).hasRoom(sized.size, room, Ask.OVERHEAD)) {
      return Kept.NO_ROOM;
    }
    return asks.putIfAbsent(ask.name(), sized) == null ? Kept.YES : Kept.CHANGED;
  }

  private MemoryShare.Room fill(MemoryShare share) {
    long total = 0;
    long ofDelegator = 0;
    long ofAuthority = 0;
    Set<String> delegators = new HashSet<>(Set.of(share.delegator()));
    Set<String> authorities = new HashSet<>(Set.of(share.authority()));
    for (Sized one : asks.values()) {
      MemoryShare its = one.ask.share();
      total += one.size;
      delegators.add(its.delegator());
      if (its.delegator().equals(share.delegator())) {
        ofDelegator += one.size;
        authorities.add(its.authority());
        ofAuthority += its.authority().equals(share.authority()) ? one.size : 0;
      }
    }
    return new MemoryShare.Room(
        total, delegators.size(), ofDelegator, authorities.size(), ofAuthority);
  }

  @Override
  public synchronized @Nullable Ask find(String name, Instant now) {
    Sized found = asks.get(name);
    return found == null || !now.isBefore(found.ask.until()) ? null : found.ask;
  }

  @Override
  public synchronized List<Ask.Head> heads(Instant now) {
    return asks.values().stream()
        .map(Sized::ask)
        .filter(ask -> now.isBefore(ask.until()))
        .map(ask -> new Ask.Head(ask.name(), ask.until(), ask.revision()))
        .sorted(Comparator.comparing(Ask.Head::until).thenComparing(Ask.Head::name))
        .toList();
  }

  @Override
  public synchronized Kept replace(Ask changed, Instant now) {
    Ask before = find(changed.name(), now);
    if (before == null || before.revision() != changed.revision() - 1) {
      return Kept.CHANGED;
    }
    Sized sized = new Sized(changed, changed.size());
    if (fill(changed.share()).total() - before.size() + sized.size > room) {
      return Kept.NO_ROOM;
    }
    asks.put(changed.name(), sized);
    return Kept.YES;
  }
}
