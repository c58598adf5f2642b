package dev.taper.agent;

import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;

/** The policy of a service that has none of its own. */
final class PolicyOfChain {
  /** Allows what the chain's own checks allow. */
  static final PolicySet ALLOW =
      PolicySet.of(
          new AuthorizerCode(
              Block.builder().build(),
              List.of(
                  new Policy(
                      Policy.Kind.ALLOW,
                      List.of(
                          new Query(
                              List.of(),
                              List.of(new Expression.Value(new Term.Bool(true))),
                              List.of()))))));

  private PolicyOfChain() {}
}
