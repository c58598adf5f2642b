package dev.taper.agent;

import java.util.Locale;

/** For whom a decision is written. */
enum DecisionView {
  /** Whoever made the call: what its own chain lacks, and whom to ask. */
  CALLER,
  /** Whoever runs the service: everything. */
  OPERATOR;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
