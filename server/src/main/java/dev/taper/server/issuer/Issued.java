package dev.taper.server.issuer;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Task;
import java.time.Duration;
import java.util.List;

/**
 * A token that was issued, with what it grants. Immutable and thread-safe.
 *
 * @param token the token
 * @param template by which template
 * @param task for what
 * @param grants what it grants, in the text form of grants, each on its own
 * @param audience the services that may take it; empty for any
 * @param lifetime how long it lasts
 * @param depth how often it may be handed on
 */
public record Issued(
    AgentToken token,
    String template,
    Task task,
    List<String> grants,
    List<String> audience,
    Duration lifetime,
    int depth) {
  /** Copies the lists. */
  public Issued {
    grants = List.copyOf(grants);
    audience = List.copyOf(audience);
  }

  static Issued of(AgentToken token, Granted granted) {
    return new Issued(
        token,
        granted.template().name(),
        granted.task(),
        granted.texts(),
        granted.terms().audience(),
        granted.terms().lifetime(),
        granted.terms().depth());
  }
}
