package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The token that a command reads. */
public final class TokenInput {
  private static final String VARIABLE = "TAPER_TOKEN";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TOKEN",
      description =
          "File with the token, or - for standard input. Default: the variable TAPER_TOKEN.")
  private @Nullable String token;

  @Option(names = "--raw-input", description = "The token is raw bytes, not base64url text.")
  private boolean raw;

  /**
   * Where the token comes from.
   *
   * @throws CliException if it is not given
   */
  public EncodedInput input(Console console) {
    return new EncodedInput(source(console, token), raw);
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
