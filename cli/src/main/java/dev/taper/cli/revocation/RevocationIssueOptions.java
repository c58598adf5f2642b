package dev.taper.cli.revocation;

import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Place;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A revocation list that is issued, and by whom. */
public final class RevocationIssueOptions {
  @Option(
      names = "--revocations",
      paramLabel = "LIST",
      required = true,
      description = {
        "Where the signed list is kept; it is made if there is none.",
        "A file, or a database that others share: " + Place.DATABASE + "."
      })
  private String list = "";

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();

  @Mixin private final HorizonOptions horizon = new HorizonOptions();

  /** What is issued. */
  public RevocationIssueInput input(Console console) {
    return new RevocationIssueInput(Place.written(list), key.input(console), horizon.horizon());
  }
}
