package dev.taper.store.registry;

import java.util.Locale;

/** The result of a review for one delegation. */
public enum ReviewDecision {
  /** A reviewer says that it is needed. */
  CERTIFIED,
  /** A reviewer revoked it. */
  REVOKED,
  /** Nobody certified it by the review's date, which revoked it. */
  LAPSED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The decision in lower case, as stored and printed. */
  public String text() {
    return text;
  }

  static ReviewDecision ofText(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
