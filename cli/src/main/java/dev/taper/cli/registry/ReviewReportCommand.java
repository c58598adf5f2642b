package dev.taper.cli.registry;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.Review;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper review report}. */
@Command(name = "report", description = "Report what came of a review, as text, JSON or a page.")
final class ReviewReportCommand extends ConsoleCommand {
  @Parameters(index = "0", paramLabel = "REVIEW", description = "The review's number.")
  private int id;

  @Option(names = "--html", description = "Write one page of HTML, complete in itself.")
  private boolean html;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write the page to a file. Default: standard output.")
  private @Nullable String file;

  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  ReviewReportCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (html && json.json()) {
      throw CliException.usage("--html and --json exclude each other");
    }
    if (file != null && !html) {
      throw CliException.usage("--out goes with --html; redirect the others");
    }
    Review review = new ReviewBoard(console.workplace(), registry.required()).get(id);
    if (!html) {
      new ReviewText(console).print(review, json.json());
      return ExitCode.OK;
    }
    String page = new ReviewPage(review, console.clock().instant()).write();
    new Outputs(console).secretText(file, page);
    return ExitCode.OK;
  }
}
