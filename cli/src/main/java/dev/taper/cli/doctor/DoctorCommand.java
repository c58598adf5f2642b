package dev.taper.cli.doctor;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;

/** {@code taper doctor}. */
public final class DoctorCommand extends ConsoleCommand {
  private final DoctorOptions options = part(new DoctorOptions());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public DoctorCommand(Console console) {
    super(
        console,
        "doctor",
        "Look at keys, clock, revocation list, stores, names and catalog, and say what is wrong.",
        "Give it the options that your service or your holder has. It changes nothing, shows no"
            + " secret, and goes on when something is wrong. Exit 0 if nothing is wrong, else 1.");
  }

  @Override
  protected boolean tellsOfMissingFiles() {
    return true;
  }

  @Override
  protected ExitCode run() {
    return new DoctorService(console).run(options, json.json());
  }
}
