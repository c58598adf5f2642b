package dev.taper.cli.call;

import dev.taper.authorizer.Authorization;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Value;
import dev.taper.datalog.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question to the facts after evaluation. */
final class QueryOptions extends Arguments {
  private final Value<@Nullable String> rule =
      option(
              "--query",
              "RULE",
              "Print the facts that a rule derives, such as: user($id) <- user($id)")
          .text();

  private final Flag all =
      flag("--query-all", "Query the facts of all blocks, also of those that nobody vouches for.");

  /**
   * True if there is a question.
   *
   * @throws CliException for --query-all alone
   */
  boolean hasQuestion() {
    if (rule.get() == null && all.given()) {
      throw CliException.usage("--query-all needs --query");
    }
    return rule.get() != null;
  }

  /** The answers; none without a question. */
  List<Fact> ask(Authorization authorization, ParameterOptions params) {
    return rule.get() == null
        ? List.of()
        : Queries.ask(authorization, rule.get(), all.given(), params);
  }
}
