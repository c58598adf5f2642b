package dev.taper.cli.token;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is granted, and under which conditions. */
public final class TermsOptions {
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

  /** What is granted. */
  public TermsInput input() {
    return new TermsInput(grants, expires, notBefore, audiences, maxDepth, verifiedHolders);
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
