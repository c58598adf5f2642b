package dev.taper.cli.audit;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for.
 *
 * @param task a task's id, or null
 * @param agent a name or key, or null
 * @param token a file with a token, or the digest of one or its first digits, or null
 */
public record SelectionInput(
    @Nullable String task, @Nullable String agent, @Nullable String token) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{8,64}…?");

  /**
   * Reads the token, if there is one.
   *
   * @throws CliException if it cannot be read
   */
  Selection read(Console console) {
    return new Selection(task, agent, token == null ? null : digest(console, token));
  }

  /**
   * The same, of something at least.
   *
   * @throws CliException if nothing is asked for, or the token cannot be read
   */
  Selection required(Console console) {
    if (task == null && agent == null && token == null) {
      throw CliException.usage("say of what: --task, --agent or --token");
    }
    return read(console);
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
