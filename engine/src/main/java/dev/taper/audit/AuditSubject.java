package dev.taper.audit;

import dev.taper.agent.call.ShortText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a step in the life of authority was about, if not the token itself.
 *
 * @param type what it is: {@code approval}, {@code justification}, {@code block}, {@code task},
 *     {@code holder}, {@code delegator}, {@code root_key}, {@code review} …
 * @param id which one: an id, a digest, a name or a key
 * @param until when it ends, or null
 * @param reason why, in the words of the one who did it, or null; reasons are written for reviewers
 *     and so are recorded as they stand
 * @param decision what came of it, such as {@code certified}, or null
 */
public record AuditSubject(
    String type,
    String id,
    @Nullable Instant until,
    @Nullable String reason,
    @Nullable String decision) {
  /** The most characters of a reason; what is longer is cut and ends in an ellipsis. */
  public static final int MAX_REASON = 2048;

  /**
   * Checks the parts, and cuts the time to milliseconds and the reason to its limit.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
   *     out of its range
   */
  public AuditSubject {
    Checked.text(type, "the type of the subject");
    Checked.text(id, "the id of the subject");
    until = until == null ? null : Checked.time(until);
    reason = reason == null ? null : ShortText.of(reason, MAX_REASON);
    Checked.textOrNull(decision, "the decision");
  }

  /** A subject with a type and an id only. */
  public static AuditSubject of(String type, String id) {
    return new AuditSubject(type, id, null, null, null);
  }

  /** Adds an end. */
  public AuditSubject until(@Nullable Instant end) {
    return new AuditSubject(type, id, end, reason, decision);
  }

  /** Adds a reason. */
  public AuditSubject reason(@Nullable String words) {
    return new AuditSubject(type, id, until, words, decision);
  }

  /** Adds a decision. */
  public AuditSubject decision(String words) {
    return new AuditSubject(type, id, until, reason, words);
  }
}
