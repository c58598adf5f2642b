package dev.taper.policies.cases;

import dev.taper.datalog.Block;
import dev.taper.token.Token;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as a case describes it. Immutable.
 *
 * @param delegator whose authority it is
 * @param task the task
 * @param authority the further contents of the authority block, possibly empty
 * @param hops its holders in order; at least one
 * @param mode the kind in which it is used
 */
record TokenSpec(
    String delegator, String task, Block authority, List<HopSpec> hops, Token.Kind mode)
    implements CaseToken {
  TokenSpec {
    hops = List.copyOf(hops);
  }

  /**
   * One holder, and what it is given.
   *
   * @param holder its name
   * @param grants alternatives, in the text form of grants; none to grant all that is left
   * @param expires its lifetime, counted from the making of the token; null for an hour (the first
   *     holder) or as long as its parent
   * @param audience the services at which it may be used; none for all
   * @param maxDepth how often it may be handed on, or null
   */
  record HopSpec(
      String holder,
      List<String> grants,
      @Nullable Duration expires,
      List<String> audience,
      @Nullable Integer maxDepth) {
    HopSpec {
      grants = List.copyOf(grants);
      audience = List.copyOf(audience);
    }
  }
}
