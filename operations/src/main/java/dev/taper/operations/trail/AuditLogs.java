package dev.taper.operations.trail;

import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.operations.OperationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several audit logs, read as one in the order of time, each verified for itself. What was recorded
 * in two of them is passed on once. Immutable and thread-safe.
 *
 * <p>A log keeps its own order: a record with an earlier time than one before it stays behind that.
 * What is held in memory is bounded, however long the logs are.
 */
public final class AuditLogs {
  /** How many events are remembered, to find those that another log has, too. */
  private static final int REMEMBERED = 8192;

  private final List<AuditReader> readers;

  /**
   * Takes logs together.
   *
   * @param readers the logs, at least one
   */
  public AuditLogs(List<AuditReader> readers) {
    this.readers = List.copyOf(readers);
  }

  /**
   * A record of one of the logs.
   *
   * @param log which log it is, as it was named; empty if there is one alone
   * @param record the record
   */
  public record Found(String log, AuditRecord record) {
    /**
     * The record as it stands, for other programs: one line of JSON, which docs/audit.md describes.
     *
     * @param names who is who, or null
     */
    public String export(@Nullable NamesFile names) {
      return RawExport.line(this, names);
    }
  }

  /**
   * Reads the logs, in which nothing may be wrong, except that the last record may be half written.
   *
   * @throws OperationException as {@link AuditReader#read}
   * @throws dev.taper.TaperException as {@link AuditReader#read}
   */
  public AuditReader.Reading read(Consumer<Found> reader) {
    if (readers.size() == 1) {
      return readers.get(0).read(record -> reader.accept(new Found("", record)));
    }
    List<PulledLog> logs = new ArrayList<>();
    try {
      for (AuditReader each : readers) {
        logs.add(PulledLog.start(each, name(each, logs)));
      }
      merge(logs, reader);
    } finally {
      logs.forEach(PulledLog::stop);
    }
    List<LogVerification> verifications = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (PulledLog log : logs) {
      AuditReader.Reading read = log.reading();
      verifications.addAll(read.verifications());
      read.notes().forEach(note -> notes.add(log.name() + ": " + note));
    }
    return new AuditReader.Reading(verifications, notes);
  }

  /** Long names are shown in short, and then may be the same. */
  private static String name(AuditReader reader, List<PulledLog> before) {
    String name = reader.name();
    boolean isTaken = before.stream().anyMatch(log -> log.name().equals(name));
    return isTaken ? name + " (log " + (before.size() + 1) + ")" : name;
  }

  /** A log whose next record is known. */
  private static final class Next {
    final PulledLog log;
    final int index;
    AuditRecord record;
    Instant time;

    Next(PulledLog log, int index, AuditRecord record) {
      this.log = log;
      this.index = index;
      this.record = record;
      this.time = record.content().time();
    }

    boolean advance() {
      AuditRecord next = log.next();
      if (next == null) {
        return false;
      }
      record = next;
      Instant own = next.content().time();
      time = own.isAfter(time) ? own : time;
      return true;
    }
  }

  private static void merge(List<PulledLog> logs, Consumer<Found> reader) {
    PriorityQueue<Next> order =
        new PriorityQueue<>(
            Comparator.comparing((Next next) -> next.time).thenComparing(next -> next.index));
    for (PulledLog log : logs) {
      AuditRecord first = log.next();
      if (first != null) {
        order.add(new Next(log, order.size(), first));
      }
    }
    Twice twice = new Twice(logs.size());
    for (Next next = order.poll(); next != null; next = order.poll()) {
      if (twice.isNew(next.index, next.record)) {
        reader.accept(new Found(next.log.name(), next.record));
      }
      if (next.advance()) {
        order.add(next);
      }
    }
  }

  /**
   * Finds events that two logs have. Each log has its own count of every event: what one log says
   * twice happened twice.
   */
  private static final class Twice {
    private final int logs;
    private final Map<AuditEvent, int[]> counts =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<AuditEvent, int[]> eldest) {
            return size() > REMEMBERED;
          }
        };

    Twice(int logs) {
      this.logs = logs;
    }

    boolean isNew(int log, AuditRecord record) {
      if (!(record.content() instanceof AuditEvent event)) {
        return true;
      }
      int[] seen = counts.computeIfAbsent(event, unused -> new int[logs]);
      int most = 0;
      for (int count : seen) {
        most = Math.max(most, count);
      }
      return ++seen[log] > most;
    }
  }

  /** How many logs there are. */
  public int size() {
    return readers.size();
  }
}
