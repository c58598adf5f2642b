package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
}
