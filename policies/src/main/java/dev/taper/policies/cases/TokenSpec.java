package dev.taper.policies.cases;

import dev.taper.datalog.Block;
import dev.taper.token.TokenKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as a case describes it. Immutable.
 *
 * @param delegator whose authority it is
 * @param task the task
 * @param authority what the authority block says besides, possibly nothing
 * @param hops its holders, the first one first; at least one
 * @param mode how it is presented
 */
record TokenSpec(String delegator, String task, Block authority, List<HopSpec> hops, TokenKind mode)
    implements CaseToken {
  TokenSpec {
    hops = List.copyOf(hops);
  }

  /**
   * One holder, and what it is given.
   *
   * @param holder its name
   * @param grants alternatives, in the text form of grants; none for all that is left
   * @param expires until when, counted from the making of the token; null for an hour (the first
   *     holder) or as long as its parent
   * @param audience the services it may be used at; none for all
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
