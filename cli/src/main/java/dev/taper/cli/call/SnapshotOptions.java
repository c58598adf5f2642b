package dev.taper.cli.call;

import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.Tokens;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the snapshots of an authorization go. */
final class SnapshotOptions {
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

  /** Which of these options are used. */
  GivenOptions given() {
    return new GivenOptions()
        .add("--dump-snapshot", authorization != null)
        .add("--dump-policies-snapshot", policies != null)
        .add("--raw-snapshot", raw);
  }

  /** Saves the policies, if that is asked for. */
  void savePolicies(Tokens tokens, Supplier<Snapshot> snapshot) {
    save(tokens, policies, snapshot);
  }

  /** Saves the whole authorization, if that is asked for. */
  void saveAuthorization(Tokens tokens, Supplier<Snapshot> snapshot) {
    save(tokens, authorization, snapshot);
  }

  private void save(Tokens tokens, @Nullable String file, Supplier<Snapshot> made) {
    if (file != null) {
      Snapshot snapshot = made.get();
      tokens.write(file, raw, snapshot::encode, snapshot::encodeBase64);
    }
  }
}
