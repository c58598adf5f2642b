package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.Review;
import java.time.Instant;
import java.util.List;
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
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    if (id != null) {
      new ReviewText(console).print(board.get(id), json.json());
      return ExitCode.OK;
    }
    List<Review> all = board.all();
    if (!json.json()) {
      new ReviewText(console).reviews(all);
      return ExitCode.OK;
    }
    Instant now = console.clock().instant();
    Json.object(
        console.out(),
        out -> {
          out.writeArrayFieldStart("reviews");
          for (Review review : all) {
            out.writeStartObject();
            ReviewJson.head(out, review, now);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
    return ExitCode.OK;
  }
}
