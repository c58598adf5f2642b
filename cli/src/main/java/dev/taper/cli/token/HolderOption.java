package dev.taper.cli.token;

import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.KeyFormat;
import dev.taper.cli.io.KeyInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is to hold the token next. */
public final class HolderOption {
  @Option(
      names = "--holder",
      paramLabel = "NAME=KEY",
      description = {
        "The next holder and its public key: the key's text (ed25519/...), or a file.",
        "Example: agent:planner=planner.pub"
      })
  private @Nullable String holder;

  /**
   * The holder; null if none was given.
   *
   * @throws CliException if it is not of the form
   */
  public @Nullable HolderInput input() {
    if (holder == null) {
      return null;
    }
    int equals = holder.indexOf('=');
    if (equals <= 0 || equals == holder.length() - 1) {
      throw CliException.usage(
          "a holder is written NAME=KEY, such as agent:planner=planner.pub, not " + holder);
    }
    KeyInput key =
        new KeyInput(
            PublicKeyInput.source(holder.substring(equals + 1)), KeyFormat.AUTO, null, null);
    return new HolderInput(holder.substring(0, equals), key);
  }
}
