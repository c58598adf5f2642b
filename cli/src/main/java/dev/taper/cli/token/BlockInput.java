package dev.taper.cli.token;

import dev.taper.cli.io.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new block shall say.
 *
 * @param source its Datalog, or null to open an editor
 * @param params values of its parameters, as written
 * @param ttl a duration or date after which it no longer holds, or null
 * @param context its context, or null
 */
public record BlockInput(
    @Nullable Source source, List<String> params, @Nullable String ttl, @Nullable String context) {
  /** Copies the list. */
  public BlockInput {
    params = List.copyOf(params);
  }
}
