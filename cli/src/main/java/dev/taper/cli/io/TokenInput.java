package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** The token that a command reads. */
public final class TokenInput extends Arguments {
  private static final String VARIABLE = "TAPER_TOKEN";

  private final Value<@Nullable String> token =
      parameter(
              "0",
              "0..1",
              "TOKEN",
              "File with the token, or - for standard input. Default: the variable TAPER_TOKEN.")
          .text();

  private final Flag raw =
      flag(
          "--raw-input",
          "The token is raw bytes, not base64url text. Without it, bytes are recognised too.");

  /**
   * Where the token comes from.
   *
   * @throws CliException if it is not given
   */
  public EncodedInput input(Console console) {
    return new EncodedInput(source(console, token.get()), raw.given());
  }

  /** The source for a file name, or for TAPER_TOKEN if it is null. */
  public static Source source(Console console, @Nullable String token) {
    if (token != null) {
      return Source.ofFile(token);
    }
    if (console.variable(VARIABLE) == null) {
      throw CliException.usage(
          "the token is missing: name a file, or - for standard input, or set " + VARIABLE);
    }
    return new Source.Variable(VARIABLE);
  }
}
