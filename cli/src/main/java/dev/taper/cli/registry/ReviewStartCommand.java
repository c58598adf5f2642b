package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.config.Times;
import dev.taper.operations.review.ReviewBoard;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper review start}. */
@Command(name = "start", description = "Start a review of what is living now, or of a part of it.")
final class ReviewStartCommand extends ConsoleCommand {
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

  ReviewStartCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    Instant end = Times.end(console.clock(), due);
    new ReviewText(console).review(board.start(title, by, end, filter.query(console)));
    return ExitCode.OK;
  }
}
