package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.store.registry.Delegated;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Delegations for people. */
final class RegistryText {
  private final PrintStream out;
  private final Style style;
  private final Instant now;

  RegistryText(Console console, Instant now) {
    this.out = console.out();
    this.style = Style.out(console);
    this.now = now;
  }

  void list(List<Delegated> found, RegistryListCommand.Grouping grouping) {
    Map<String, List<Delegated>> groups = new TreeMap<>();
    for (Delegated delegation : found) {
      String name =
          switch (grouping) {
            case DELEGATOR -> delegation.delegator();
            case AGENT -> delegation.holderName();
            case TASK -> delegation.task();
          };
      groups.computeIfAbsent(name, unused -> new ArrayList<>()).add(delegation);
    }
    groups.forEach(
        (name, delegations) -> {
          out.println(style.bold(SafeText.line(name)));
          for (Delegated delegation : delegations) {
            delegation("  ", delegation);
          }
        });
    out.println(Count.of(found.size(), "living delegation") + ".");
  }

  /** Who has it, what it is, and what became of it: three lines. */
  void delegation(String indent, Delegated delegation) {
    out.println(
        indent
            + style.bold(SafeText.line(delegation.holderName()))
            + "  from "
            + SafeText.line(delegation.grantor())
            + ", for "
            + SafeText.line(delegation.task())
            + (delegation.depth() == 0 ? "" : ", handed on " + times(delegation.depth()))
            + ", "
            + end(delegation, now));
    out.println(indent + "  may   " + SafeText.line(delegation.granted()));
    out.println(indent + "  used  " + SafeText.line(used(delegation, now)));
  }

  /** When it ends, in words. */
  static String end(Delegated delegation, Instant now) {
    Instant end = delegation.endsAt();
    if (end == null) {
      return "never ends";
    }
    return (now.isBefore(end) ? "ends " : "ended ") + HumanTime.fromNow(end, now);
  }

  /** What became of it, in words. */
  static String used(Delegated delegation, Instant now) {
    StringBuilder text = new StringBuilder();
    if (delegation.lastCall() == null) {
      text.append("never");
    } else {
      text.append(times(delegation.calls()))
          .append(", last ")
          .append(HumanTime.fromNow(delegation.lastCall(), now));
      if (!delegation.unexercised().isEmpty()) {
        text.append("; never called: ").append(String.join(", ", delegation.unexercised()));
      }
    }
    if (delegation.denied() > 0) {
      text.append("; denied ").append(times(delegation.denied()));
    }
    return text.toString();
  }

  static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }
}
