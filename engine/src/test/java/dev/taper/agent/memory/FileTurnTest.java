package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that take turns at a file. */
class FileTurnTest {
  @TempDir private Path folder;

  private final List<String> took = Collections.synchronizedList(new ArrayList<>());

  private boolean take(FileTurn turn, String name) throws IOException {
    return turn.take(() -> took.add(name));
  }

  /** Or one thread that makes one call after the other keeps the calls of all others waiting. */
  @Test
  @Timeout(60)
  void take_againAtOnce_isAfterWhoeverWaits() throws Exception {
    FileTurn turn = new FileTurn(folder.resolve("turn"));
    SynchronousQueue<Thread> comes = new SynchronousQueue<>();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> other =
          turn.take(
              () -> {
                Future<Boolean> begun =
                    threads.submit(
                        () -> {
                          comes.put(Thread.currentThread());
                          return take(turn, "other");
                        });
                awaitWaiting(comes);
                took.add("first");
                return begun;
              });
      assertThat(take(turn, "first again")).isTrue();
      assertThat(other.get()).isTrue();
    } finally {
      threads.shutdownNow();
    }

    assertThat(took).containsExactly("first", "other", "first again");
  }

  private static void awaitWaiting(SynchronousQueue<Thread> comes) {
    try {
      Thread thread = comes.take();
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What happens while somebody waits. */
  private interface Event {
    void run() throws IOException;
  }

  /**
   * Takes a turn, while something happens each time that it looks how much time is left: before it
   * waits for the threads of this process, and then whenever another process has the file.
   */
  private void takeWhile(Event... events) {
    AtomicInteger looks = new AtomicInteger(-1); // the deadline is made
    Deadline deadline =
        Deadline.in(
            Duration.ofMinutes(1),
            () ->
                unchecked(
                    () -> {
                      int look = looks.getAndIncrement();
                      if (look >= 0 && look < events.length) {
                        events[look].run();
                      }
                      return 0L;
                    }));
    FileTurn turn = new FileTurn(file());
    assertThat(deadline.during(() -> unchecked(() -> take(turn, "turn")))).isTrue();
  }

  private static <T> T unchecked(FileTurn.Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return folder.resolve("turn");
  }

  /** Opens the file and locks it until it is closed, as another process does. */
  private FileChannel locked() throws IOException {
    FileChannel channel =
        FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    assertThat(channel.tryLock()).isNotNull();
    return channel;
  }

  /** Or two have their turn at once: the one who had the old file, and one who has the new one. */
  @Test
  void take_fileReplacedWhileAnotherHasIt_waitsForTheNewOne() throws IOException {
    Deque<FileChannel> others = new ArrayDeque<>(List.of(locked()));
    takeWhile(
        () -> took.add("nobody in this process"),
        () -> {
          Files.delete(file());
          others.add(locked());
          others.remove().close();
          took.add("old");
        },
        () -> {
          others.remove().close();
          took.add("new");
        });

    assertThat(took).containsExactly("nobody in this process", "old", "new", "turn");
  }

  @Test
  void take_fileDeletedWhileItWaits_isMadeAgain() {
    takeWhile(() -> Files.delete(file()));

    assertThat(took).containsExactly("turn");
    assertThat(file()).exists();
  }

  /** While it waits for the threads of this process, or for another process. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void take_interrupted_isRefusedAndStaysInterrupted(int look) throws IOException {
    Event[] events = {() -> {}, () -> {}, () -> took.add("looked again")};
    events[look] = () -> Thread.currentThread().interrupt();
    boolean isInterrupted;
    try (FileChannel other = locked()) {
      assertThatThrownBy(() -> takeWhile(events)).hasCauseInstanceOf(InterruptedIOException.class);
      assertThat(other.isOpen()).isTrue();
    } finally {
      isInterrupted = Thread.interrupted();
    }

    assertThat(isInterrupted).isTrue();
    assertThat(took).isEmpty();
  }
}
