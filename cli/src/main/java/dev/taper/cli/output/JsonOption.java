package dev.taper.cli.output;

import picocli.CommandLine.Option;

/** Results for programs. */
public final class JsonOption {
  @Option(names = "--json", description = "Print the result, or the error, as JSON.")
  private boolean json;

  /** Whether JSON is wanted. */
  public boolean json() {
    return json;
  }
}
