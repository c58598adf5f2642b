package dev.taper.integrations.http;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest.Ask;
import dev.taper.agent.approval.ApprovalRequest.Asks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store of asks, asked by few at a time and for a short time: anybody may ask for an id, and must
 * not take a database away from the service's calls. Thread-safe.
 */
final class AskStore {
  private static final int AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Asks asks;
  private final Clock clock;
  private final Semaphore free = new Semaphore(AT_ONCE);

  AskStore(Asks asks, Clock clock) {
    this.asks = asks;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /** Keeps a new ask. */
  Asks.Kept add(Ask ask) {
    return within(() -> asks.add(ask, now()));
  }

  /** Finds an ask; null if there is none, or it has ended. */
  @Nullable Ask find(String name) {
    return within(() -> asks.find(name, now()));
  }

  /** Keeps a changed ask. */
  Asks.Kept replace(Ask changed) {
    return within(() -> asks.replace(changed, now()));
  }

  private <T extends @Nullable Object> T within(Supplier<T> work) {
    if (!free.tryAcquire()) {
      throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "the store of asks is busy");
    }
    try {
      return Deadline.in(PATIENCE).during(work);
    } finally {
      free.release();
    }
  }
}
