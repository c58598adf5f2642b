package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.token.HopInput.Next;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a token is handed on. */
public final class HopOptions {
  @Option(names = "--to-self", description = "Narrow one's own token; the holder stays.")
  private boolean toSelf;

  @Option(
      names = "--to-bearer",
      description = "To whoever has the token; there is no way back to a held one.")
  private boolean toBearer;

  @Mixin private final HolderOption holder = new HolderOption();
  @Mixin private final TermsOptions terms = new TermsOptions();

  /**
   * How.
   *
   * @throws CliException if it is not said to whom, or more than once
   */
  public HopInput input() {
    HolderInput next = holder.input();
    TermsInput left = terms.input();
    if ((next != null ? 1 : 0) + (toSelf ? 1 : 0) + (toBearer ? 1 : 0) != 1) {
      throw CliException.usage(
          "the token is handed on once: --holder NAME=KEY, --to-self or --to-bearer");
    }
    if ("never".equals(left.expires())) {
      throw CliException.usage("without --expires a hop ends when its parent does");
    }
    return new HopInput(next != null ? Next.HOLDER : toSelf ? Next.SELF : Next.BEARER, next, left);
  }
}
