package dev.taper;

import java.io.IOException;
import java.util.Set;

/**
 * Says why something failed, for an operator's log: the whole chain of causes on one line. A
 * message is quoted only if it comes from the platform or states the condition of a store. Any
 * other message may hold an argument's value, so only its type and place are named.
 */
public final class Causes {
  private static final int MAX_CAUSES = 8;
  private static final int MAX_COLUMNS = 600;

  /** Failures that have causes of their own, whatever a caller sends. */
  private static final Set<ErrorCode.Category> OURS =
      Set.of(ErrorCode.Category.STORE, ErrorCode.Category.REVOCATION, ErrorCode.Category.KEY);

  private static final Set<ErrorCode> OURS_TOO =
      Set.of(
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          ErrorCode.APPROVAL_USES_FULL,
          ErrorCode.REPLAY_CACHE_FULL,
          ErrorCode.REPLAY_CACHE_UNAVAILABLE,
          ErrorCode.UNKNOWN_REVOCATION_KEY);

  private Causes() {}

  /** Returns the reason on one line, safe to print, without values that a caller sent. */
  public static String reason(Throwable failure) {
    StringBuilder reason = new StringBuilder();
    int depth = 0;
    for (Throwable e = failure; e != null && depth < MAX_CAUSES; e = e.getCause()) {
      String own = own(e);
      if (reason.indexOf(own) < 0) {
        reason.append(reason.length() == 0 ? "" : ": ").append(own);
      }
      depth++;
    }
    return ShownText.of(reason.toString(), MAX_COLUMNS);
  }

  /** True for a failure of what we keep or look up, which no caller can bring about. */
  public static boolean isOurs(Throwable e) {
    return e instanceof TaperException taper
        && (OURS.contains(taper.code().category()) || OURS_TOO.contains(taper.code()));
  }

  private static String own(Throwable e) {
    String message = e.getMessage();
    if (e instanceof TaperException taper && !isOurs(e)) {
      return taper.code().text();
    } else if (isOurs(e) && message != null) {
      return message;
    }
    boolean platform = e.getClass().getName().startsWith("java.");
    if (platform && e instanceof IOException) {
      return message == null ? e.getClass().getSimpleName() : name(e) + message;
    }
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /** Names a failure: the name IOException says nothing, those of its subclasses do. */
  private static String name(Throwable e) {
    return e.getClass() == IOException.class ? "" : e.getClass().getSimpleName() + ": ";
  }
}
