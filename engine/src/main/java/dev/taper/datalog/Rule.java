package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * A rule: for every match of the body, the head becomes a fact. A rule may be unsafe (a head
 * variable that the body does not bind); whoever accepts rules refuses those.
 *
 * @param head what is derived
 * @param body from what
 */
public record Rule(Predicate head, Query body) {
  /** The rule as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }

  /** A rule has a head variable that no predicate of its body binds. */
  public static final class UnsafeRuleException extends TaperException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * Blames a rule.
     *
     * @param code what is wrong
     * @param rule the rule
     */
    public UnsafeRuleException(ErrorCode code, Rule rule) {
      super(code, "the body does not bind every variable of the head: " + rule);
      this.rule = rule.toString();
    }

    /** The rule as Datalog text. */
    public String rule() {
      return rule;
    }
  }
}
