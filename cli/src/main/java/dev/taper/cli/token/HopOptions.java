package dev.taper.cli.token;

import dev.taper.agent.Hop;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import java.time.Clock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a token is handed on. */
final class HopOptions {
  @Option(names = "--to-self", description = "Narrow one's own token; the holder stays.")
  private boolean toSelf;

  @Option(
      names = "--rotate-to",
      paramLabel = "KEY",
      description = "To a new public key of the holder's own, under its name: text or file.")
  private @Nullable String rotateTo;

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
    if (Stream.of(holder.isGiven(), rotateTo != null, toSelf, toBearer).filter(is -> is).count()
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
    return toBearer;
  }

  /** The hop. */
  Hop read(Keys keys, Clock clock) {
    return terms.addTo(start(keys), clock);
  }

  private Hop start(Keys keys) {
    if (rotateTo != null) {
      return Hop.rotateTo(keys.publicKey(KeyInput.written(rotateTo)));
    }
    return toSelf ? Hop.toSelf() : toBearer ? Hop.toBearer() : Hop.to(holder.read(keys));
  }
}
