package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.operations.rotation.HolderKeyUse;
import java.time.Instant;

/** {@code taper rotate living}. */
final class RotateLivingCommand extends HolderKeyCommand {
  private final Value<String> key =
      parameter("0", "1", "KEY", "The holder's public key: its text, or a file.").requiredText();

  RotateLivingCommand(Console console) {
    super(
        console,
        "living",
        "List the living delegations that depend on a holder's key: what it holds, what it handed"
            + " on, and when the last of that ends.");
  }

  @Override
  protected ExitCode run() {
    HolderKeyUse use = use(key.get());
    if (json.given()) {
      printJson(fields(use));
      return ExitCode.OK;
    }
    print("holds " + Count.of(use.held().size(), "living delegation"), use.held());
    print("handed on " + Count.of(use.signed().size(), "living delegation"), use.signed());
    Instant last = use.lastEnd();
    if (last != null) {
      print("revoke it as a key " + when(last));
    }
    return ExitCode.OK;
  }

  private String when(Instant last) {
    return last.equals(Instant.MAX)
        ? "when you accept that some of it ends: it has no end of its own"
        : "from "
            + last
            + " on ("
            + HumanTime.fromNow(last, console.clock().instant())
            + "), when the last of it has ended";
  }
}
