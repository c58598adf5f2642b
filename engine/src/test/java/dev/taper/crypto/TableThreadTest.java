package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableThreadTest {
  private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

  /** What the thread for tables has of whoever first needed it. */
  private record Seen(Thread thread, @Nullable String tenant, @Nullable ClassLoader loader) {}

  /**
   * It may live for as long as the process, and must not keep a call's secrets, or an application.
   */
  @Test
  void execute_fromACall_nothingOfTheCallIsKept() throws Exception {
    AtomicReference<@Nullable Seen> seen = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Thread call =
        new Thread(
            () -> {
              TENANT.set("acme");
              TableThread.make()
                  .execute(
                      () -> {
                        Thread own = Thread.currentThread();
                        seen.set(new Seen(own, TENANT.get(), own.getContextClassLoader()));
                        done.countDown();
                      });
            });
    call.setDaemon(false);
    call.setContextClassLoader(getClass().getClassLoader());
    call.start();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

    Seen what = Objects.requireNonNull(seen.get());
    assertThat(what.tenant()).isNull();
    assertThat(what.loader()).isNull();
    assertThat(what.thread().isDaemon()).isTrue();
    assertThat(what.thread().getName()).isEqualTo("taper-known-keys");
  }

  @Test
  void execute_nothingToDoForLong_threadEndsAndAnotherGoesOn() throws Exception {
    Executor tables = TableThread.make(Duration.ofMillis(20));
    Thread first = threadOf(tables);
    first.join(60_000);

    assertThat(first.isAlive()).isFalse();
    assertThat(threadOf(tables)).isNotSameAs(first);
  }

  private static Thread threadOf(Executor tables) throws InterruptedException {
    AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    tables.execute(
        () -> {
          thread.set(Thread.currentThread());
          done.countDown();
        });
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    return Objects.requireNonNull(thread.get());
  }

  @Test
  void execute_tooManyWaiting_wishesAreDroppedAndNeededWorkIsNot() throws Exception {
    Executor tables = TableThread.make();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<String> did = Collections.synchronizedList(new ArrayList<>());
    tables.execute(
        () -> {
          started.countDown();
          awaitQuietly(go);
        });
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < TableThread.MAX_WAITING; i++) {
      String name = "wish " + i;
      tables.execute(() -> did.add(name));
    }
    tables.execute(() -> did.add("one too many"));
    CountDownLatch done = new CountDownLatch(1);
    tables.execute(
        (TableThread.Needed)
            () -> {
              did.add("needed");
              done.countDown();
            });
    go.countDown();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(did)
        .hasSize(TableThread.MAX_WAITING)
        .startsWith("wish 1", "wish 2")
        .endsWith("wish 63", "needed");
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
