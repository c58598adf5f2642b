package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.operations.config.Times;
import dev.taper.operations.review.ReviewBoard;
import java.time.Instant;

/** {@code taper review start}. */
final class ReviewStartCommand extends JsonCommand {
  private final Value<String> title = option("--title", "TEXT", "Its title.").requiredText();

  private final Value<String> by =
      option("--reviewer", "NAME", "Who starts it; recorded as stated.").requiredText();

  private final Value<String> due =
      option(
              "--due",
              "WHEN",
              "By when everything has to be certified: a duration such as 7d, or a date.")
          .requiredText();

  private final RegistryOption registry = part(new RegistryOption());
  private final FilterOptions filter = part(new FilterOptions());

  ReviewStartCommand(Console console) {
    super(console, "start", "Start a review of what is living now, or of a part of it.");
  }

  @Override
  protected ExitCode run() {
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    Instant end = Times.end(console.clock(), due.get());
    new ReviewText(console)
        .print(board.start(title.get(), by.get(), end, filter.query(console)), json.given());
    return ExitCode.OK;
  }
}
