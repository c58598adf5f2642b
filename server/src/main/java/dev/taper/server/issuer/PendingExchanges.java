package dev.taper.server.issuer;

import dev.taper.server.oidc.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exchanges that wait for people's word. Nobody sees or decides another's. Thread-safe. */
public interface PendingExchanges {
  /** Those that wait for a person, the oldest first. */
  List<PendingExchange> of(Subject subject);

  /** One of a person's; null if there is none of that id, or it is somebody else's. */
  @Nullable PendingExchange find(String id, Subject subject);

  /**
   * The person lets the agent have it; the agent's next request is answered with the token.
   *
   * @return false if it does not wait any more, or is somebody else's
   * @throws dev.taper.TaperException if it cannot be recorded; it waits on then
   */
  boolean confirm(String id, Subject subject);

  /**
   * The person does not.
   *
   * @return false if it does not wait any more, or is somebody else's
   * @throws dev.taper.TaperException if it cannot be recorded; it waits on then
   */
  boolean refuse(String id, Subject subject);
}
