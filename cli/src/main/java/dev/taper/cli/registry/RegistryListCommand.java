package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.registry.RegistryService.Grouping;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper registry list}. */
@Command(
    name = "list",
    description = {
      "List living delegations: not ended, revoked or lapsed, nor anything they stand on; by the"
          + " registry, and by the revocation list if one is given.",
      "Calls count for every hand-over of the chain they were made with."
    })
final class RegistryListCommand extends ConsoleCommand {
  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "Group by delegator, agent or task. Default: delegator.")
  private Grouping grouping = Grouping.DELEGATOR;

  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final RevocationListOptions revocations = new RevocationListOptions();
  @Mixin private final FilterOptions filter = new FilterOptions();
  @Mixin private final JsonOption json = new JsonOption();

  RegistryListCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RegistryService(console, registry.required())
        .list(filter, revocations, grouping, json.json());
  }
}
