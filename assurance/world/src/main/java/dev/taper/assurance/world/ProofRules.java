package dev.taper.assurance.world;

import dev.taper.agent.memory.AcceptedProofs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rules about proofs that are refused. For one history and one thread. */
final class ProofRules {
  private static final AcceptedProofs.Window WINDOW = AcceptedProofs.Window.DEFAULT;
  private static final String TOO_NEW = "proof_not_yet_valid";
  private static final String USED = "proof_replayed";

  /** What a call is refused for before anything is looked at that approvals could change. */
  private static final Set<String> BEFORE_APPROVALS =
      Set.of(
          "revoked",
          "revocation_stale",
          "revocation_unavailable",
          TOO_NEW,
          "proof_expired",
          USED,
          "unknown_root_key");

  /** What a call is refused for before it takes anything, if it comes without counted approvals. */
  private static final Set<String> BEFORE_CLAIMS =
      Set.of(
          "expired",
          "check_failed",
          "approval_required",
          "approval_expired",
          "approval_not_yet_valid",
          "approval_mismatch");

  /** A call, what its verifier's clock showed, and whether it may have used up its proof. */
  private record Seen(
      int number, Event.Called call, long earliest, long latest, boolean mayHaveTaken) {
    /** True if it began before the other one was over; both may be of one millisecond. */
    boolean isBefore(Seen other) {
      return call.from() <= other.call.at() && number != other.number;
    }
  }

  private final List<Seen> calls = new ArrayList<>();
  private final Checker.Breaking breaking;

  ProofRules(Checker.Breaking breaking) {
    this.breaking = breaking;
  }

  /**
   * A verifier was called.
   *
   * @param earliest the earliest that its clock showed meanwhile
   * @param latest the latest that it went by
   * @param counted true if approvals came along whose uses are counted
   */
  void called(Event.Called call, long earliest, long latest, boolean counted) {
    if (TOO_NEW.equals(call.code())) {
      tooNew(call, earliest);
    }
    calls.add(new Seen(calls.size(), call, earliest, latest, mayHaveTaken(call, counted)));
  }

  private static boolean mayHaveTaken(Event.Called call, boolean counted) {
    String code = call.code();
    return code == null
        || !(BEFORE_APPROVALS.contains(code) || (!counted && BEFORE_CLAIMS.contains(code)));
  }

  /** Looks for a call that the same process let through before, when its clock showed more. */
  private void tooNew(Event.Called call, long earliest) {
    long after = call.provenAt() - WINDOW.ahead().toMillis() + Checker.ROUNDED;
    if (earliest >= after) {
      breaking.breaks(
          Rule.GOES_ON_WHEN_SET_BACK, "Proof " + call.proof() + " was not too new.", call);
      return;
    }
    for (Seen before : calls) {
      Event.Called other = before.call;
      if (other.verifier().equals(call.verifier())
          && other.life() == call.life()
          && other.allowed()
          && other.at() <= call.from()
          && before.earliest >= after) {
        breaking.breaks(
            Rule.GOES_ON_WHEN_SET_BACK,
            call.verifier() + " took a proof at a time by which this one is not too new.",
            other,
            call);
        return;
      }
    }
  }

  /** All has happened. */
  void end() {
    for (Seen seen : calls) {
      if (USED.equals(seen.call.code()) && !mayBeForgotten(seen)) {
        List<Seen> before =
            calls.stream()
                .filter(other -> other.isBefore(seen))
                .filter(other -> other.call.proof().equals(seen.call.proof()))
                .toList();
        if (before.stream().noneMatch(Seen::mayHaveTaken)) {
          breaking.breaks(
              Rule.REFUSED_USES_NOTHING,
              "No call took proof " + seen.call.proof() + ".",
              Stream.concat(before.stream(), Stream.of(seen))
                  .map(Seen::call)
                  .toArray(Event[]::new));
        }
      }
    }
  }

  /** True if a memory may take the proof for one that it forgot, by the clock of whoever asked. */
  private boolean mayBeForgotten(Seen used) {
    long end = used.call.provenAt() + WINDOW.back().toMillis() - Checker.ROUNDED;
    return calls.stream().anyMatch(seen -> seen.isBefore(used) && seen.latest >= end);
  }
}
