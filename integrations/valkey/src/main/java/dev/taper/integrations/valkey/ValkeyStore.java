package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.integrations.valkey.answer.StoreReply;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What verifiers must not forget, in a Valkey or Redis server that they share: used proofs, uses of
 * approvals, budgets. What a call claims is one step of the server, and no call waits longer than
 * its {@link dev.taper.Deadline}; one whose answer did not come may be claimed all the same. Each
 * memory is shared as {@link MemoryShare.Room} says, and its bound is exact.
 *
 * <p>A server that may have lost something is noticed: one that was started anew, unless it keeps
 * all that it confirms ({@code appendonly yes}, {@code appendfsync always}), one that was promoted,
 * one that was emptied, one that lacks a key or a change that was confirmed. Proofs, approvals, and
 * budgets with a window are then refused for as long as what was lost could matter; budgets without
 * a window until an operator lets them {@linkplain #begin begin}, which a new store needs, too.
 * Approvals and budgets are always refused by a server that does not keep all that it confirms or
 * may evict it. Thread-safe.
 */
public class ValkeyStore implements AutoCloseable {
  /** The memories of a store. */
  public enum Memory {
    /** Which proofs were used. An entry takes about 300 bytes of the server. */
    PROOFS(0, "used proofs", 1 << 18),
    /** What budgets have spent. A counter takes about 300 bytes, with a window up to 1,000. */
    BUDGETS(1, "budgets", 1 << 20),
    /** How often approvals were used. An entry takes about 300 bytes. */
    APPROVALS(2, "uses of approvals", 1 << 16);

    private final int index;
    private final String shown;
    private final int defaultCapacity;

    Memory(int index, String shown, int defaultCapacity) {
      this.index = index;
      this.shown = shown;
      this.defaultCapacity = defaultCapacity;
    }

    /** The memory that the scripts call by a number. */
    static Memory at(long index) {
      if (index < 0 || index >= values().length) {
        throw StoreReply.strange();
      }
      return values()[(int) index];
    }

    int index() {
      return index;
    }

    String shown() {
      return shown;
    }

    /** How many entries it holds, unless a store is told otherwise. */
    public int defaultCapacity() {
      return defaultCapacity;
    }
  }

  private final StoreWatch watch;
  private final ReplayMemory.Joined proofs;

  ValkeyStore(Builder builder) {
    StoreLimits limits =
        new StoreLimits(builder.window, builder.longestApproval, builder.capacities);
    this.watch = new StoreWatch(builder.address, builder.clock);
    this.proofs = new ValkeyReplayMemory(new StoreClaims(watch, limits));
  }

  /** True if a text is meant as the address of a store in such a server. */
  public static boolean isAddress(String text) {
    return ValkeyAddress.isMeant(text);
  }

  /** A store at an address; relative files start in the working directory. */
  public static Builder at(String address) {
    return at(address, Path.of(""));
  }

  /**
   * A store at an address: {@code valkey://[USER@]HOST[:PORT][?PARAMETERS]}, or {@code rediss://…}
   * with TLS, which a server on another machine needs. The parameters are {@code name} (of the
   * store, {@code default} without it), {@code password-file} or {@code password-env}, {@code ca}
   * (a file of certificates) and {@code tls=off}.
   *
   * @param folder where relative files start
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is none
   */
  public static Builder at(String address, Path folder) {
    return new Builder(
        ValkeyAddress.parse(Given.that(address, "the address"), Given.that(folder, "the folder")));
  }

  /**
   * Remembers used proofs. A verifier that also counts approvals and budgets here takes all that a
   * call needs in one step.
   */
  public ReplayMemory.Joined replayMemory() {
    return proofs;
  }

  /**
   * Counts the uses of approvals.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if the server is known not to keep all
   *     that it confirms
   */
  public ApprovalUses approvalUses() {
    watch.requireDurable();
    return proofs.approvalUses();
  }

  /**
   * Counts budgets.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if the server is known not to keep all
   *     that it confirms
   */
  public Budgets budgets() {
    watch.requireDurable();
    return proofs.budgets();
  }

  /**
   * Lets memories count from now on with what they hold, whatever may have been lost: a new store,
   * or one whose loss an operator takes. Nothing is deleted. What was lost counts no more: a proof
   * or an approval that is forgotten can be used again, and a budget spent again.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the store cannot be used
   */
  public void begin(Set<Memory> memories) {
    watch.begin(Set.copyOf(memories));
  }

  /** Why the store cannot be used now, for operators; null if it can. */
  public @Nullable String problem() {
    return watch.problem();
  }

  /** When the certificate ends that the server last showed; null if it showed none. */
  public @Nullable Instant certificateEnds() {
    return watch.certificateEnds();
  }

  /** Closes the connection; whatever is claimed then is refused. */
  @Override
  public void close() {
    watch.close();
  }

  /** Says how a store is used. All processes that share one say the same. */
  public static final class Builder {
    private final ValkeyAddress address;
    private final Map<Memory, Integer> capacities = new EnumMap<>(Memory.class);
    private AcceptedProofs.Window window = AcceptedProofs.Window.DEFAULT;
    private Duration longestApproval = Duration.ofHours(24);
    private Clock clock = Clock.systemUTC();

    Builder(ValkeyAddress address) {
      this.address = address;
    }

    /** The window in which the verifiers accept proofs; by default theirs. */
    public Builder proofWindow(AcceptedProofs.Window window) {
      this.window = Given.that(window, "the window of proofs");
      return this;
    }

    /** How long an approval lasts at most that the verifiers take; by default 24 hours. */
    public Builder longestApproval(Duration longest) {
      this.longestApproval = Given.that(longest, "the longest time of approvals");
      return this;
    }

    /**
     * How many entries a memory holds at most.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
     */
    public Builder capacity(Memory memory, int capacity) {
      capacities.put(memory, MemoryShare.Room.checked(capacity));
      return this;
    }

    /** The time at which a loss is noted; by default the system's. */
    public Builder clock(Clock clock) {
      this.clock = Given.that(clock, "the clock");
      return this;
    }

    /**
     * Opens the store. If it cannot be reached, or not be used, claims are refused until it can.
     */
    public ValkeyStore open() {
      return new ValkeyStore(this);
    }
  }
}
