package dev.taper.authorizer;

import java.util.Locale;

/** The decision in one word. Only {@link #ALLOWED} allows. */
public enum DecisionCode {
  /** An allow policy matched and every check held. */
  ALLOWED,
  /** An allow policy matched, but a check failed. */
  CHECK_FAILED,
  /** A deny policy matched first. */
  POLICY_DENIED,
  /** No policy matched. */
  NO_MATCHING_POLICY;

  /** The stable code in lower case, as printed and logged. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
