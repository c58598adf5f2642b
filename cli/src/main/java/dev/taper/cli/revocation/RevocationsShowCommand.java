package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.RevocationListOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper revocations show}. */
@Command(
    name = "show",
    description = {
      "Show a list: number, times, and how much of what it revokes.",
      "It names fingerprints; what they stand for is not in it."
    })
public final class RevocationsShowCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Option(names = "--entries", description = "List the entries too.")
  private boolean entries;

  @Mixin private final RevocationListOptions list = new RevocationListOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public RevocationsShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new RevocationsService(console).show(list.required(), entries, json()).status();
  }
}
