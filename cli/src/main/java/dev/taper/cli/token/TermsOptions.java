package dev.taper.cli.token;

import dev.taper.agent.delegation.DelegationTerms;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is granted, and under which conditions. */
final class TermsOptions extends Arguments {
  private final Value<List<String>> grants =
      option(
              "--grant",
              "GRANT",
              "What may be done: TOOLS [OPERATIONS] [on RESOURCES] [where CONSTRAINTS].",
              "Several are alternatives. Example: jira.* read on jira:project/ACME/*")
          .texts();

  private final Value<List<String>> budgets =
      option(
              "--budget",
              "BUDGET",
              "What all calls together may use up: at most N calls, or at most N UNIT of ARGUMENT;",
              "then perhaps for TOOLS, in DURATION, from STORE, as ID. Example: at most 100 calls in"
                  + " 24h from acme")
          .texts();

  private final Value<@Nullable String> expires =
      option("--expires", "WHEN", "The end: a duration (10m, 1h), a date, or (mint only) never.")
          .text();

  private final Value<@Nullable String> notBefore =
      option("--not-before", "DATE", "The beginning.").text();

  private final Value<List<String>> audiences =
      option(
              "--audience",
              "SERVICE",
              "A service that may take the token, such as svc:jira. Several add up.")
          .texts();

  private final Value<@Nullable Integer> maxDepth =
      option("--max-depth", "N", "How often the token may be handed on after its first holder.")
          .optional(Integer.class);

  private final Flag verifiedHolders =
      flag(
          "--verified-holders",
          "Only for a caller whose name and key the verifier's directory knows.");

  /** Whether something is granted. */
  boolean hasGrant() {
    return !grants.get().isEmpty();
  }

  /** The end as written: a duration, a date or {@code never}; null if it is not said. */
  @Nullable String expires() {
    return expires.get();
  }

  /**
   * Adds all of it to a delegation or a hop.
   *
   * @throws dev.taper.operations.OperationException if a date is none
   * @throws dev.taper.TaperException if a grant or a budget is none
   */
  <T extends DelegationTerms<T>> T addTo(T start, Clock clock) {
    T terms = start;
    for (String grant : grants.get()) {
      terms = terms.grant(grant);
    }
    for (String budget : budgets.get()) {
      terms = terms.budget(budget);
    }
    if (!"never".equals(expires.get())) {
      terms = expires.addTo(terms, (all, end) -> all.expiresAt(Times.end(clock, end)));
    }
    terms = notBefore.addTo(terms, (all, date) -> all.notBefore(Times.beginning(date)));
    terms = audiences.addTo(terms, (all, names) -> all.audience(names.toArray(new String[0])));
    terms = maxDepth.addTo(terms, T::maxDepth);
    return verifiedHolders.addTo(terms, T::verifiedHolderOnly);
  }
}
