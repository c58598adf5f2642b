package dev.taper.cli.registry;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.Review;
import org.jspecify.annotations.Nullable;

/** {@code taper review report}. */
final class ReviewReportCommand extends JsonCommand {
  private final Value<Integer> id =
      parameter("0", "1", "REVIEW", "The review's number.").required(Integer.class, 0);

  private final Flag html = flag("--html", "Write one page of HTML, complete in itself.");

  private final Value<@Nullable String> file =
      option("-o, --out", "FILE", "Write the page to a file. Default: standard output.").text();

  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());

  ReviewReportCommand(Console console) {
    super(console, "report", "Report what came of a review, as text, JSON or a page.");
  }

  @Override
  protected ExitCode run() {
    if (html.given() && json.given()) {
      throw CliException.usage("--html and --json exclude each other");
    }
    if (file.get() != null && !html.given()) {
      throw CliException.usage("--out goes with --html; redirect the others");
    }
    Review review = new ReviewBoard(console.workplace(), registry.required()).get(id.get());
    if (!html.given()) {
      Console shown = json.given() ? console : names.shown(console).on(console);
      new ReviewText(shown).print(review, json.given());
      return ExitCode.OK;
    }
    KeyNames shown = names.shown(console);
    String page = new ReviewPage(review, console.clock().instant(), shown).write();
    outputs.secretText(file.get(), page);
    return ExitCode.OK;
  }
}
