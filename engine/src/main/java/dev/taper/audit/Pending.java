package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A record that waits for its place, or a checkpoint that was asked for (without halves). */
final class Pending {
  private final @Nullable AuditContent content;
  private final boolean kept;
  private final RecordWriter.@Nullable Halves halves;
  private final CompletableFuture<AuditLog.Receipt> done = new CompletableFuture<>();
  // The first to set it decides: the writer takes the record, or its author gives up waiting.
  private final AtomicBoolean settled = new AtomicBoolean();
  private @Nullable AuditRecord record; // the writer's thread only

  /**
   * Renders the content, in its author's thread.
   *
   * @param content null if a checkpoint is asked for
   * @param kept true if it is to be written even if its author gave up waiting, and tried again
   */
  Pending(@Nullable AuditContent content, boolean kept) {
    this.content = content;
    this.kept = kept;
    this.halves = content == null ? null : RecordWriter.halves(content);
  }

  boolean asksForCheckpoint() {
    return content == null;
  }

  boolean isKept() {
    return kept;
  }

  /** True if the writer may go on with it. */
  boolean take() {
    return kept || settled.compareAndSet(false, true);
  }

  /** True if its author gave up before the writer took it. */
  private boolean withdraw() {
    return !kept && settled.compareAndSet(false, true);
  }

  /** The record at its place; null if there is none, for a checkpoint or if it is too large. */
  @Nullable AuditRecord at(AuditRecord.Head head) {
    if (content == null || halves == null) {
      return null;
    }
    try {
      record = AuditRecord.at(head, content, halves);
    } catch (TaperException e) {
      fail(e);
    }
    return record;
  }

  /** Tells the author that everything up to the head is safe. */
  void succeed(AuditRecord.Head head) {
    AuditRecord.Head mine = record == null ? head : record.head();
    done.complete(new AuditLog.Receipt(mine.sequence(), mine.hash()));
  }

  void fail(TaperException why) {
    done.completeExceptionally(why);
  }

  CompletionStage<AuditLog.Receipt> stage() {
    return done.minimalCompletionStage();
  }

  /** Waits; when patience ends, the record is withdrawn unless it is being written already. */
  AuditLog.Receipt await(Duration patience) {
    try {
      return done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TaperException why) {
        throw new TaperException(why.code(), String.valueOf(why.getMessage()), why);
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      boolean withdrawn = withdraw();
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the record was not safe within "
              + patience.toMillis()
              + " ms and is "
              + (withdrawn ? "withdrawn" : "still being written"),
          e);
    } catch (InterruptedException e) {
      withdraw();
      Thread.currentThread().interrupt();
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE, "interrupted while the record was being written", e);
    }
  }
}
