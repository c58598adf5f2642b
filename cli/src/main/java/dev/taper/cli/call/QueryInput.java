package dev.taper.cli.call;

import java.util.List;

/**
 * A question to the facts after evaluation.
 *
 * @param rule a rule as Datalog text; its head is the form of the answers
 * @param all whether to ask the facts of all blocks, also those that nobody vouches for
 * @param params values of its parameters, as written
 */
public record QueryInput(String rule, boolean all, List<String> params) {
  /** Copies the list. */
  public QueryInput {
    params = List.copyOf(params);
  }
}
