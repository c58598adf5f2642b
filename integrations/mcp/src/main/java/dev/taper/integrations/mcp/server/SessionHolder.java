package dev.taper.integrations.mcp.server;

import org.jspecify.annotations.Nullable;

/**
 * What a filter found out about the request that this thread handles: its session, and whether the
 * holder of that session sent it. This is decided once, because the session may get an owner before
 * the SDK handles the request.
 */
final class SessionHolder {
  private record Found(StreamableSession session, boolean isHeld) {}

  private static final ThreadLocal<@Nullable Found> PRESENT = new ThreadLocal<>();

  private SessionHolder() {}

  /** The filter verified that the session's holder sent the request. */
  static void hold(StreamableSession session) {
    PRESENT.set(new Found(session, true));
  }

  /** The session had no owner yet, and the request needs none. */
  static void open(StreamableSession session) {
    PRESENT.set(new Found(session, false));
  }

  static void release() {
    PRESENT.remove();
  }

  static boolean isHeld(StreamableSession session) {
    Found found = PRESENT.get();
    return found != null && found.session() == session && found.isHeld();
  }

  /** True if the request may be one without a token: see {@link #hold} and {@link #open}. */
  static boolean takesOpen(StreamableSession session) {
    Found found = PRESENT.get();
    return found != null && found.session() == session;
  }
}
