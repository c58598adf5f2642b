package dev.taper.cli.token;

import dev.taper.agent.Agent;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is to hold the token next. */
final class HolderOption {
  @Option(
      names = "--holder",
      paramLabel = "NAME=KEY",
      description = {
        "The next holder and its public key: the key's text (ed25519/...), or a file.",
        "Example: agent:planner=planner.pub"
      })
  private @Nullable String holder;

  /** True if a holder is given. */
  boolean isGiven() {
    return holder != null;
  }

  /**
   * Reads the holder, who must be given.
   *
   * @throws CliException if it has another form
   */
  Agent read(Keys keys) {
    String written = Objects.requireNonNull(holder);
    int equals = written.indexOf('=');
    if (equals <= 0 || equals == written.length() - 1) {
      throw CliException.usage(
          "a holder is written NAME=KEY, such as agent:planner=planner.pub, not " + written);
    }
    KeyInput key = KeyInput.written(written.substring(equals + 1));
    return Agent.of(written.substring(0, equals), keys.publicKey(key));
  }
}
