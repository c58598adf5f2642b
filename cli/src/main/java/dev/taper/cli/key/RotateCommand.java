package dev.taper.cli.key;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper rotate}, a group. */
public final class RotateCommand extends CommandGroup {
  /** Runs in the given console. */
  public RotateCommand(Console console) {
    super(
        console,
        "rotate",
        List.of(
            new RotateStartCommand(console),
            new RotateStatusCommand(console),
            new RotateRetireCommand(console),
            new RotateLivingCommand(console),
            new RotateMoveCommand(console),
            new RotateFinishCommand(console),
            new RotateAuditCommand(console)),
        "Replace a key: of an issuer, a holder or an audit log.",
        "Root keys: start adds a new one, and lets the others end after an overlap in which both are"
            + " good; retire takes an old one away. Holders' keys: living lists what depends on one;"
            + " move gives its tokens to the new one; finish revokes the old one when nothing it"
            + " signed lives any more. Logs: audit.");
  }
}
