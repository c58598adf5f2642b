package dev.taper.cli.revocation;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import dev.taper.revocation.RevocationIssuer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a new revocation list is good. */
public final class HorizonOptions extends Arguments {
  private final Value<@Nullable String> nextUpdate =
      option(
              "--next-update",
              "DURATION",
              "How soon the next list is promised; from then on, this one is stale.",
              "Default: as the last list had it; 1d for a first one.")
          .text();

  private final Value<@Nullable String> maxAge =
      option(
              "--max-age",
              "DURATION",
              "How old the list may become at most, up to 31d.",
              "Default: as the last list had it; 7d for a first one.")
          .text();

  /** The horizon that is asked for. */
  public RevocationIssuer.Horizon horizon() {
    return new RevocationIssuer.Horizon(duration(nextUpdate.get()), duration(maxAge.get()));
  }

  private static @Nullable Duration duration(@Nullable String text) {
    return text == null ? null : Times.parseDuration(text);
  }
}
