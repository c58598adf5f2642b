package dev.taper.cli.token;

import dev.taper.agent.Hop;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Keys;
import java.time.Clock;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a token is handed on. */
final class HopOptions {
  @Option(names = "--to-self", description = "Narrow one's own token; the holder stays.")
  private boolean toSelf;

  @Option(
      names = "--to-bearer",
      description = "To anyone who has the token; there is no way back to a held one.")
  private boolean toBearer;

  @Mixin private final HolderOption holder = new HolderOption();
  @Mixin private final TermsOptions terms = new TermsOptions();

  /**
   * Refuses a hop that does not say to whom, or says it more than once.
   *
   * @throws CliException if it does
   */
  void check() {
    if ((holder.isGiven() ? 1 : 0) + (toSelf ? 1 : 0) + (toBearer ? 1 : 0) != 1) {
      throw CliException.usage(
          "the token is handed on once: --holder NAME=KEY, --to-self or --to-bearer");
    }
    if ("never".equals(terms.expires())) {
      throw CliException.usage("without --expires a hop ends when its parent does");
    }
  }

  /** Whether the token has no holder from then on. */
  boolean toBearer() {
    return toBearer;
  }

  /** The hop. */
  Hop read(Keys keys, Clock clock) {
    Hop hop = toSelf ? Hop.toSelf() : toBearer ? Hop.toBearer() : Hop.to(holder.read(keys));
    return terms.addTo(hop, clock);
  }
}
