package dev.taper.cli.registry;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Waiting;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.store.registry.Delegated;
import java.time.Instant;
import java.util.List;

/** {@code taper registry list}. */
final class RegistryListCommand extends JsonCommand {
  /** What a list is grouped by. */
  enum Grouping {
    /** Whose authority it is. */
    DELEGATOR,
    /** Who holds it. */
    AGENT,
    /** What it is for. */
    TASK
  }

  private final Value<Grouping> grouping =
      option("--by", "WHAT", "Group by delegator, agent or task. Default: delegator.")
          .typed(Grouping.class, Grouping.DELEGATOR);

  private final RegistryOption registry = part(new RegistryOption());
  private final RevocationListOptions revocations = part(new RevocationListOptions());
  private final FilterOptions filter = part(new FilterOptions());
  private final NamesOption names = part(new NamesOption());

  RegistryListCommand(Console console) {
    super(
        console,
        "list",
        "List living delegations: not ended, revoked or lapsed, nor anything they stand on; by the"
            + " registry, and by the revocation list if one is given.",
        "Calls count for every hand-over of the chain they were made with.");
  }

  @Override
  protected ExitCode run() {
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    Instant now = console.clock().instant();
    List<Delegated> found =
        Waiting.during(
            console,
            "asking the registry",
            json.given(),
            () -> access.find(filter.query(console), revocations.lookUp(console)));
    return answer(
        () -> new JsonFields().put("time", now).rows("delegations", found, RegistryFields::of),
        () -> new RegistryText(names.shown(console).on(console), now).list(found, grouping.get()));
  }
}
