package dev.taper.server.issuer;

import dev.taper.agent.delegation.Task;
import dev.taper.server.oidc.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that waits for its user's word, because nothing in the subject token says that this
 * agent may act for the user. Immutable and thread-safe.
 *
 * @param id names it in links: 128 random bits in base64url. It is no secret: only its subject
 *     decides
 * @param subject whose word it needs
 * @param delegator what the subject is called in tokens
 * @param agent who asks
 * @param task for what, in the agent's own words: to be shown with {@link dev.taper.ShownText}
 * @param grants what would be granted, in the text form of grants, each on its own
 * @param conditions what holds for all of them, in words
 * @param budgets what all calls together may use up, in words
 * @param lifetime how long the token would live
 * @param end when the token would end at the latest: its life begins when the agent fetches it
 * @param renewedFor how long renewals go on, from the token's issue, without asking again; null if
 *     it is not renewed
 * @param until until when it waits
 */
public record PendingExchange(
    String id,
    Subject subject,
    String delegator,
    EnrolledAgent agent,
    Task task,
    List<String> grants,
    List<String> conditions,
    List<String> budgets,
    Duration lifetime,
    Instant end,
    @Nullable Duration renewedFor,
    Instant until) {
  /** Copies the lists. */
  public PendingExchange {
    grants = List.copyOf(grants);
    conditions = List.copyOf(conditions);
    budgets = List.copyOf(budgets);
  }

  /** When whatever comes of a yes ends at the latest, with all renewals. */
  public Instant last() {
    return renewedFor == null ? end : end.minus(lifetime).plus(renewedFor);
  }
}
