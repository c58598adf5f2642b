package dev.taper.cli.option;

import dev.taper.cli.io.CliException;
import dev.taper.cli.service.QueryInput;
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

  /** Those of these options that are used. */
  public GivenOptions given() {
    return new GivenOptions().add("--query", rule != null).add("--query-all", all);
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
