package dev.taper.integrations.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** A guarded service on a real server, whose handler takes note of what reaches it. */
abstract class TestService implements AutoCloseable {
  /** What reached the handler: the call in JSON, and its content. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reached(String call, byte[] content) {}

  final List<Reached> reached = new CopyOnWriteArrayList<>();

  /** The calls of these, which a handler can keep. */
  final List<GuardedCall> allowed = new CopyOnWriteArrayList<>();

  /** Has a permit for each request with which handler and filter are done. */
  final Semaphore done = new Semaphore(0);

  /** Starts a service. */
  interface Starter {
    TestService start(Function<String, HttpGuard> guard) throws Exception;
  }

  abstract int port();

  boolean isSecure() {
    return false;
  }

  final String origin() {
    return (isSecure() ? "https" : "http") + "://127.0.0.1:" + port();
  }

  @Override
  public abstract void close();
}
