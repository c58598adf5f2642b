package dev.taper.cli.token;

import dev.taper.agent.DelegationTerms;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is granted, and under which conditions. */
final class TermsOptions {
  @Option(
      names = "--grant",
      paramLabel = "GRANT",
      description = {
        "What may be done: TOOLS [OPERATIONS] [on RESOURCES] [where CONSTRAINTS].",
        "Several are alternatives. Example: jira.* read on jira:project/ACME/*"
      })
  private List<String> grants = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "The end: a duration (10m, 1h), a date, or (mint only) never.")
  private @Nullable String expires;

  @Option(names = "--not-before", paramLabel = "DATE", description = "The beginning.")
  private @Nullable String notBefore;

  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      description = "A service that may take the token, such as svc:jira. Several add up.")
  private List<String> audiences = new ArrayList<>();

  @Option(
      names = "--max-depth",
      paramLabel = "N",
      description = "How often the token may be handed on after its first holder.")
  private @Nullable Integer maxDepth;

  @Option(
      names = "--verified-holders",
      description = "Only for a caller whose name and key the verifier's directory knows.")
  private boolean verifiedHolders;

  /** Whether something is granted. */
  boolean hasGrant() {
    return !grants.isEmpty();
  }

  /** The end as written: a duration, a date or {@code never}; null if it is not said. */
  @Nullable String expires() {
    return expires;
  }

  /**
   * Adds all of it to a delegation or a hop.
   *
   * @throws dev.taper.operations.OperationException if a date is none
   * @throws dev.taper.TaperException if a grant is none
   */
  <T extends DelegationTerms<T>> T addTo(T start, Clock clock) {
    T terms = start;
    for (String grant : grants) {
      terms = terms.grant(grant);
    }
    if (expires != null && !expires.equals("never")) {
      terms = terms.expiresAt(Times.end(clock, expires));
    }
    if (notBefore != null) {
      terms = terms.notBefore(Times.beginning(notBefore));
    }
    if (!audiences.isEmpty()) {
      terms = terms.audience(audiences.toArray(new String[0]));
    }
    if (maxDepth != null) {
      terms = terms.maxDepth(maxDepth);
    }
    return verifiedHolders ? terms.verifiedHolderOnly() : terms;
  }

  /** True if any of these options is used. */
  boolean isGiven() {
    return !grants.isEmpty()
        || expires != null
        || notBefore != null
        || !audiences.isEmpty()
        || maxDepth != null
        || verifiedHolders;
  }
}
