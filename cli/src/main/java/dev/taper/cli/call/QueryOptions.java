package dev.taper.cli.call;

import dev.taper.authorizer.Authorization;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.datalog.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A question to the facts after evaluation. */
final class QueryOptions {
  @Option(
      names = "--query",
      paramLabel = "RULE",
      description = "Print the facts that a rule derives, such as: user($id) <- user($id)")
  private @Nullable String rule;

  @Option(
      names = "--query-all",
      description = "Query the facts of all blocks, also of those that nobody vouches for.")
  private boolean all;

  /** Which of these options are used. */
  GivenOptions given() {
    return new GivenOptions().add("--query", rule != null).add("--query-all", all);
  }

  /**
   * True if there is a question.
   *
   * @throws CliException for --query-all alone
   */
  boolean hasQuestion() {
    if (rule == null && all) {
      throw CliException.usage("--query-all needs --query");
    }
    return rule != null;
  }

  /** The answers; none without a question. */
  List<Fact> ask(Authorization authorization, ParameterOptions params) {
    return rule == null ? List.of() : Queries.ask(authorization, rule, all, params);
  }
}
