package dev.taper.assurance.world;

import dev.taper.agent.memory.AcceptedProofs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The rules about approvals. For one history and one thread. */
final class ApprovalRules {
  /** How far ahead an approver's clock may be. */
  private static final long AHEAD = AcceptedProofs.Window.DEFAULT.ahead().toMillis();

  private final Map<String, Event.Asked> asked = new HashMap<>();
  private final Map<String, Event.Approved> approved = new HashMap<>();
  private final Map<String, List<Event.Called>> uses = new HashMap<>();
  private final List<Event.Retired> retired = new ArrayList<>();
  private final Checker.Breaking breaking;

  ApprovalRules(Checker.Breaking breaking) {
    this.breaking = breaking;
  }

  void asked(Event.Asked event) {
    asked.put(event.ask(), event);
  }

  void approved(Event.Approved event) {
    approved.put(event.approval(), event);
  }

  void retired(Event.Retired event) {
    retired.add(event);
  }

  /**
   * A call was allowed.
   *
   * @param earliest the earliest that the verifier's clock showed meanwhile
   * @param latest the latest that it went by
   * @param list the number of the list of approvers that the verifier had
   */
  void allowed(Event.Called call, long earliest, long latest, int list) {
    uses(call);
    if (call.ask() == null) {
      asNeeded(call, 0);
      return;
    }
    Event.Asked ask = Objects.requireNonNull(asked.get(call.ask()));
    if (ask.harmful()) {
      breaking.breaks(
          Rule.APPROVED_WHEN_SEEN, "No approver approves what they see of it.", ask, call);
    }
    asNeeded(call, ask.needed());
    Set<String> people = new TreeSet<>();
    for (String approval : call.counted()) {
      Event.Approved one = Objects.requireNonNull(approved.get(approval));
      if (one.ask().equals(call.ask())
          && Holders.asHandedOn(ask.token()).equals(Holders.asHandedOn(call.token()))
          && counts(one, ask, list)
          && earliest <= one.until() + Checker.ROUNDED
          && one.from() <= latest + AHEAD + Checker.ROUNDED) {
        people.add(one.person());
      }
    }
    if (people.size() < ask.needed()) {
      List<Event> shown = new ArrayList<>(List.of(ask));
      call.counted().forEach(approval -> shown.add(approved.get(approval)));
      retired.stream().filter(one -> one.list() <= list).forEach(shown::add);
      shown.add(call);
      breaking.breaks(
          Rule.APPROVED_BY_ENOUGH,
          "Only " + people.size() + " who count approved " + call.ask() + ".",
          shown.toArray(new Event[0]));
    }
  }

  /** No approval is needed beside those of as many people as have to approve. */
  private void asNeeded(Event.Called call, int needed) {
    if (call.counted().size() > needed) {
      List<Event> shown = new ArrayList<>();
      call.counted().forEach(approval -> shown.add(approved.get(approval)));
      shown.add(call);
      breaking.breaks(
          Rule.RECORDED_AS_NEEDED,
          "It needed " + needed + " of " + call.counted().size() + " approvals.",
          shown.toArray(new Event[0]));
    }
  }

  /** True if a person's approval counts by a list: a key that is named does so by any. */
  private boolean counts(Event.Approved one, Event.Asked ask, int list) {
    if (ask.needed() == 1) {
      return one.person().equals(ask.approver());
    }
    return !one.person().equals(Approvers.STRANGER)
        && retired.stream()
            .noneMatch(gone -> gone.person().equals(one.person()) && gone.list() <= list);
  }

  /** True if a call rests on an approval whose uses are counted. */
  boolean areCounted(Event.Called call) {
    return isCounted(call.counted());
  }

  /** True if a call comes with an approval whose uses are counted. */
  boolean comeCounted(Event.Called call) {
    return isCounted(call.approvals());
  }

  private boolean isCounted(List<String> some) {
    return some.stream().anyMatch(one -> Objects.requireNonNull(approved.get(one)).calls() > 0);
  }

  /** Counts the uses of approvals, unless the service never began the call. */
  private void uses(Event.Called call) {
    for (String approval : call.counted()) {
      Event.Approved given = Objects.requireNonNull(approved.get(approval));
      if (call.givenBack() || given.calls() == 0) {
        continue;
      }
      List<Event.Called> all = uses.computeIfAbsent(approval, name -> new ArrayList<>());
      all.add(call);
      if (all.size() > given.calls()) {
        breaking.breaks(
            Rule.APPROVAL_WITHIN_USES,
            "Approval " + approval + " is good for " + given.calls() + " calls.",
            Checker.shown(given, all));
      }
    }
  }
}
