package dev.taper.cli.io;

import dev.taper.datalog.parser.Parameters;
import java.util.List;

/** Values of the parameters in Datalog text. */
public final class ParameterOptions extends Arguments {
  private final Value<List<String>> params =
      option(
              "--param",
              "KEY[:TYPE]=VALUE",
              "Value of a parameter {KEY}. Types: string (the default), integer, date, bytes (hex:...),"
                  + " bool, pubkey.",
              "Examples: name=john, age:integer=42, key:pubkey=ed25519/...")
          .texts();

  /**
   * The values of the parameters.
   *
   * @throws CliException if one has another form
   */
  public Parameters values() {
    return Params.parse(params.get());
  }
}
