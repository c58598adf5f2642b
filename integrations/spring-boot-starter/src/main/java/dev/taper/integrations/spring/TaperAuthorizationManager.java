package dev.taper.integrations.spring;

import dev.taper.agent.call.ToolCall;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;

/**
 * Grants what an allowed call asks for, in chains and methods of Spring Security. Whoever logged in
 * by other means is no agent, and is denied. Immutable and thread-safe.
 *
 * @param <T> what is asked for: a request, a method
 */
public final class TaperAuthorizationManager<T> implements AuthorizationManager<T> {
  private final @Nullable String tool;

  private TaperAuthorizationManager(@Nullable String tool) {
    this.tool = tool;
  }

  /** Grants allowed calls of every tool of the catalog. */
  public static <T> TaperAuthorizationManager<T> anyTool() {
    return new TaperAuthorizationManager<>(null);
  }

  /** Grants allowed calls of one tool. */
  public static <T> TaperAuthorizationManager<T> tool(String name) {
    return new TaperAuthorizationManager<>(name);
  }

  @Override
  public AuthorizationDecision authorize(
      Supplier<? extends @Nullable Authentication> authentication, T object) {
    ToolCall call =
        authentication.get() instanceof TaperAuthentication ours && ours.isAuthenticated()
            ? ours.call()
            : null;
    return new AuthorizationDecision(call != null && (tool == null || tool.equals(call.tool())));
  }
}
