package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper review start}. */
@Command(name = "start", description = "Start a review of what is living now, or of a part of it.")
public final class ReviewStartCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--title", required = true, paramLabel = "TEXT", description = "Its title.")
  private String title = "";

  @Option(
      names = "--reviewer",
      required = true,
      paramLabel = "NAME",
      description = "Who starts it; recorded as stated.")
  private String by = "";

  @Option(
      names = "--due",
      required = true,
      paramLabel = "WHEN",
      description = "By when everything has to be certified: a duration such as 7d, or a date.")
  private String due = "";

  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final FilterOptions filter = new FilterOptions();

  /** Runs in the given console. */
  public ReviewStartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new ReviewService(console)
        .start(registry.required(), title, by, due, filter.input())
        .status();
  }
}
