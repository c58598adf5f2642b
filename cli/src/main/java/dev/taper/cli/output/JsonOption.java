package dev.taper.cli.output;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Flag;

/** Results for programs. */
public final class JsonOption extends Arguments {
  private final Flag json = flag("--json", "Print the result, or the error, as JSON.");

  /** Whether JSON is wanted. */
  public boolean json() {
    return json.given();
  }
}
