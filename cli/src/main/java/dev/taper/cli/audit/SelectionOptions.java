package dev.taper.cli.audit;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.operations.trail.TrailFilter;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an audit log is to tell about. */
final class SelectionOptions extends Arguments {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{8,64}…?");

  private final Value<@Nullable String> task = option("--task", "ID", "Of this task.").text();

  private final Value<@Nullable String> agent =
      option("--agent", "NAME", "Of what this agent, delegator or key was given, handed on or did.")
          .text();

  private final Value<@Nullable String> token =
      option(
              "--token",
              "TOKEN",
              "Of this token and what came of it: a file, or the digest that a record names.")
          .text();

  /**
   * The conditions; all of them must fit.
   *
   * @throws CliException if the token cannot be read
   */
  TrailFilter filter(Console console) {
    return new TrailFilter(
        task.get(), agent.get(), token.get() == null ? null : digest(console, token.get()));
  }

  /**
   * The conditions, of which there must be one.
   *
   * @throws CliException if nothing is asked for, or the token cannot be read
   */
  TrailFilter required(Console console) {
    if (task.get() == null && agent.get() == null && token.get() == null) {
      throw CliException.usage("say of what: --task, --agent or --token");
    }
    return filter(console);
  }

  private static String digest(Console console, String token) {
    if (DIGEST.matcher(token).matches()) {
      return token.replace("…", "");
    }
    String text = new Inputs(console).text(Source.ofFile(token), InputKind.TOKEN).strip();
    List<byte[]> digests = AgentToken.decode(text).blockDigests();
    return HexFormat.of().formatHex(digests.get(digests.size() - 1));
  }
}
