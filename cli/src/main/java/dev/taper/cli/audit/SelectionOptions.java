package dev.taper.cli.audit;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.operations.trail.TrailFilter;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an audit log is to tell about. */
final class SelectionOptions {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{8,64}…?");

  @Option(names = "--task", paramLabel = "ID", description = "Of this task.")
  private @Nullable String task;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Of what this agent, delegator or key was given, handed on or did.")
  private @Nullable String agent;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Of this token and what came of it: a file, or the digest that a record names.")
  private @Nullable String token;

  /**
   * The conditions; all of them must fit.
   *
   * @throws CliException if the token cannot be read
   */
  TrailFilter filter(Console console) {
    return new TrailFilter(task, agent, token == null ? null : digest(console, token));
  }

  /**
   * The conditions, of which there must be one.
   *
   * @throws CliException if nothing is asked for, or the token cannot be read
   */
  TrailFilter required(Console console) {
    if (task == null && agent == null && token == null) {
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
