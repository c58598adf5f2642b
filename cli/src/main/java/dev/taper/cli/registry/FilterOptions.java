package dev.taper.cli.registry;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which delegations are meant; of several conditions all have to hold. */
public final class FilterOptions {
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

  /** The conditions. */
  public FilterInput input() {
    return new FilterInput(delegator, agent, task, unused, unexercised, expiring, orphaned, deeper);
  }
}
