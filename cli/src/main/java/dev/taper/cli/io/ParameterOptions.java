package dev.taper.cli.io;

import dev.taper.datalog.parser.Parameters;
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

  /** True if a parameter is given. */
  public boolean isGiven() {
    return !params.isEmpty();
  }

  /**
   * The values of the parameters.
   *
   * @throws CliException if one has another form
   */
  public Parameters values() {
    return Params.parse(params);
  }
}
