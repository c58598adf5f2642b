package dev.taper.server.mcp;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A session of a client over HTTP, with the stream on which it listens. Thread-safe. */
final class HttpSession implements Outlet.Client {
  private static final int MAX_KEPT = 64; // messages for which nobody listens yet

  private final String id;
  private final Runnable forget;
  private final Deque<RpcMessage> kept = new ArrayDeque<>(); // guarded by this
  private @Nullable HttpOutlet listening; // guarded by this
  private @Nullable Conversation conversation; // guarded by this
  private boolean over; // guarded by this
  private volatile long used = System.nanoTime();

  HttpSession(String id, Runnable forget) {
    this.id = id;
    this.forget = forget;
  }

  String id() {
    return id;
  }

  synchronized void begin(Conversation made) {
    conversation = made;
  }

  synchronized @Nullable Conversation conversation() {
    return conversation;
  }

  void use() {
    used = System.nanoTime();
  }

  /** For how long nobody has used it, in nanoseconds; 0 while somebody listens. */
  synchronized long idle() {
    return listening != null && !listening.isDone() ? 0 : System.nanoTime() - used;
  }

  /** Sends what belongs to no request there from now on; false if somebody listens already. */
  synchronized boolean listen(HttpOutlet outlet) {
    if (over || (listening != null && !listening.isDone())) {
      return false;
    }
    listening = outlet;
    outlet.open();
    while (!kept.isEmpty() && outlet.send(kept.element())) {
      kept.remove();
    }
    return true;
  }

  @Override
  public synchronized boolean send(RpcMessage message, int status) {
    if (listening != null && listening.send(message)) {
      return true;
    }
    if (over || kept.size() >= MAX_KEPT) {
      return false;
    }
    return kept.add(message);
  }

  synchronized void breathe() {
    if (listening != null) {
      listening.breathe();
    }
  }

  @Override
  public void end(String reason) {
    synchronized (this) {
      over = true;
      if (listening != null) {
        listening.end();
      }
    }
    forget.run();
  }
}
