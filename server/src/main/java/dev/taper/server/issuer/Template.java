package dev.taper.server.issuer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Grants;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most that is granted under one name. Who gets it, the policies decide; an agent may ask for
 * less. Immutable and thread-safe.
 *
 * @param name as agents ask for it
 * @param grants alternatives; a grant may need an approval
 * @param longest how long a token lasts, and the longest that may be asked for
 * @param depth how often its authority may be handed on at most
 * @param audience the services that may take it; empty for any
 * @param budgets what all calls together may use up. Their ids stay, so that an agent's next token
 *     goes on counting
 * @param renewableFor how long all renewals of one token may take together, from its issue on; null
 *     if it is not renewed
 * @param approverGroups groups of approvers: where the policies refuse the grants as they are, they
 *     are asked whether they allow them with an approval by one of these, in order
 */
public record Template(
    String name,
    Grants grants,
    Duration longest,
    int depth,
    List<String> audience,
    List<Budget> budgets,
    @Nullable Duration renewableFor,
    List<String> approverGroups) {
  private static final Duration MOST = Duration.ofDays(366);

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a time or depth that makes no
   *     sense, or the code of an ambiguous name
   */
  public Template {
    Canonical.name(name, "the template's name");
    audience = List.copyOf(audience);
    budgets = List.copyOf(budgets);
    approverGroups = List.copyOf(approverGroups);
    audience.forEach(Canonical::audience);
    if (longest.compareTo(Duration.ofSeconds(1)) < 0 || longest.compareTo(MOST) > 0) {
      throw wrong("a template's tokens last between a second and 366 days");
    }
    if (renewableFor != null
        && (renewableFor.compareTo(longest) < 0 || renewableFor.compareTo(MOST) > 0)) {
      throw wrong("renewals take at least as long as one token, and at most 366 days");
    }
    if (depth < 0 || depth > 64) {
      throw wrong("a depth is between 0 and 64");
    }
  }

  private static TaperException wrong(String why) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, why);
  }
}
