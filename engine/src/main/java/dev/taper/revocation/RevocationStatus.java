package dev.taper.revocation;

import java.util.Locale;

/** Whether a list can be relied on. */
public enum RevocationStatus {
  /** It is as new as its issuer promised. */
  FRESH,
  /** Its next update is past, or it is older than its issuer lets it become. */
  STALE,
  /** There is none, or not yet one as new as was seen before. */
  UNAVAILABLE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The status in lower case, as printed and logged. */
  public String text() {
    return text;
  }
}
