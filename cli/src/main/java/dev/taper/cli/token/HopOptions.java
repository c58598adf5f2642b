package dev.taper.cli.token;

import dev.taper.agent.Hop;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Keys;
import java.time.Clock;

/** How a token is handed on. */
final class HopOptions extends Arguments {
  private final Flag toSelf = flag("--to-self", "Narrow one's own token; the holder stays.");

  private final Flag toBearer =
      flag("--to-bearer", "To anyone who has the token; there is no way back to a held one.");

  private final HolderOption holder = part(new HolderOption());
  private final TermsOptions terms = part(new TermsOptions());

  /**
   * Refuses a hop that does not say to whom, or says it more than once.
   *
   * @throws CliException if it does
   */
  void check() {
    if ((holder.isGiven() ? 1 : 0) + (toSelf.given() ? 1 : 0) + (toBearer.given() ? 1 : 0) != 1) {
      throw CliException.usage(
          "the token is handed on once: --holder NAME=KEY, --to-self or --to-bearer");
    }
    if ("never".equals(terms.expires())) {
      throw CliException.usage("without --expires a hop ends when its parent does");
    }
  }

  /** Whether the token has no holder from then on. */
  boolean toBearer() {
    return toBearer.given();
  }

  /** The hop. */
  Hop read(Keys keys, Clock clock) {
    Hop hop =
        toSelf.given()
            ? Hop.toSelf()
            : toBearer.given() ? Hop.toBearer() : Hop.to(holder.read(keys));
    return terms.addTo(hop, clock);
  }
}
