package dev.taper.cli.revocation;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.revoking.Departure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper offboard}. */
public final class OffboardCommand extends IssuingCommand {
  private final Value<String> person =
      parameter("0", "1", "PERSON", "Who leaves: a name, as tokens and the file of names have it.")
          .requiredText();

  private final Value<List<String>> also =
      option("--also", "NAME", "Another name of the person, or an agent of theirs. Repeatable.")
          .texts();

  private final Flag show = flag("--show", "Only show what would end.");

  private final Flag yes = flag("--yes", "End it without asking.");

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why, for the audit log.").text();

  private final BelievedNames names = part(new BelievedNames());

  /** Runs in the given console. */
  public OffboardCommand(Console console) {
    super(
        console,
        "offboard",
        "End all that rests on a person who leaves: show it, then revoke it in one signed list.",
        "That is what they delegated, handed on and hold by the registry, and the keys that the"
            + " file of names has for them, with what these approved. What agents still hold of"
            + " others stays. Nothing is done if the list cannot be signed or the audit log cannot"
            + " be written.");
    part(registry);
  }

  @Override
  protected ExitCode run() {
    GivenOptions.exclude(show, yes);
    List<String> all = new ArrayList<>(List.of(person.get()));
    all.addAll(also.get());
    NamesFile file = names.read(console);
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    List<String> distinct = List.copyOf(new LinkedHashSet<>(all));
    if (audit.isGiven() && audit.reader(console) == null) {
      Warnings.warn(
          console,
          "the audit log has no record yet, so approvals of theirs are not known, and stay good;"
              + " if it had any, somebody emptied it");
    }
    OffboardService service =
        new OffboardService(
            console,
            () ->
                Departure.of(
                    distinct, file, access, audit.reader(console), console.clock().instant()),
            new KeyNames(file),
            json.given());
    if (show.given()) {
      return service.show();
    }
    return service.end(revoker(), list.place(), yes.given(), reason.get());
  }
}
