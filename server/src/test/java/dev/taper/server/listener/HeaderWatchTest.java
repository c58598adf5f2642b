package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

class HeaderWatchTest {
  /** Counts what it keeps. */
  private static final class Counting extends AbstractLifeCycle implements Scheduler {
    private final AtomicInteger kept = new AtomicInteger();

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit units) {
      kept.incrementAndGet();
      return () -> kept.decrementAndGet() >= 0;
    }
  }

  /** Very many connections can be opened and closed before the first look at one of them. */
  @Test
  void connection_closed_isNotKeptUntilTheNextLook() {
    Counting scheduler = new Counting();
    HeaderWatch watch = new HeaderWatch(scheduler, Duration.ofSeconds(10));
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class, ConnectionMetaData.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "hashCode" -> 1;
                      case "equals" -> arguments != null && proxy == arguments[0];
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    watch.onOpened(connection);
    assertThat(scheduler.kept).hasValue(1);
    watch.onClosed(connection);
    assertThat(scheduler.kept).hasValue(0);
  }
}
