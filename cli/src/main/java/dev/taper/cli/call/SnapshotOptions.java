package dev.taper.cli.call;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the snapshots of an authorization go. */
public final class SnapshotOptions {
  @Option(
      names = "--dump-snapshot",
      paramLabel = "FILE",
      description = "Save the whole authorization, to look at it later; it carries no signatures.")
  private @Nullable String authorization;

  @Option(
      names = "--dump-policies-snapshot",
      paramLabel = "FILE",
      description = "Save the authorizer's policies, without the token and the request's facts.")
  private @Nullable String policies;

  @Option(names = "--raw-snapshot", description = "Save raw bytes, not base64url text.")
  private boolean raw;

  /** True if any of these options is used. */
  public boolean isGiven() {
    return authorization != null || policies != null || raw;
  }

  /** Where they go. */
  public SnapshotTargets targets() {
    return new SnapshotTargets(authorization, policies, raw);
  }
}
