package dev.taper.datalog;

import java.util.List;

/**
 * What an authorizer says: the contents of a block, and policies.
 *
 * @param block its facts, rules, checks and default scopes
 * @param policies its policies, in order
 */
public record AuthorizerCode(Block block, List<Policy> policies) {
  /** Copies the policies. */
  public AuthorizerCode {
    policies = List.copyOf(policies);
  }

  /** The code as Datalog text, an element a line, each with its semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
