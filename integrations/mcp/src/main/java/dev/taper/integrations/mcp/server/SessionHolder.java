package dev.taper.integrations.mcp.server;

import org.jspecify.annotations.Nullable;

/**
 * What a filter found of the request that this thread has: the session that it goes on with, and
 * whether its holder was verified. It is found once, because whose the session is may change before
 * the request gets there.
 */
final class SessionHolder {
  private record Found(StreamableSession session, boolean isHeld) {}

  private static final ThreadLocal<@Nullable Found> PRESENT = new ThreadLocal<>();

  private SessionHolder() {}

  /** The holder of a session was verified. */
  static void hold(StreamableSession session) {
    PRESENT.set(new Found(session, true));
  }

  /** A session was nobody's, and the request needs nobody then. */
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

  /** True if the request may be one that needs no token: its holder was verified, or nobody is. */
  static boolean takesOpen(StreamableSession session) {
    Found found = PRESENT.get();
    return found != null && found.session() == session;
  }
}
