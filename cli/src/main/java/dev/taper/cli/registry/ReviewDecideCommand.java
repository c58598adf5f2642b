package dev.taper.cli.registry;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.operations.review.ItemSelection;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.ReviewDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper review certify} and {@code taper review revoke}. */
final class ReviewDecideCommand extends JsonCommand {
  private final ReviewDecision decision;

  private final Value<Integer> id =
      parameter("0", "1", "REVIEW", "The review's number.").required(Integer.class, 0);

  private final Value<List<Integer>> items =
      parameter("1..*", "0..*", "ITEM", "Numbers of items.").list(Integer.class);

  private final Flag all = flag("--all", "All items that are open.");

  private final Value<@Nullable String> agent =
      option("--agent", "NAME", "Open items that it holds.").text();

  private final Value<@Nullable String> task =
      option("--task", "ID", "Open items for this task.").text();

  private final Value<String> by =
      option("--reviewer", "NAME", "Who decides; recorded as stated.").requiredText();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why; recorded.").text();

  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());

  ReviewDecideCommand(Console console, String name, String description, ReviewDecision decision) {
    super(console, name, description);
    this.decision = decision;
  }

  @Override
  protected ExitCode run() {
    ItemSelection selection = new ItemSelection(items.get(), all.given(), agent.get(), task.get());
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    ReviewText text = new ReviewText(console);
    text.print(
        board.decide(
            id.get(), decision, selection, by.get(), reason.get(), audit.recorder(console)),
        json.given());
    if (!json.given() && decision == ReviewDecision.REVOKED) {
      text.hint();
    }
    return ExitCode.OK;
  }
}
