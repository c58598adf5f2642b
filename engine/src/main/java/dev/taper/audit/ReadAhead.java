package dev.taper.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a log as records with all processors, and passes them on in their order. To
 * read a record takes far longer than to find its place in the chain, and needs nothing of the
 * others. Where the caller's thread would wait for the others, it reads, too. A short log is read
 * in that thread alone. What is read ahead is bounded. For one thread.
 */
final class ReadAhead implements Consumer<AuditSource.Line> {
  private static final int MAX_LINES = 256;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_BATCHES = 2 * Runtime.getRuntime().availableProcessors();

  private final Consumer<ReadLine> reader;
  private final KnownChains known = new KnownChains();
  private final Deque<Batch> ahead = new ArrayDeque<>();
  private List<AuditSource.Line> lines = new ArrayList<>();
  private int chars;

  ReadAhead(Consumer<ReadLine> reader) {
    this.reader = reader;
  }

  /**
   * Work that the first thread to come does. Then it is forgotten, as the pool may keep this for
   * long where it has no thread to spare. Thread-safe.
   */
  private static final class Once implements Runnable {
    private final AtomicReference<@Nullable Runnable> work;

    Once(Runnable work) {
      this.work = new AtomicReference<>(work);
    }

    @Override
    public void run() {
      Runnable mine = work.getAndSet(null);
      if (mine != null) {
        mine.run();
      }
    }
  }

  /** Some lines. */
  private record Batch(Once reading, CompletableFuture<List<ReadLine>> read) {
    static Batch of(List<AuditSource.Line> lines, KnownChains known) {
      CompletableFuture<List<ReadLine>> read = new CompletableFuture<>();
      Once reading =
          new Once(
              () -> {
                try {
                  read.complete(lines.stream().map(line -> ReadLine.of(line, known)).toList());
                } catch (RuntimeException | Error e) {
                  read.completeExceptionally(e);
                }
              });
      return new Batch(reading, read);
    }
  }

  @Override
  public void accept(AuditSource.Line line) {
    lines.add(line);
    chars += line.text().length();
    if (lines.size() == MAX_LINES || chars >= MAX_CHARS) {
      Batch batch = Batch.of(lines, known);
      ahead.add(batch);
      ForkJoinPool.commonPool().execute(batch.reading());
      lines = new ArrayList<>();
      chars = 0;
      if (ahead.size() > MAX_BATCHES) {
        passOn();
      }
    }
  }

  private void passOn() {
    Batch first = ahead.remove();
    first.reading().run();
    for (Batch other : ahead) {
      if (first.read().isDone()) {
        break;
      }
      other.reading().run();
    }
    first.read().join().forEach(reader);
  }

  /** Passes on what is left. */
  void end() {
    while (!ahead.isEmpty()) {
      passOn();
    }
    lines.forEach(line -> reader.accept(ReadLine.of(line, known)));
    lines = List.of();
  }
}
