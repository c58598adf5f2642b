package dev.taper.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;

/**
 * Reads the lines of a log as records with all processors, and passes them on in their order. To
 * read a record takes far longer than to find its place in the chain, and needs nothing of the
 * others. A short log is read in the caller's own thread. What is read ahead is bounded. For one
 * thread.
 */
final class ReadAhead implements Consumer<AuditSource.Line> {
  private static final int MAX_LINES = 256;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_BATCHES = 2 * Runtime.getRuntime().availableProcessors();

  private final Consumer<ReadLine> reader;
  private final Deque<ForkJoinTask<List<ReadLine>>> ahead = new ArrayDeque<>();
  private List<AuditSource.Line> batch = new ArrayList<>();
  private int chars;

  ReadAhead(Consumer<ReadLine> reader) {
    this.reader = reader;
  }

  @Override
  public void accept(AuditSource.Line line) {
    batch.add(line);
    chars += line.text().length();
    if (batch.size() == MAX_LINES || chars >= MAX_CHARS) {
      List<AuditSource.Line> full = batch;
      ahead.add(ForkJoinPool.commonPool().submit(() -> read(full)));
      batch = new ArrayList<>();
      chars = 0;
      if (ahead.size() > MAX_BATCHES) {
        ahead.remove().join().forEach(reader);
      }
    }
  }

  private static List<ReadLine> read(List<AuditSource.Line> lines) {
    return lines.stream().map(ReadLine::of).toList();
  }

  /** Passes on what is left. */
  void end() {
    while (!ahead.isEmpty()) {
      ahead.remove().join().forEach(reader);
    }
    batch.forEach(line -> reader.accept(ReadLine.of(line)));
    batch = List.of();
  }
}
