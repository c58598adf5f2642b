package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.RevocationListOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper revocations verify}. */
@Command(
    name = "verify",
    description = {
      "Take a list as a service does.",
      "Prints FRESH (exit 0) or STALE (exit 1); a list that is refused is an error (exit 3)."
    })
public final class RevocationsVerifyCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Mixin private final RevocationListOptions list = new RevocationListOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public RevocationsVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new RevocationsService(console).verify(list.required(), json()).status();
  }
}
