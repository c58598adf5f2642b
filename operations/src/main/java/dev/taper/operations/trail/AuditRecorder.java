package dev.taper.operations.trail;

import dev.taper.TaperException;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.store.Database;
import dev.taper.store.SqlAuditSink;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the record of an operation before its result is seen: what cannot be recorded does not
 * happen. Opens the log for each record. Immutable.
 */
public final class AuditRecorder {
  /** How many records are written together, so that many of them are not a write each. */
  private static final int TOGETHER = 1000;

  private static final AuditRecorder NONE = new AuditRecorder(null);

  private final @Nullable Target target;

  /** A log, and who signs it. */
  private record Target(Workplace workplace, Place place, Supplier<? extends Signer> key) {}

  private AuditRecorder(@Nullable Target target) {
    this.target = target;
  }

  /** Leaves no record. */
  public static AuditRecorder none() {
    return NONE;
  }

  /**
   * Records in a log.
   *
   * @param workplace where relative paths start, and what time it is
   * @param place the log: a file, or a database, which is made if there is none
   * @param key reads the key that signs its checkpoints; it is destroyed after use
   */
  public static AuditRecorder in(Workplace workplace, Place place, Supplier<? extends Signer> key) {
    return new AuditRecorder(new Target(workplace, place, key));
  }

  /**
   * Records an event, and signs it.
   *
   * @param event makes the event of the time it happens at
   * @throws dev.taper.TaperException if the log cannot be written
   */
  public void record(Function<Instant, AuditEvent> event) {
    recordAll(now -> List.of(event.apply(now)));
  }

  /**
   * Records events, and signs them.
   *
   * @param events makes the events of the time they happen at
   * @throws dev.taper.TaperException if the log cannot be written
   */
  public void recordAll(Function<Instant, List<AuditEvent>> events) {
    if (target == null) {
      return;
    }
    Workplace workplace = target.workplace();
    Signer key = target.key().get();
    try {
      if (target.place() instanceof Place.Sql sql) {
        try (Database database = workplace.open(sql)) {
          write(new SqlAuditSink(database), key, workplace.clock(), events);
        }
      } else {
        String file = ((Place.File) target.place()).name();
        AuditSink sink =
            AuditSink.inFiles(
                workplace.resolve(file), AuditSink.DEFAULT_FILE_BYTES, workplace.clock());
        write(sink, key, workplace.clock(), events);
      }
    } finally {
      KeyFile.wipe(key);
    }
  }

  private static void write(
      AuditSink sink, Signer key, Clock clock, Function<Instant, List<AuditEvent>> events) {
    try (AuditLog log = AuditLog.on(sink, key).clock(clock).open()) {
      List<AuditEvent> all = events.apply(clock.instant());
      for (int from = 0; from < all.size(); from += TOGETHER) {
        List<AuditEvent> part = all.subList(from, Math.min(all.size(), from + TOGETHER));
        List<CompletionStage<AuditLog.Receipt>> before = new ArrayList<>();
        part.subList(0, part.size() - 1).forEach(event -> before.add(log.submit(event)));
        log.append(part.get(part.size() - 1)); // behind those before it, which are done then
        before.forEach(AuditRecorder::await);
      }
    }
  }

  private static void await(CompletionStage<AuditLog.Receipt> stage) {
    try {
      stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TaperException why) {
        throw why;
      }
      throw e;
    }
  }
}
