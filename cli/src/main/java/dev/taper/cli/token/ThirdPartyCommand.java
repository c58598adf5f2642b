package dev.taper.cli.token;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper third-party}, a group. */
public final class ThirdPartyCommand extends CommandGroup {
  /** Runs in the given console. */
  public ThirdPartyCommand(Console console) {
    super(
        console,
        "third-party",
        List.of(
            new ThirdPartyRequestCommand(console),
            new ThirdPartySignCommand(console),
            new ThirdPartyAppendCommand(console)),
        "Blocks that somebody else signs.",
        "The holder of a token makes a request, the third party signs a block for it, the holder"
            + " appends that block.");
  }
}
