package dev.taper.cli.token;

import dev.taper.agent.Hop;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import java.time.Clock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a token is handed on. */
final class HopOptions extends Arguments {
  private final Flag toSelf = flag("--to-self", "Narrow one's own token; the holder stays.");

  private final Value<@Nullable String> rotateTo =
      option(
              "--rotate-to",
              "KEY",
              "To a new public key of the holder's own, under its name: text or file.")
          .text();

  private final Flag toBearer =
      flag("--to-bearer", "To anyone who has the token; there is no way back to a held one.");

  private final Flag strict =
      flag("--strict", "Refuse what would only be warned of, and sign nothing then.");

  private final HolderOption holder = part(new HolderOption());
  private final TermsOptions terms = part(new TermsOptions());

  /**
   * Refuses a hop that does not say to whom, or says it more than once.
   *
   * @throws CliException if it does
   */
  void check() {
    if (Stream.of(holder.isGiven(), rotateTo.get() != null, toSelf.given(), toBearer.given())
            .filter(is -> is)
            .count()
        != 1) {
      throw CliException.usage(
          "the token is handed on once: --holder NAME=KEY, --rotate-to KEY, --to-self or"
              + " --to-bearer");
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
    Hop hop = terms.addTo(start(keys), clock);
    return strict.given() ? hop.strict() : hop;
  }

  private Hop start(Keys keys) {
    String newKey = rotateTo.get();
    if (newKey != null) {
      return Hop.rotateTo(keys.publicKey(KeyInput.written(newKey)));
    }
    return toSelf.given()
        ? Hop.toSelf()
        : toBearer.given() ? Hop.toBearer() : Hop.to(holder.read(keys));
  }
}
