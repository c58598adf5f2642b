package dev.taper.cli.option;

import dev.taper.cli.service.SnapshotTargets;
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

  /** Those of these options that are used. */
  public GivenOptions given() {
    return new GivenOptions()
        .add("--dump-snapshot", authorization != null)
        .add("--dump-policies-snapshot", policies != null)
        .add("--raw-snapshot", raw);
  }

  /** Where they go. */
  public SnapshotTargets targets() {
    return new SnapshotTargets(authorization, policies, raw);
  }
}
