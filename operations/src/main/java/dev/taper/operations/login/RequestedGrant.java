package dev.taper.operations.login;

import dev.taper.JsonFields;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asks an issuer for: one object of RFC 9396, of the type {@code taper_grant}. What
 * is missing is as the issuer's template has it. Immutable and thread-safe.
 *
 * @param template the issuer's template, which says what is granted at most
 * @param task the task's id
 * @param purpose what the task is for; null to leave it out
 * @param grants what is asked for, in the text form of grants; none for all of the template
 * @param audiences the services that may take the token; none for all of the template
 * @param life how long; null for as long as the template says
 * @param maxDepth how often it may be handed on; null for as often as the template says
 */
public record RequestedGrant(
    String template,
    String task,
    @Nullable String purpose,
    List<String> grants,
    List<String> audiences,
    @Nullable Duration life,
    @Nullable Integer maxDepth) {
  /** Copies the lists. */
  public RequestedGrant {
    grants = List.copyOf(grants);
    audiences = List.copyOf(audiences);
  }

  /** The {@code authorization_details}: an array with this one object. */
  public String details() {
    JsonFields asked =
        new JsonFields()
            .put("type", "taper_grant")
            .put("template", template)
            .putIfPresent("task", task)
            .putIfPresent("purpose", purpose)
            .putIfAny("grants", grants)
            .putIfAny("audience", audiences)
            .putIfPresent("expires_in", life == null ? null : life.toSeconds())
            .putIfPresent("max_depth", maxDepth);
    return "[" + asked.toJson() + "]";
  }
}
