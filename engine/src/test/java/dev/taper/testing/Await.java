package dev.taper.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what comes some time; if it does not within a minute, the test fails. */
public final class Await {
  private static final int PAUSE = 10; // milliseconds
  private static final int SECONDS = 60;

  private Await() {}

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition {
    /** True if it is there. */
    boolean holds() throws Exception;
  }

  /** Says what there is instead. */
  @FunctionalInterface
  public interface Words {
    /** The words. */
    String get() throws IOException;
  }

  /** Waits until something holds. */
  public static void until(Condition condition) throws InterruptedException {
    until(condition, () -> "it never came");
  }

  /** Waits until something holds, or says what there is instead. */
  public static void until(Condition condition, Words otherwise) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try {
      while (!condition.holds()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError(otherwise.get());
        }
        Thread.sleep(PAUSE);
      }
    } catch (RuntimeException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until somebody counted down. */
  public static void down(CountDownLatch latch) {
    try {
      if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody counted down");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a process listens at a port of this machine, and fails if it ends. */
  public static void listening(Process process, int port, Words log) throws InterruptedException {
    until(
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (ConnectException e) {
            if (!process.isAlive()) {
              throw new AssertionError(log.get());
            }
            return false;
          }
        },
        log);
  }
}
