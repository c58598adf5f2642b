package dev.taper.assurance.world;

import java.util.Locale;

/** What every history has to hold. */
enum Rule {
  PROOF_ONCE(
      "A proof is good for one call, or for one in each process that did not ask the others."),
  PROOF_IN_TIME(
      "A proof is not taken by a verifier whose clock says that it is too old, or never said that"
          + " it is not too new."),
  GOES_ON_WHEN_SET_BACK(
      "A verifier whose clock was set back goes by the latest time at which it took a proof, and"
          + " refuses none by then as too new."),
  REFUSED_USES_NOTHING(
      "A call that is refused uses up nothing: no proof counts as used that no call took."),
  ALONE_WITHIN_BOUNDS(
      "A verifier goes alone for the time and the calls that it was told, no more."),
  APPROVAL_WITHIN_USES("An approval is good for as many calls as it says."),
  APPROVED_BY_ENOUGH(
      "What has to be approved is allowed by approvals of enough people who count, for that very"
          + " call and token, in their time."),
  RECORDED_AS_NEEDED(
      "A call is recorded with the approvals that it needed, and with no other ones."),
  APPROVED_WHEN_SEEN("Nobody approves what they do not see whole."),
  BUDGET_WITHIN_LIMIT("No budget is exceeded, whoever counted and whatever crashed."),
  TOKEN_IN_ITS_LIFE("A token is not taken by a verifier whose clock says that it has ended."),
  ROOT_KEY_TRUSTED("A verifier that was told that a root key is retired takes nothing by it."),
  FACTS_STAY_WITH_THE_SERVICE("No block of a token learns what the service alone knows."),
  LISTS_LAST_SO_LONG("No list is gone by for longer than it lasts, however often a clock is set."),
  REVOKED_WITHIN_BOUND("Nothing revoked is allowed once every list without it is stale."),
  REVOKED_STAYS_REVOKED("A verifier that has a list in which something is revoked refuses it."),
  CLOSED_WITHOUT_LISTS("A verifier without lists allows nothing."),
  CLOSED_WITHOUT_STORE("A verifier that its store does not answer allows nothing, unless alone."),
  CLOSED_WITHOUT_LOG("A verifier that cannot record a call does not allow it."),
  ACKNOWLEDGED_STAYS_RECORDED("What a log acknowledged is in it, whatever crashed."),
  LOG_VERIFIES("The chain of every log verifies, and the log goes on.");

  private final String text;

  Rule(String text) {
    this.text = text;
  }

  /** Its name in words. */
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The rule in a sentence. */
  String text() {
    return text;
  }
}
