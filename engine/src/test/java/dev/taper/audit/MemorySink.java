package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps records in memory, as long as the test lets it. */
final class MemorySink implements AuditSink, AuditSource {
  final List<AuditRecord> records = new ArrayList<>();
  volatile boolean full;
  volatile boolean storesThenFails;
  volatile boolean closed;

  @Override
  public synchronized @Nullable AuditRecord last() {
    return records.isEmpty() ? null : records.get(records.size() - 1);
  }

  @Override
  public synchronized void append(List<AuditRecord> batch) {
    if (full) {
      throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "full");
    }
    records.addAll(batch);
    if (storesThenFails) {
      throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "the answer was lost");
    }
  }

  synchronized List<AuditKind> kinds() {
    return records.stream().map(r -> r.content().kind()).toList();
  }

  @Override
  public synchronized void read(Consumer<Line> reader) {
    long number = 1;
    for (AuditRecord record : records) {
      reader.accept(new Line(number++, record.json(), true));
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
