package dev.taper.cli.token;

import dev.taper.agent.delegation.Agent;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is to hold the token next. */
final class HolderOption extends Arguments {
  private final Value<@Nullable String> holder =
      option(
              "--holder",
              "NAME=KEY",
              "The next holder and its public key: the key's text (ed25519/...), or a file.",
              "Example: agent:planner=planner.pub")
          .text();

  /**
   * Reads the holder, who must be given.
   *
   * @throws CliException if it has another form
   */
  Agent read(Keys keys) {
    String written = Objects.requireNonNull(holder.get());
    int equals = written.indexOf('=');
    if (equals <= 0 || equals == written.length() - 1) {
      throw CliException.usage(
          "a holder is written NAME=KEY, such as agent:planner=planner.pub, not " + written);
    }
    KeyInput key = KeyInput.written(written.substring(equals + 1));
    return Agent.of(written.substring(0, equals), keys.publicKey(key));
  }
}
