package dev.taper.integrations.mcp.server;

import org.jspecify.annotations.Nullable;

/**
 * The session whose holder sent the request that this thread has, as a filter verified it. What is
 * done for the request on this thread may go on with that session.
 */
final class SessionHolder {
  private static final ThreadLocal<@Nullable StreamableSession> PRESENT = new ThreadLocal<>();

  private SessionHolder() {}

  static void hold(StreamableSession session) {
    PRESENT.set(session);
  }

  static void release() {
    PRESENT.remove();
  }

  static boolean isHeld(StreamableSession session) {
    return PRESENT.get() == session;
  }
}
