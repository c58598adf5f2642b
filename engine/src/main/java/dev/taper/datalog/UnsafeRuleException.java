package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/** A rule has a head variable that no predicate of its body binds. */
public final class UnsafeRuleException extends TaperException {
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
