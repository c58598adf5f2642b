package dev.taper.agent.decision;

import java.util.Locale;

/** The reader that a decision is written for. */
enum DecisionView {
  /** The caller reads what its own chain lacks, and whom to ask. */
  CALLER,
  /** The service's operator reads everything. */
  OPERATOR;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
