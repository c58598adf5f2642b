package dev.taper.datalog;

import java.util.List;

/**
 * The code of an authorizer: the contents of a block, and policies.
 *
 * @param block its facts, rules, checks and default scopes
 * @param policies its policies, in order
 */
public record AuthorizerCode(Block block, List<Policy> policies) {
  /** Copies the policies. */
  public AuthorizerCode {
    policies = List.copyOf(policies);
  }

  /** Returns the code as Datalog text, one element on each line, with its semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
