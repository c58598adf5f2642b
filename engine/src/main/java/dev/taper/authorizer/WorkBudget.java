package dev.taper.authorizer;

import dev.taper.datalog.RunLimits;
import dev.taper.datalog.engine.Accounts;

/**
 * What is left of the steps and the time for all evaluations that draw on it, such as those of one
 * decision. What the blocks of a token ask for and what the service's own code needs are counted
 * apart, so that neither can use up what the other needs, nor find out how much that is; the time
 * is one. For one thread.
 */
public final class WorkBudget {
  private final Accounts accounts;

  private WorkBudget(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * A budget of which nothing is used yet.
   *
   * @param limits how many steps the token and the service have each, and how much time both have
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
