package dev.taper.cli.registry;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.registry.ReviewService.Format;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper review report}. */
@Command(name = "report", description = "Report what came of a review, as text, JSON or a page.")
public final class ReviewReportCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

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

  /** Runs in the given console. */
  public ReviewReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    if (html && json()) {
      throw CliException.usage("--html and --json exclude each other");
    }
    Format format = html ? Format.HTML : json() ? Format.JSON : Format.TEXT;
    return new ReviewService(console).report(registry.required(), id, format, file).status();
  }
}
