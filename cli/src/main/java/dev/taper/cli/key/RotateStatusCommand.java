package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.operations.rotation.RootKeyUse;
import java.util.List;

/** {@code taper rotate status}. */
final class RotateStatusCommand extends RootKeyCommand {

  RotateStatusCommand(Console console) {
    super(console, "status", "Show the root keys and, with --registry, what depends on each.");
  }

  @Override
  protected ExitCode run() {
    List<RootKeyUse> uses = rotation(new AuditOptions()).uses(read());
    return answer(
        () -> new JsonFields().rows("keys", uses, RootKeyCommand::fields),
        () -> uses.forEach(this::printKey));
  }
}
