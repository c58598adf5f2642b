package dev.taper.cli.audit;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.config.Times;
import dev.taper.operations.trail.TrailFilter;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Value<@Nullable String> since =
      option("--since", "TIME", "Of that time or later: a date, or how long ago: 2h, 3d.").text();

  private final Value<@Nullable String> until =
      option("--until", "TIME", "Of before that time: a date, or how long ago.").text();

  private final Value<@Nullable String> tool =
      option("--tool", "TOOL", "About calls of this tool, or of these: jira.*").text();

  private final Flag denied = flag("--denied", "About denied calls alone.");

  private final Flag unminted =
      flag(
          "--unminted",
          "About tokens of which no record says that they were minted, as somebody with a stolen root"
              + " key makes them; needs the issuer's log from its beginning.");

  private final Value<@Nullable String> approver =
      option(
              "--approver",
              "NAME",
              "What this approver approved, and the calls that rest on it: a key, its beginning as"
                  + " it is shown, or a name of the file of names.")
          .text();

  /**
   * The conditions; all of them must fit.
   *
   * @param names who is who, or null
   * @throws CliException if the token cannot be read, or a time is none
   */
  TrailFilter filter(Console console, @Nullable NamesFile names) {
    TrailFilter filter = TrailFilter.all();
    filter = task.addTo(filter, TrailFilter::task);
    filter = agent.addTo(filter, (all, name) -> all.agent(name, known(names, name)));
    filter = token.addTo(filter, (all, named) -> all.token(digest(console, named)));
    Instant from = since.get() == null ? null : Times.past(console.clock(), since.get());
    Instant to = until.get() == null ? null : Times.past(console.clock(), until.get());
    if (from != null && to != null && !from.isBefore(to)) {
      throw CliException.usage(
          "--since has to be before --until: nothing lies between " + from + " and " + to);
    }
    filter = from == null ? filter : filter.since(from);
    filter = to == null ? filter : filter.until(to);
    filter = tool.addTo(filter, TrailFilter::tool);
    filter = denied.addTo(filter, TrailFilter::denied);
    filter = unminted.addTo(filter, TrailFilter::unminted);
    return approver.addTo(filter, (all, name) -> all.approver(name, known(names, name)));
  }

  /**
   * The conditions, of which there must be one.
   *
   * @param names who is who, or null
   * @throws CliException if nothing is asked for, or as {@link #filter}
   */
  TrailFilter required(Console console, @Nullable NamesFile names) {
    if (!isGiven()) {
      throw CliException.usage(
          "say of what: --task, --agent, --token, --tool, --approver, --since, --until, --denied or"
              + " --unminted");
    }
    return filter(console, names);
  }

  /** A name, and the keys that the file of names has for it in any section. */
  private static Set<String> known(@Nullable NamesFile names, String who) {
    Set<String> texts = new HashSet<>();
    texts.add(who);
    if (names != null) {
      for (Map<String, Set<PublicKey>> section :
          List.of(names.agents(), names.approvers(), names.issuers())) {
        section.getOrDefault(who, Set.of()).forEach(key -> texts.add(key.toString()));
      }
    }
    return texts;
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
