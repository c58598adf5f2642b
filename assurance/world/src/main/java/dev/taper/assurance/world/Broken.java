package dev.taper.assurance.world;

import java.util.List;

/**
 * A rule that a history breaks. Immutable.
 *
 * @param rule which rule
 * @param why how, in a sentence
 * @param events what of the history shows it, in order
 */
record Broken(Rule rule, String why, List<Event> events) {
  Broken {
    events = List.copyOf(events);
  }

  /** The last event that it takes: the moment at which the rule is broken. */
  long at() {
    return events.get(events.size() - 1).at();
  }

  /** The rule, how it is broken, and by what. */
  String text() {
    StringBuilder text = new StringBuilder(rule.text()).append('\n').append("  ").append(why);
    events.forEach(event -> text.append("\n    ").append(History.line(event)));
    return text.toString();
  }
}
