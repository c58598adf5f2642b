package dev.taper.cli.call;

import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the snapshots of an authorization go. */
final class SnapshotOptions extends Arguments {
  private final Value<@Nullable String> authorization =
      option(
              "--dump-snapshot",
              "FILE",
              "Save the whole authorization, to look at it later; it carries no signatures.")
          .text();

  private final Value<@Nullable String> policies =
      option(
              "--dump-policies-snapshot",
              "FILE",
              "Save the authorizer's policies, without the token and the request's facts.")
          .text();

  private final Flag raw = flag("--raw-snapshot", "Save raw bytes, not base64url text.");

  /** Saves the policies, if that is asked for. */
  void savePolicies(Tokens tokens, Supplier<Snapshot> snapshot) {
    save(tokens, policies.get(), snapshot);
  }

  /** Saves the whole authorization, if that is asked for. */
  void saveAuthorization(Tokens tokens, Supplier<Snapshot> snapshot) {
    save(tokens, authorization.get(), snapshot);
  }

  private void save(Tokens tokens, @Nullable String file, Supplier<Snapshot> made) {
    if (file != null) {
      Snapshot snapshot = made.get();
      tokens.write(file, raw.given(), snapshot::encode, snapshot::encodeBase64);
    }
  }
}
