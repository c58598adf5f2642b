package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * A rule: for every match of the body, the head becomes a fact. A rule can be unsafe (its head has
 * a variable that the body does not bind); code that accepts rules refuses unsafe ones.
 *
 * @param head the fact that is derived
 * @param body what it is derived from
 */
public record Rule(Predicate head, Query body) {
  /** The rule as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }

  /**
   * The rule as Datalog text, cut short with an ellipsis.
   *
   * @param most the most characters, at least 2
   */
  public String text(int most) {
    return Printer.print(this, most);
  }

  /** Says that a rule has a head variable that no predicate of its body binds. */
  public static final class UnsafeRuleException extends TaperException {
    private static final long serialVersionUID = 1L;

    /** The most characters of the rule: a short token can hold a long text many times. */
    private static final int LONGEST = 1_024;

    private final String rule;

    /**
     * Makes an exception for a rule.
     *
     * @param code the error
     * @param rule the rule
     */
    public UnsafeRuleException(ErrorCode code, Rule rule) {
      this(code, rule.text(LONGEST));
    }

    private UnsafeRuleException(ErrorCode code, String rule) {
      super(code, "the body does not bind every variable of the head: " + rule);
      this.rule = rule;
    }

    /** The rule as Datalog text; what is very long is cut short. */
    public String rule() {
      return rule;
    }
  }
}
