package dev.taper.assurance.world;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store that all verifiers share: a process with a disk. It does what it is asked one after the
 * other, writes that down, and answers; when it starts again, it does all over again what its disk
 * has. One that keeps its promise waits for the disk before it answers. One that does not loses the
 * last writes when it dies; it says so, and refuses whatever the loss could matter for. For one
 * thread.
 */
final class Store {
  /** How far a holder's clock may be ahead, as verifiers accept proofs. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private final WorldTime time;
  private final Supplier<StoreContent> empty;
  private final boolean keeps;
  private final boolean saysWhatItLost;
  private final List<Function<ReplayMemory.Joined, ?>> disk = new ArrayList<>();

  private StoreContent content;
  private int safe;
  private long upAt;
  private boolean down;
  private boolean isRecovering;
  private Instant lostUntil = Instant.MIN;

  /**
   * A store.
   *
   * @param empty makes an empty content
   * @param keeps true if what it answered is on the disk
   * @param saysWhatItLost true if it refuses what it may have lost
   */
  Store(WorldTime time, Supplier<StoreContent> empty, boolean keeps, boolean saysWhatItLost) {
    this.time = time;
    this.empty = empty;
    this.keeps = keeps;
    this.saysWhatItLost = saysWhatItLost;
    this.content = empty.get();
  }

  /** True if approvals and budgets can be counted in it. */
  boolean keeps() {
    return keeps || !saysWhatItLost;
  }

  /** Dies, and is back no sooner than then. */
  void crash(long until) {
    down = true;
    upAt = until;
  }

  /** The disk takes all that was written so far. */
  void sync() {
    safe = disk.size();
  }

  /** True while it does again what its disk has, and nothing else happens. */
  boolean isRecovering() {
    return isRecovering;
  }

  /** True if it answers now. */
  boolean isUp() {
    return !down;
  }

  /**
   * Starts again if it is time to.
   *
   * @return how many answered writes are lost; null if it did not start
   */
  @Nullable Integer startIfDue() {
    if (!down || time.millis() < upAt) {
      return null;
    }
    int lost = keeps ? 0 : disk.size() - safe;
    disk.subList(disk.size() - lost, disk.size()).clear();
    content = empty.get();
    isRecovering = true;
    disk.forEach(this::again);
    isRecovering = false;
    if (lost > 0) {
      lostUntil = time.now().plus(AHEAD);
    }
    down = false;
    return lost;
  }

  private void again(Function<ReplayMemory.Joined, ?> write) {
    Object answered = write.apply(content);
    if (answered == null) {
      throw new IllegalStateException("every step of a store has an answer");
    }
  }

  /** Does something, and writes it down. */
  <T> T does(Function<ReplayMemory.Joined, T> work) {
    T answer = work.apply(content);
    disk.add(work);
    if (keeps) {
      sync();
    }
    return answer;
  }

  /** Refuses a proof that may be among those that were lost. */
  void requireKnown(ReplayMemory.@Nullable Use proof) {
    if (saysWhatItLost && proof != null && !proof.issuedAt().isAfter(lostUntil)) {
      throw new TaperException(
          ErrorCode.REPLAY_CACHE_UNAVAILABLE, "the store may have lost proofs of that time");
    }
  }
}
