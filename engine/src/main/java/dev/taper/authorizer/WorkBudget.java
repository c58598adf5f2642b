package dev.taper.authorizer;

import dev.taper.datalog.RunLimits;
import dev.taper.datalog.engine.Accounts;

/**
 * Keeps what is left of the steps and the time for all evaluations that draw on it, such as those
 * of one decision. Work that the blocks of a token ask for and work of the service's own code are
 * counted separately, so that neither can use up what the other needs, nor find out how much that
 * is. The time is shared. For one thread.
 */
public final class WorkBudget {
  private final Accounts accounts;

  private WorkBudget(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * Makes a budget; nothing of it is used yet.
   *
   * @param limits how many steps the token and the service each have, and how much time they have
   *     together
   */
  public static WorkBudget of(RunLimits limits) {
    return new WorkBudget(Accounts.separate(limits));
  }

  /** The steps used so far, by the token and by the service. */
  public long stepsUsed() {
    return accounts.stepsUsed();
  }

  Accounts accounts() {
    return accounts;
  }
}
