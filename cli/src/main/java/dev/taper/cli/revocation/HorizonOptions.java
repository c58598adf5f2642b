package dev.taper.cli.revocation;

import dev.taper.operations.config.Times;
import dev.taper.revocation.Horizon;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a new revocation list is good. */
public final class HorizonOptions {
  @Option(
      names = "--next-update",
      paramLabel = "DURATION",
      description = {
        "How soon the next list is promised; from then on, this one is stale.",
        "Default: as the last list had it; 1d for a first one."
      })
  private @Nullable String nextUpdate;

  @Option(
      names = "--max-age",
      paramLabel = "DURATION",
      description = {
        "How old the list may become at most, up to 31d.",
        "Default: as the last list had it; 7d for a first one."
      })
  private @Nullable String maxAge;

  /** The horizon that is asked for. */
  public Horizon horizon() {
    return new Horizon(duration(nextUpdate), duration(maxAge));
  }

  private static @Nullable Duration duration(@Nullable String text) {
    return text == null ? null : Times.parseDuration(text);
  }
}
