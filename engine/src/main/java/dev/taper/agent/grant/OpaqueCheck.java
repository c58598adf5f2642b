package dev.taper.agent.grant;

import dev.taper.datalog.Check;

/**
 * A check of no canonical shape: it is enforced like any other, but only its Datalog says what it
 * means.
 *
 * @param check the check as it stands
 */
record OpaqueCheck(Check check) implements Caveat {
  /** The most characters that are shown of it. */
  private static final int LONGEST = 4_096;

  @Override
  public String words() {
    return words(LONGEST);
  }

  @Override
  public String words(int enough) {
    return check.text(Math.min(enough, LONGEST));
  }
}
