package dev.taper.cli.io;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.audit.FileSink;
import dev.taper.crypto.PrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the record of what a command does, before its result is seen: what cannot be recorded does
 * not happen.
 */
public final class AuditRecorder {
  private final Console console;
  private final Keys keys;

  /** Works in the given console. */
  public AuditRecorder(Console console) {
    this.console = console;
    this.keys = new Keys(console, new Inputs(console));
  }

  /**
   * Records an event, and signs it; does nothing without a target.
   *
   * @param target the log, or null
   * @param event makes the event of the time it happens at
   */
  public void record(@Nullable AuditTarget target, Function<Instant, AuditEvent> event) {
    recordAll(target, now -> List.of(event.apply(now)));
  }

  /**
   * Records events, and signs them; does nothing without a target.
   *
   * @param target the log, or null
   * @param events makes the events of the time they happen at
   */
  public void recordAll(@Nullable AuditTarget target, Function<Instant, List<AuditEvent>> events) {
    if (target == null) {
      return;
    }
    PrivateKey key = keys.privateKey(target.key());
    try {
      if (target.place() instanceof Place.Sql sql) {
        Stores.writeAudit(console, sql, sink -> write(sink, key, events));
      } else {
        String file = ((Place.File) target.place()).name();
        write(FileSink.open(console.resolve(file), console.clock()), key, events);
      }
    } finally {
      key.destroy();
    }
  }

  private void write(AuditSink sink, PrivateKey key, Function<Instant, List<AuditEvent>> events) {
    try (AuditLog log = AuditLog.on(sink, key).clock(console.clock()).open()) {
      events.apply(console.clock().instant()).forEach(log::append);
    }
  }
}
