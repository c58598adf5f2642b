package dev.taper.integrations.spring;

import dev.taper.FailureLog;
import dev.taper.agent.call.ToolCall;
import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.ServletRequest;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The allowed call that this thread handles, as Spring hands requests to threads. A thread of the
 * application's own has none: whatever is guarded is refused there.
 */
final class CurrentCall {
  private static final FailureLog FAILURES =
      FailureLog.of(CurrentCall.class, "entering a method", Clock.systemUTC());
  private static final boolean WEB =
      ClassUtils.isPresent(
          "org.springframework.web.context.request.RequestContextHolder",
          CurrentCall.class.getClassLoader());

  /** Of a message, which a handler has before it on this thread. */
  private static final ThreadLocal<ToolCall> MESSAGE = new ThreadLocal<>();

  private CurrentCall() {}

  /** The call; null if nothing was allowed. */
  static @Nullable ToolCall get() {
    ToolCall message = MESSAGE.get();
    return message == null && WEB ? OfRequest.get() : message;
  }

  /** Handles a message whose call was allowed. */
  static <T> T during(ToolCall call, Supplier<T> handler) {
    ToolCall before = MESSAGE.get();
    MESSAGE.set(call);
    try {
      return handler.get();
    } finally {
      if (before == null) {
        MESSAGE.remove();
      } else {
        MESSAGE.set(before);
      }
    }
  }

  /** Refuses unless a call of this tool was allowed. */
  static void require(String tool) {
    ToolCall call = get();
    if (call == null || !call.tool().equals(tool)) {
      throw notDecided(tool);
    }
  }

  /** Says in the log, and there alone, which tool's method was not entered. */
  static NotDecidedException notDecided(String tool) {
    FAILURES.failed(
        new IllegalStateException(
            "no call of "
                + tool
                + " was allowed here: the catalog and the service's routes may differ"));
    return new NotDecidedException();
  }

  /** Apart, because an application without a web server has no such classes. */
  private static final class OfRequest {
    static @Nullable ToolCall get() {
      if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes of) {
        ServletRequest request = of.getRequest();
        return TaperFilter.isAllowed(request) ? TaperFilter.call(request) : null;
      }
      return null;
    }
  }
}
