package dev.taper.server.issuer;

import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Lets things be used once: subject tokens, codes. What is used is remembered until it has ended by
 * itself; a full memory refuses and forgets nothing. Thread-safe.
 */
public final class Once {
  /**
   * A memory takes what was made before the last that it forgot for used. These end at times of
   * their own, so each counts as made a fixed time before its end: forgetting goes by that order.
   */
  private static final Duration BEFORE = Duration.ofDays(1);

  private final ReplayMemory memory;
  private final Clock clock;

  /** Remembers in a memory that holds nothing else. */
  public Once(ReplayMemory memory, Clock clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * Uses something, once.
   *
   * @param id names it among all others
   * @param until when it ends by itself
   * @param provider whose part of the memory it takes: who may state people without end must leave
   *     room to others
   * @param delegator whose part of that
   * @return false if it was used before
   * @throws dev.taper.TaperException if there is no room, or it cannot be found out
   */
  public boolean take(String id, Instant until, String provider, String delegator) {
    byte[] digest = Digests.sha256(id.getBytes(StandardCharsets.UTF_8));
    Instant end = Instant.ofEpochMilli(until.toEpochMilli());
    ReplayMemory.Use use =
        new ReplayMemory.Use(HexFormat.of().formatHex(digest), end.minus(BEFORE), end);
    MemoryShare share = MemoryShare.of(provider, delegator.getBytes(StandardCharsets.UTF_8));
    return memory.claim(use, share, clock.instant());
  }
}
