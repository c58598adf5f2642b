package dev.taper.cli.registry;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.review.ItemSelection;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.ReviewDecision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper review certify} and {@code taper review revoke}. */
@Command(name = "decide")
final class ReviewDecideCommand extends ConsoleCommand {
  private final ReviewDecision decision;

  @Parameters(index = "0", paramLabel = "REVIEW", description = "The review's number.")
  private int id;

  @Parameters(index = "1..*", paramLabel = "ITEM", description = "Numbers of items.")
  private List<Integer> items = new ArrayList<>();

  @Option(names = "--all", description = "All items that are open.")
  private boolean all;

  @Option(names = "--agent", paramLabel = "NAME", description = "Open items that it holds.")
  private @Nullable String agent;

  @Option(names = "--task", paramLabel = "ID", description = "Open items for this task.")
  private @Nullable String task;

  @Option(
      names = "--reviewer",
      required = true,
      paramLabel = "NAME",
      description = "Who decides; recorded as stated.")
  private String by = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded.")
  private @Nullable String reason;

  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  ReviewDecideCommand(Console console, ReviewDecision decision) {
    super(console);
    this.decision = decision;
  }

  @Override
  protected ExitCode run() {
    ItemSelection selection = new ItemSelection(items, all, agent, task);
    ReviewBoard board = new ReviewBoard(console.workplace(), registry.required());
    ReviewText text = new ReviewText(console);
    text.review(board.decide(id, decision, selection, by, reason, audit.recorder(console)));
    if (decision == ReviewDecision.REVOKED) {
      text.hint();
    }
    return ExitCode.OK;
  }
}
