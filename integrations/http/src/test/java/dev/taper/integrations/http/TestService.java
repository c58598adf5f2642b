package dev.taper.integrations.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A guarded service on a real server, whose handler takes note of what reaches it. */
abstract class TestService implements AutoCloseable {
  /** What reached the handler: the call in JSON, and its content. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reached(String call, byte[] content) {}

  final List<Reached> reached = new CopyOnWriteArrayList<>();

  /** Starts a service. */
  interface Starter {
    TestService start(Function<String, HttpGuard> guard) throws Exception;
  }

  abstract int port();

  final String origin() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public abstract void close();
}
