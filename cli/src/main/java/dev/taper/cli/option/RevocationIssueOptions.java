package dev.taper.cli.option;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Place;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.service.RevocationIssueInput;
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

  @Option(
      names = "--next-update",
      paramLabel = "DURATION",
      defaultValue = "1d",
      description = "How soon the next list is promised; from then on, this one is stale (1d).")
  private String nextUpdate = "1d";

  @Option(
      names = "--max-age",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description = "How old the list may become at most, up to 31d (7d).")
  private String maxAge = "7d";

  /** What is issued. */
  public RevocationIssueInput input(Console console) {
    return new RevocationIssueInput(
        Place.written(list),
        key.input(console),
        HumanTime.parseDuration(nextUpdate),
        HumanTime.parseDuration(maxAge));
  }
}
