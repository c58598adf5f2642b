package dev.taper.cli.call;

import dev.taper.cli.io.Source;
import java.util.List;

/**
 * A call of a tool, and the service that is called.
 *
 * @param source the call as JSON
 * @param freeText arguments that are neither URLs nor paths, whatever they look like
 * @param audience the service
 */
public record RequestInput(Source source, List<String> freeText, String audience) {
  /** Copies the list. */
  public RequestInput {
    freeText = List.copyOf(freeText);
  }
}
