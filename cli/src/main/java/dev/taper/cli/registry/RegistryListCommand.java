package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.store.registry.Delegated;
import java.time.Instant;
import java.util.List;
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
  /** What a list is grouped by. */
  enum Grouping {
    /** Whose authority it is. */
    DELEGATOR,
    /** Who holds it. */
    AGENT,
    /** What it is for. */
    TASK
  }

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
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    Instant now = console.clock().instant();
    List<Delegated> found = access.find(filter.query(console), revocations.lookUp(console));
    if (json.json()) {
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("time", now.toString());
            out.writeArrayFieldStart("delegations");
            for (Delegated delegation : found) {
              out.writeStartObject();
              RegistryJson.write(out, delegation);
              out.writeEndObject();
            }
            out.writeEndArray();
          });
    } else {
      new RegistryText(console, now).list(found, grouping);
    }
    return ExitCode.OK;
  }
}
