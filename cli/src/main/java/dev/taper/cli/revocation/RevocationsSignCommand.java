package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper revocations sign}. */
@Command(
    name = "sign",
    description = {
      "Issue the list anew: one snapshot with the next number, without what has ended.",
      "Run it before the next update is due; services deny every call with a stale list."
    })
public final class RevocationsSignCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RevocationIssueOptions list = new RevocationIssueOptions();

  /** Runs in the given console. */
  public RevocationsSignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new RevokeService(console).sign(list.input(console)).status();
  }
}
