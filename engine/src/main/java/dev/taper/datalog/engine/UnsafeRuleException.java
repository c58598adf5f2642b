package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Rule;

/** A rule has a head variable that no predicate of its body binds. */
public final class UnsafeRuleException extends TaperException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  UnsafeRuleException(ErrorCode code, Rule rule) {
    super(code, "the body does not bind every variable of the head: " + rule);
    this.rule = rule.toString();
  }

  /** The rule as Datalog text. */
  public String rule() {
    return rule;
  }
}
