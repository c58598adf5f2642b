package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.JsonOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code taper review show}. */
@Command(name = "show", description = "Show a review and its items, or the list of all reviews.")
final class ReviewShowCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REVIEW",
      description = "The review's number. Default: all reviews.")
  private @Nullable Integer id;

  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  ReviewShowCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new ReviewService(console, registry.required()).show(id, json.json());
  }
}
