package dev.taper.agent.decision;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.agent.delegation.DelegationChain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells the listeners of a verifier what it decided, before the caller is told. */
final class Listeners {
  /** A listener and what its failure means. */
  record Entry(DecisionListener listener, DecisionListener.AuditFailure onFailure) {}

  private record Told(
      DecisionListener listener, DecisionListener.AuditFailure onFailure, Backing backing) {}

  /** How telling a listener went. */
  private enum Answer {
    NOTED,
    FAILED,
    NOT_ASKED
  }

  private final List<Told> entries;
  private final Behind behind;
  private final LongAdder unrecorded = new LongAdder();

  Listeners(List<Entry> entries, Behind behind) {
    List<Told> told = new ArrayList<>();
    for (Entry entry : entries) {
      boolean refuses = entry.onFailure() == DecisionListener.AuditFailure.DENY;
      Backing backing =
          behind.add(name(entries, told.size()), ErrorCode.AUDIT_UNAVAILABLE, refuses);
      told.add(new Told(entry.listener(), entry.onFailure(), backing));
    }
    this.entries = List.copyOf(told);
    this.behind = behind;
  }

  /** The name of a listener for operators: its own, if no other one has it. */
  private static String name(List<Entry> entries, int index) {
    DecisionListener listener = entries.get(index).listener();
    String name = listener.name();
    long same = entries.stream().filter(entry -> entry.listener().name().equals(name)).count();
    boolean isItsOwn = same == 1 && !name.equals(listener.getClass().getName());
    return isItsOwn ? name : "listener " + (index + 1) + ", " + name;
  }

  /** True if nobody is told of decisions. */
  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The present moment of the watch, if anybody is told how long calls take. */
  @Nullable Long since() {
    return entries.isEmpty() ? null : behind.tick();
  }

  /**
   * Tells all listeners.
   *
   * @param events makes the event of the decision, and that of a denial instead
   * @return the decision that stands: the given one, or a denial because it could not be recorded
   */
  CallDecision tell(CallDecision decision, Function<CallDecision, DecisionEvent> events) {
    if (entries.isEmpty()) {
      return decision;
    }
    DecisionEvent event = eventOrNull(decision, events);
    Deadline deadline = behind.forRecords();
    List<Told> asked = new ArrayList<>(entries.size());
    for (Told entry : entries) {
      Answer answer =
          event == null
              ? Answer.NOT_ASKED
              : tell(entry, deadline, () -> entry.listener().decided(event));
      if (answer != Answer.NOTED) {
        unrecorded.increment();
        if (decision.allowed() && entry.onFailure() == DecisionListener.AuditFailure.DENY) {
          Told late = answer == Answer.FAILED ? entry : null;
          return refuse(decision, events, asked, late);
        }
      }
      if (answer != Answer.NOT_ASKED) {
        asked.add(entry);
      }
    }
    return decision;
  }

  /** Tells all listeners what a holder asked about, which is answered whether they take note. */
  void tellAsked(CallDecision decision, Function<CallDecision, DecisionEvent> events) {
    if (entries.isEmpty()) {
      return;
    }
    DecisionEvent event = eventOrNull(decision, events);
    Deadline deadline = behind.forRecords();
    for (Told entry : entries) {
      if (event == null
          || tell(entry, deadline, () -> entry.listener().asked(event)) != Answer.NOTED) {
        unrecorded.increment();
      }
    }
  }

  /** Why the calls of a chain are held back; null if they are not. */
  @Nullable String holdsBack(DelegationChain chain) {
    for (Told entry : entries) {
      try {
        String why = entry.listener().holdsBack(chain);
        if (why != null) {
          return why;
        }
      } catch (RuntimeException e) {
        return "the service cannot find out just now whether the call is held back";
      }
    }
    return null;
  }

  private static Answer tell(Told entry, Deadline deadline, Runnable note) {
    try {
      return entry
          .backing()
          .ask(
              deadline,
              () -> {
                note.run();
                return Answer.NOTED;
              });
    } catch (Backing.NotAskedException e) {
      return Answer.NOT_ASKED;
    } catch (RuntimeException e) {
      return Answer.FAILED; // whatever went wrong, and was logged: there is no record
    }
  }

  /**
   * Denies the call instead. All who were asked hear of the denial, because they may have noted the
   * call as allowed: also the one that failed, which may only have been late.
   *
   * @param asked the ones before it
   * @param late the one that failed; null if it was not asked
   */
  private CallDecision refuse(
      CallDecision decision,
      Function<CallDecision, DecisionEvent> events,
      List<Told> asked,
      @Nullable Told late) {
    CallDecision denied =
        CallDecision.Denied.of(
                DenialCode.AUDIT_UNAVAILABLE,
                decision.audience(),
                decision.call(),
                decision.chain())
            .because("the decision could not be recorded")
            .build();
    DecisionEvent event = eventOrNull(denied, events);
    Deadline deadline = behind.forRecords();
    for (Told entry : asked) {
      if (event == null || !hears(entry, event, deadline)) {
        unrecorded.increment();
      }
    }
    if (event != null && late != null) {
      hears(late, event, deadline); // that it failed was counted already
    }
    return denied;
  }

  private static boolean hears(Told entry, DecisionEvent event, Deadline deadline) {
    try {
      entry.backing().tell(deadline, () -> entry.listener().decided(event));
      return true;
    } catch (RuntimeException e) {
      return false; // it was logged
    }
  }

  /** The event; null if it cannot be made, as if nobody had taken note. */
  private static @Nullable DecisionEvent eventOrNull(
      CallDecision decision, Function<CallDecision, DecisionEvent> events) {
    try {
      return events.apply(decision);
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** How many times a listener failed to take note. */
  long unrecorded() {
    return unrecorded.sum();
  }
}
