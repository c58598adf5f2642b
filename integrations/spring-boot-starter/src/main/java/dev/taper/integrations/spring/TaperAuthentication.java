package dev.taper.integrations.spring;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.integrations.http.GuardedCall;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/**
 * An agent whose one call is allowed, for Spring Security: its name is the agent's, and it has no
 * authorities, because what was decided is about this call alone. It holds no token and no key. It
 * is never kept in a session. Thread-safe.
 */
public final class TaperAuthentication extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient GuardedCall call;

  /** Makes one of an allowed call. */
  TaperAuthentication(GuardedCall call) {
    super(List.of());
    this.call = call;
    super.setAuthenticated(true);
  }

  /** The call that was allowed, with the arguments that were judged. */
  public ToolCall call() {
    return call.call();
  }

  /** The agent that holds the token, by the name that its delegator gave it. */
  @Override
  public Object getPrincipal() {
    List<DelegationHop> hops = call.decision().chain().hops();
    return hops.get(hops.size() - 1).holderName();
  }

  /** Nothing: a token is not kept. */
  @Override
  public @Nullable Object getCredentials() {
    return null;
  }

  @Override
  public void setAuthenticated(boolean authenticated) {
    if (authenticated) {
      throw new IllegalArgumentException("only a decision makes a call allowed");
    }
    super.setAuthenticated(false);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** The agent and the tool; no argument, and nothing of the token. */
  @Override
  public String toString() {
    return "TaperAuthentication(" + getPrincipal() + ", " + call().tool() + ")";
  }
}
