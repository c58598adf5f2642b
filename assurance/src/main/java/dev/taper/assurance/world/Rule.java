package dev.taper.assurance.world;

/** What every history has to hold. */
enum Rule {
  PROOF_ONCE(
      "A proof is good for one call, or for one in each process that did not ask the others."),
  PROOF_IN_TIME(
      "A proof is not taken by a verifier whose clock says that it is too old, or never said that"
          + " it is not too new."),
  ALONE_WITHIN_BOUNDS(
      "A verifier goes alone for the time and the calls that it was told, no more."),
  APPROVAL_WITHIN_USES("An approval is good for as many calls as it says."),
  BUDGET_WITHIN_LIMIT("No budget is exceeded, whoever counted and whatever crashed."),
  REVOKED_WITHIN_BOUND("Nothing revoked is allowed once every list without it is stale."),
  REVOKED_STAYS_REVOKED("A verifier that has a list in which something is revoked refuses it."),
  CLOSED_WITHOUT_LISTS("A verifier without lists allows nothing."),
  CLOSED_WITHOUT_STORE("A verifier that its store does not answer allows nothing, unless alone.");

  private final String text;

  Rule(String text) {
    this.text = text;
  }

  /** The rule in a sentence. */
  String text() {
    return text;
  }
}
