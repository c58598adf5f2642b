package dev.taper.cli.policy;

import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an authorizer says and knows.
 *
 * @param policies Datalog with its policies, merged in order
 * @param snapshot a policies snapshot instead, or null
 * @param facts facts about the request, as Datalog text
 * @param time {@code now}, {@code none} or a date
 * @param params values of the parameters in policies and facts, as written
 */
public record AuthorizerInput(
    List<Source> policies,
    @Nullable EncodedInput snapshot,
    List<String> facts,
    String time,
    List<String> params) {
  /** Copies the lists. */
  public AuthorizerInput {
    policies = List.copyOf(policies);
    facts = List.copyOf(facts);
    params = List.copyOf(params);
  }
}
