package dev.taper.assurance.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that happened in a world, in the order of the ends. For one thread. */
final class History {
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Integer> faults = new TreeMap<>();

  /** Writes down an event. */
  void add(Event event) {
    events.add(event);
  }

  /** Counts faults that were injected. */
  void fault(String kind, int count) {
    faults.merge(kind, count, Integer::sum);
  }

  /** What happened. */
  List<Event> events() {
    return events;
  }

  /** How many faults of each kind were injected. */
  Map<String, Integer> faults() {
    return faults;
  }

  /** How many calls were made. */
  int calls() {
    return (int) events.stream().filter(Event.Called.class::isInstance).count();
  }

  /** How often callers read each answer: allowed, none, or a code. */
  Map<String, Integer> answers() {
    Map<String, Integer> answers = new TreeMap<>();
    for (Event event : events) {
      if (event instanceof Event.Called call) {
        String answer =
            call.code() == null
                ? call.answer().text() + (call.alone() ? " alone" : "")
                : call.code();
        answers.merge(answer, 1, Integer::sum);
      }
    }
    return answers;
  }

  /** The history as text, a line for each event. */
  String text() {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(line(event)).append('\n'));
    return text.toString();
  }

  /** An event in one line. */
  static String line(Event event) {
    return Event.time(event.at()) + "  " + event.text();
  }
}
