package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Values of the parameters in Datalog text. */
public final class ParameterOptions {
  @Option(
      names = "--param",
      paramLabel = "KEY[:TYPE]=VALUE",
      description = {
        "Value of a parameter {KEY}. Types: string (the default), integer, date, bytes (hex:...),"
            + " bool, pubkey.",
        "Examples: name=john, age:integer=42, key:pubkey=ed25519/..."
      })
  private List<String> params = new ArrayList<>();

  /** The parameters as written. */
  public List<String> params() {
    return params;
  }
}
