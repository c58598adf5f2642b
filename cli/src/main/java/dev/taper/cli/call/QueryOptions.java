package dev.taper.cli.call;

import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A question to the facts after evaluation. */
public final class QueryOptions {
  @Option(
      names = "--query",
      paramLabel = "RULE",
      description = "Print the facts that a rule derives, such as: user($id) <- user($id)")
  private @Nullable String rule;

  @Option(
      names = "--query-all",
      description = "Query the facts of all blocks, also of those that nobody vouches for.")
  private boolean all;

  /** True if any of these options is used. */
  public boolean isGiven() {
    return rule != null || all;
  }

  /**
   * The question; null if there is none.
   *
   * @throws CliException for --query-all alone
   */
  public @Nullable QueryInput query(ParameterOptions params) {
    if (rule == null) {
      if (all) {
        throw CliException.usage("--query-all needs --query");
      }
      return null;
    }
    return new QueryInput(rule, all, params.params());
  }
}
