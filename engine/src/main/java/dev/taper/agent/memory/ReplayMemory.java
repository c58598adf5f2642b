package dev.taper.agent.memory;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which proofs were used, each until its window ends. "Once" means once among all
 * verifiers that share the memory; {@link #inMemory} is for one process. What it holds is bounded,
 * and shared by {@link MemoryShare.Room}: it never forgets what could still be used, and refuses
 * when it is full. The window and the clock are the verifier's ({@link AcceptedProofs}). Used from
 * any thread. A memory that may wait gives up at {@link dev.taper.Deadline#current}, with {@link
 * ErrorCode#REPLAY_CACHE_UNAVAILABLE}.
 */
public interface ReplayMemory {
  /** The most bytes that {@link #inMemory()} takes, in a heap of at least four times as many. */
  long DEFAULT_BYTES = 1 << 26;

  /**
   * A memory of this process, as {@link #inMemory(long)} makes it, of {@link #DEFAULT_BYTES} or a
   * quarter of the heap, whichever is less. In a heap of 256 MiB it carries 10,000 allowed calls a
   * second with the default window, of one delegator or of a thousand.
   */
  static ReplayMemory inMemory() {
    return InMemoryReplayMemory.of();
  }

  /**
   * A memory of this process. One per service; several machines that serve one audience each accept
   * a proof once, so what must happen once over all of them needs a memory that they share, or an
   * idempotent tool. A process that is restarted has forgotten all uses.
   *
   * <p>It takes little at first, and gives back what it needs no more. A used proof takes 50 bytes,
   * a delegator that has any 320 more, and an authority block that has any 220 more. Every use
   * takes amortized constant time under one lock.
   *
   * @param bytes the most that it takes of the heap, from 65,536 to half of the heap; for n allowed
   *     calls a second of one delegator, 58 times n times the whole window in seconds
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for another number
   */
  static ReplayMemory inMemory(long bytes) {
    return InMemoryReplayMemory.of(bytes);
  }

  /** A memory in a folder, with room for 65,536 proofs. */
  static ReplayMemory inFolder(Path folder) {
    return inFolder(folder, FolderReplayMemory.DEFAULT_CAPACITY);
  }

  /**
   * A memory in a folder, for all processes of a machine that share it and from run to run. A use
   * is on the disk before it counts, and what a crash interrupts is at most one use that nobody was
   * told of. The folder must be on a disk of the machine: locks on network disks are not to be
   * relied on. Each use takes as long as the disk, and 76 bytes.
   *
   * @param folder the folder, made when it is needed, which others than its owner must not be able
   *     to change
   * @param capacity the most proofs to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  static ReplayMemory inFolder(Path folder, int capacity) {
    return new FolderReplayMemory(folder, capacity);
  }

  /**
   * True if this process knows by itself that a proof was used. Nothing is claimed, and a memory
   * that others share is not asked, only at the {@linkplain #claim claim}. By default false.
   */
  default boolean known(Use use) {
    return false;
  }

  /**
   * Uses a proof, once. Of several callers at the same time, one at most succeeds. A memory that
   * has forgotten proofs which were made as late as this one, because they had ended by another
   * clock or in another window, takes it for used.
   *
   * @param use a proof that is good in time and signature
   * @param share whose part of the memory it takes
   * @param now the verifier's time: what ended by then may be forgotten
   * @return false if the proof was used before
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL} if there is no room to remember it,
   *     {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE} if it cannot be found out; the call is refused
   */
  @CheckReturnValue
  boolean claim(Use use, MemoryShare share, Instant now);

  /**
   * True if asking the memory may wait for something outside of this process, as for a disk or a
   * database: a verifier then gives each call a deadline, and reports how the memory fares. By
   * default it may.
   */
  default boolean mayWait() {
    return true;
  }

  /** How full the memory is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }

  /**
   * A replay memory whose store also counts budgets and the uses of approvals, and takes all that
   * one call needs of them in one step. A verifier that gets all its memories from one such store
   * ({@link dev.taper.agent.decision.VerifierBuilder#replayMemory replayMemory}(it), {@link
   * dev.taper.agent.decision.VerifierBuilder#budgets budgets}(name, it.budgets()) for one name,
   * {@link dev.taper.agent.decision.VerifierBuilder#approvalUses approvalUses}(it.approvalUses()))
   * asks it once for a call, not three times; one that has any memory from elsewhere asks each by
   * itself.
   */
  interface Joined extends ReplayMemory {
    /** The budgets of the store; always the same object. */
    Budgets budgets();

    /** The uses of approvals of the store; always the same object. */
    ApprovalUses approvalUses();

    /**
     * Takes what one call needs, with the same result as these steps, of which the first that
     * refuses is the last:
     *
     * <ol>
     *   <li>{@link ReplayMemory#claim} of the proof, which stays used whatever follows,
     *   <li>{@link Budgets#charge} of the charges,
     *   <li>{@link ApprovalUses#claim} of the approvals; if that refuses, the charges are given
     *       back.
     * </ol>
     *
     * @param proof the proof to use; null if none is, or it was used in an earlier step of the call
     * @param charges of distinct counters; may be empty
     * @param approvals distinct approvals; may be empty
     * @param share whose part of the store new entries take
     * @param now the verifier's time
     * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL}, with nothing taken; {@link
     *     ErrorCode#BUDGETS_FULL} or {@link ErrorCode#APPROVAL_USES_FULL}, with the proof used and
     *     nothing else taken; another code if it cannot be found out, when some of it may be taken
     *     that nobody was told of; the call is refused
     */
    Answer take(
        @Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> approvals,
        MemoryShare share,
        Instant now);

    /**
     * What became of one call's claims: the answer of the step that refused, or all is taken.
     * Immutable and thread-safe.
     *
     * @param replayed true if the proof was used before; nothing is taken then
     * @param budgets what became of the charges; null if there were none, or the proof or an
     *     approval refused the call
     * @param usedUp the approvals that were used up before; if there are any, only the proof is
     *     taken
     */
    record Answer(
        boolean replayed, Budgets.@Nullable Answer budgets, Set<ApprovalUses.Use> usedUp) {
      private static final Answer REPLAYED = new Answer(true, null, Set.of());

      /** Copies the set. */
      public Answer {
        usedUp = Set.copyOf(usedUp);
      }

      /** The proof was used before. */
      public static Answer ofReplay() {
        return REPLAYED;
      }

      /** A budget has too little left. */
      public static Answer exhausted(Budgets.Exhausted budget) {
        return new Answer(false, budget, Set.of());
      }

      /** Approvals were used up before. */
      public static Answer usedUp(Set<ApprovalUses.Use> approvals) {
        return new Answer(false, null, approvals);
      }

      /**
       * All is taken.
       *
       * @param charged what was charged; null if there were no charges
       */
      public static Answer taken(Budgets.@Nullable Charged charged) {
        return new Answer(false, charged, Set.of());
      }
    }
  }

  /**
   * The use of a holder's proof, which is good for one call.
   *
   * @param id names the proof among those of all holders: 64 hex digits
   * @param issuedAt when the proof says that it was made, to the millisecond
   * @param until the first moment at which the verifier no longer accepts it, so that its use need
   *     no longer be remembered
   */
  record Use(String id, Instant issuedAt, Instant until) {
    /**
     * The use of a proof, which is known by its nonce and the holder's key. Its signature does not
     * count, because ECDSA has two signatures for everything signed.
     *
     * @param nonce the proof's nonce
     * @param holder the key that signed it
     * @param issuedAt when it was made
     * @param until the first moment at which it is no longer accepted
     */
    public static Use of(byte[] nonce, PublicKey holder, Instant issuedAt, Instant until) {
      return of(id(nonce, holder), issuedAt, until);
    }

    static Use of(byte[] id, Instant issuedAt, Instant until) {
      return new Use(HexFormat.of().formatHex(id), issuedAt, until);
    }

    /** The id as bytes. */
    static byte[] id(byte[] nonce, PublicKey holder) {
      byte[] key = holder.bytes();
      ByteBuffer input =
          ByteBuffer.allocate(nonce.length + 1 + key.length)
              .put(nonce)
              .put((byte) holder.algorithm().wireId())
              .put(key);
      return Digests.sha256(input.array());
    }
  }
}
