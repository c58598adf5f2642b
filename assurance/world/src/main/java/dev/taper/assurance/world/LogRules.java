package dev.taper.assurance.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rules about what verifiers record. For one history and one thread. */
final class LogRules {
  private final Map<String, List<Event.Called>> acknowledged = new HashMap<>();
  private final Map<String, Event.DiskFull> full = new HashMap<>();
  private final Checker.Breaking breaking;

  LogRules(Checker.Breaking breaking) {
    this.breaking = breaking;
  }

  void full(Event.DiskFull event) {
    full.put(event.verifier(), event);
  }

  void called(Event.Called call) {
    if (call.recorded() != null) {
      acknowledged.computeIfAbsent(call.verifier(), name -> new ArrayList<>()).add(call);
    } else if (call.allowed()) {
      breaking.breaks(
          Rule.CLOSED_WITHOUT_LOG, call.verifier() + " had no record of the call.", call);
    }
    Event.DiskFull disk = full.get(call.verifier());
    if (call.allowed() && disk != null && disk.at() <= call.from() && call.at() < disk.until()) {
      breaking.breaks(
          Rule.CLOSED_WITHOUT_LOG, "The disk of " + call.verifier() + " was full.", disk, call);
    }
  }

  void refused(Event.LogRefused event) {
    if (event.code().equals("audit_corrupt")) {
      breaking.breaks(
          Rule.LOG_VERIFIES, "The log of " + event.verifier() + " cannot go on.", event);
    }
  }

  void read(Event.LogRead read) {
    if (read.flaw() != null) {
      breaking.breaks(
          Rule.LOG_VERIFIES, "The log of " + read.verifier() + " has a flaw: " + read.flaw(), read);
    }
    Map<Event.Entry, Integer> there = new HashMap<>();
    read.entries().forEach(entry -> there.merge(entry, 1, Integer::sum));
    for (Event.Called call : acknowledged.getOrDefault(read.verifier(), List.of())) {
      Event.Entry entry = Objects.requireNonNull(call.recorded());
      int left = there.merge(entry, -1, Integer::sum);
      if (left < 0) {
        breaking.breaks(
            Rule.ACKNOWLEDGED_STAYS_RECORDED,
            "The log of " + read.verifier() + " has no record of " + entry.id() + ".",
            call,
            read);
        return;
      }
    }
  }
}
