package dev.taper.server.console.people;

import java.util.Locale;

/** What a person does at the pages; each takes a name that is recorded. */
public enum Act {
  /** Refusing what is asked. Approving takes a key, and so another machine: the approver's own. */
  REFUSE,
  /** Starting reviews, certifying and revoking in them. */
  REVIEW,
  /** Revoking by the list's key. */
  REVOKE;

  /** What the pages call it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
