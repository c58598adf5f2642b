package dev.taper.cli.registry;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.operations.config.Times;
import dev.taper.store.registry.RegistryQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which delegations are meant; all conditions have to hold. */
final class FilterOptions {
  @Option(names = "--delegator", paramLabel = "NAME", description = "Of this authority.")
  private @Nullable String delegator;

  @Option(names = "--agent", paramLabel = "NAME", description = "Held by this agent.")
  private @Nullable String agent;

  @Option(names = "--task", paramLabel = "ID", description = "For this task.")
  private @Nullable String task;

  @Option(names = "--unused", description = "On which no call was ever allowed.")
  private boolean unused;

  @Option(names = "--unexercised", description = "With a tool that was never called.")
  private boolean unexercised;

  @Option(names = "--expiring", paramLabel = "DURATION", description = "That end within it.")
  private @Nullable String expiring;

  @Option(
      names = "--orphaned",
      paramLabel = "FILE",
      description = "Granted by people who left: a file with a name a line.")
  private @Nullable String orphaned;

  @Option(
      names = "--deeper",
      paramLabel = "N",
      description = "Handed on more than N times since the first holder.")
  private @Nullable Integer deeper;

  /**
   * The conditions.
   *
   * @throws CliException if one makes no sense, or the names cannot be read
   */
  RegistryQuery query(Console console) {
    RegistryQuery query = RegistryQuery.living().delegator(delegator).holder(agent).task(task);
    if (unused) {
      query = query.neverUsed();
    }
    if (unexercised) {
      query = query.notFullyExercised();
    }
    if (expiring != null) {
      query = query.endsWithin(Times.parseDuration(expiring));
    }
    if (orphaned != null) {
      query = query.grantedBy(names(console, orphaned));
    }
    if (deeper != null) {
      if (deeper < 0) {
        throw CliException.usage("--deeper takes a number from 0");
      }
      query = query.deeperThan(deeper);
    }
    return query;
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
