package dev.taper.assurance.world;

import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Verifiers that deal wrongly with the times of proofs, and with those of refused calls. */
final class PlantedProofs {
  private static final AcceptedProofs.Window WINDOW = AcceptedProofs.Window.DEFAULT;

  private PlantedProofs() {}

  /**
   * A verifier that goes alone does so for as long as its clock says: for what counts that time, no
   * watch goes on.
   */
  static final class AloneByTheClock extends Parts {
    private static final String COUNTS = "dev.taper.agent.decision.ProofsAlone";
    private static final StackWalker STACK = StackWalker.getInstance();

    @Override
    LongSupplier ticker(LongSupplier ticks) {
      return () -> isAskedBy(COUNTS) ? 0 : ticks.getAsLong();
    }

    private static boolean isAskedBy(String name) {
      return STACK.walk(
          frames ->
              frames
                  .map(StackWalker.StackFrame::getClassName)
                  .filter(caller -> !caller.startsWith(PlantedProofs.class.getName()))
                  .findFirst()
                  .filter(name::equals)
                  .isPresent());
    }
  }

  /** A proof is used up as soon as it is good by itself, whatever becomes of its call. */
  static final class ClaimedFirst extends Parts {
    /** Of calls whose proof was good, and not claimed. */
    private static final Set<DenialCode> BEHIND_THE_PROOF =
        EnumSet.of(DenialCode.EXPIRED, DenialCode.CHECK_FAILED, DenialCode.APPROVAL_REQUIRED);

    private static final MemoryShare SHARE = new MemoryShare("refused", "refused");

    @Override
    String code(CallDecision.Denied denied, Holders.Sent sent, ReplayMemory store, Instant now) {
      if (!BEHIND_THE_PROOF.contains(denied.code()) || !sent.given().isEmpty()) {
        return super.code(denied, sent, store, now);
      }
      Proof proof = sent.proof();
      Instant until = proof.issuedAt().plus(WINDOW.back()).plusMillis(1);
      ReplayMemory.Use use =
          ReplayMemory.Use.of(
              proof.nonce(), sent.token().holder().publicKey(), proof.issuedAt(), until);
      DenialCode code;
      try {
        code = store.claim(use, SHARE, now) ? denied.code() : DenialCode.PROOF_REPLAYED;
      } catch (TaperException e) {
        code = DenialCode.REPLAY_CACHE_UNAVAILABLE;
      }
      return code.text();
    }
  }

  /** The time of a proof is compared with what the clock says just then. */
  static final class InTimeByTheClockAlone extends Parts {
    @Override
    @Nullable String refused(Holders.Sent sent, Clock clock) {
      Instant made = sent.proof().issuedAt();
      Instant now = clock.instant();
      if (made.minus(WINDOW.ahead()).isAfter(now)) {
        return DenialCode.PROOF_NOT_YET_VALID.text();
      }
      return made.plus(WINDOW.back()).isBefore(now) ? DenialCode.PROOF_EXPIRED.text() : null;
    }
  }
}
