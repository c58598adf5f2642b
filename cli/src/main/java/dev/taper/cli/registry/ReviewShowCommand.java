package dev.taper.cli.registry;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.Review;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper review show}. */
final class ReviewShowCommand extends JsonCommand {
  private final Value<@Nullable Integer> id =
      parameter("0", "0..1", "REVIEW", "The review's number. Default: all reviews.")
          .optional(Integer.class);

  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());

  ReviewShowCommand(Console console) {
    super(console, "show", "Show a review and its items, or the list of all reviews.");
  }

  @Override
  protected ExitCode run() {
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    if (id.get() != null) {
      Console shown = json.given() ? console : names.shown(console).on(console);
      new ReviewText(shown).print(board.get(id.get()), json.given());
      return ExitCode.OK;
    }
    List<Review> all = board.all();
    if (!json.given()) {
      new ReviewText(console).reviews(all);
      return ExitCode.OK;
    }
    Instant now = console.clock().instant();
    printJson(new JsonFields().rows("reviews", all, review -> RegistryFields.head(review, now)));
    return ExitCode.OK;
  }
}
