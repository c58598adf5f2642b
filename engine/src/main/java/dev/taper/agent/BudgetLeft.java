package dev.taper.agent;

/**
 * What is left of a budget that a call would charge, for the service's operator. Immutable and
 * thread-safe.
 *
 * @param hop whose budget it is
 * @param store where it is counted
 * @param limit the most that it allows, in calls or in millionths of its unit
 * @param left how much of that is left, at the moment of asking
 */
public record BudgetLeft(DelegationHop hop, String store, long limit, long left) {
  /** Names, and the amounts as they are counted. */
  @Override
  public String toString() {
    return "hop " + hop.block() + ": " + left + " of " + limit + " left in " + store;
  }
}
