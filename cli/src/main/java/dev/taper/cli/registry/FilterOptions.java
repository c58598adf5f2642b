package dev.taper.cli.registry;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import dev.taper.store.registry.RegistryQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which delegations are meant; all conditions have to hold. */
final class FilterOptions extends Arguments {
  private final Value<@Nullable String> delegator =
      option("--delegator", "NAME", "Of this authority.").text();

  private final Value<@Nullable String> agent =
      option("--agent", "NAME", "Held by this agent.").text();

  private final Value<@Nullable String> task = option("--task", "ID", "For this task.").text();

  private final Flag unused = flag("--unused", "On which no call was ever allowed.");

  private final Flag unexercised = flag("--unexercised", "With a tool that was never called.");

  private final Value<@Nullable String> expiring =
      option("--expiring", "DURATION", "That end within it.").text();

  private final Value<@Nullable String> orphaned =
      option("--orphaned", "FILE", "Granted by people who left: a file with a name a line.").text();

  private final Value<@Nullable Integer> deeper =
      option("--deeper", "N", "Handed on more than N times since the first holder.")
          .optional(Integer.class);

  /**
   * The conditions.
   *
   * @throws CliException if one makes no sense, or the names cannot be read
   */
  RegistryQuery query(Console console) {
    RegistryQuery query =
        RegistryQuery.living().delegator(delegator.get()).holder(agent.get()).task(task.get());
    query = unused.addTo(query, RegistryQuery::neverUsed);
    query = unexercised.addTo(query, RegistryQuery::notFullyExercised);
    query = expiring.addTo(query, (all, time) -> all.endsWithin(Times.parseDuration(time)));
    query = orphaned.addTo(query, (all, file) -> all.grantedBy(names(console, file)));
    if (deeper.get() != null && deeper.get() < 0) {
      throw CliException.usage("--deeper takes a number from 0");
    }
    return deeper.addTo(query, RegistryQuery::deeperThan);
  }

  private static List<String> names(Console console, String file) {
    List<String> names =
        new Inputs(console)
            .text(Source.ofFile(file), InputKind.NAMES)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (names.isEmpty()) {
      throw CliException.usage("the file of people who left has no name in it: " + file);
    }
    return names;
  }
}
