package dev.taper.integrations.http;

import dev.taper.Deadline;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.memory.MemoryShare;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store of asks, asked by few at a time and for a short time ({@link AskTurns}). It remembers
 * whose the asks are that this process took or found, so that to look one up again is that
 * delegator's turn. Thread-safe.
 */
final class AskStore {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** More than the default room has asks of the usual size. */
  private static final int MAX_KNOWN = 16_384;

  private final Asks asks;
  private final Clock clock;
  private final AskTurns turns = new AskTurns();
  private final AskedBefore before = new AskedBefore(this);
  private final Map<String, MemoryShare> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, MemoryShare> eldest) {
              return size() > MAX_KNOWN;
            }
          });

  AskStore(Asks asks, Clock clock) {
    this.asks = asks;
    this.clock = clock;
  }

  /** What holders asked before. */
  AskedBefore before() {
    return before;
  }

  Instant now() {
    return clock.instant();
  }

  /** Keeps a new ask. */
  Asks.Kept add(Ask ask) {
    Asks.Kept kept = within(ask.share(), () -> asks.add(ask, now()));
    if (kept == Asks.Kept.YES) {
      known.put(ask.name(), ask.share());
    }
    return kept;
  }

  /** Finds an ask; null if there is none, or it has ended. */
  @Nullable Ask find(String name) {
    Ask found = within(known.get(name), () -> asks.find(name, now()));
    if (found == null) {
      known.remove(name);
    } else {
      known.put(name, found.share());
    }
    return found;
  }

  /** What there is, the next to end first. */
  List<Ask.Head> heads() {
    return within(null, () -> asks.heads(now()));
  }

  /** Keeps a changed ask. */
  Asks.Kept replace(Ask changed) {
    return within(changed.share(), () -> asks.replace(changed, now()));
  }

  private <T extends @Nullable Object> T within(@Nullable MemoryShare share, Supplier<T> work) {
    return turns.during(share, () -> Deadline.in(PATIENCE).during(work));
  }
}
