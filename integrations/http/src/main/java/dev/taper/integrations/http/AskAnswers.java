package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.Asks.Kept;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the asks of one service, and takes the answers. Immutable, and thread-safe if the store is.
 *
 * @param verifiers gives the service's verifier, which has a catalog
 * @param store where the asks are
 */
record AskAnswers(Supplier<Verifier> verifiers, AskStore store) {
  private static final int MAX_ATTEMPTS = 5;

  /** An ask that nobody made, or that has ended: nobody learns which. */
  static RefusedException unknown() {
    return refused(404, "unknown_ask", null);
  }

  private static RefusedException refused(int status, String code, @Nullable String detail) {
    return new RefusedException(HttpRefusal.of(status, code, detail));
  }

  /**
   * An ask of this service; several can share a store.
   *
   * @param name what it is kept under
   */
  Ask find(String name) throws RefusedException {
    Ask ask = store.find(name);
    if (ask == null || !isOfService(KeptAsk.read(ask))) {
      throw unknown();
    }
    return ask;
  }

  /** True if an ask was made of this service. */
  boolean isOfService(KeptAsk ask) {
    return ask.audience().equals(HttpGuard.catalog(verifiers.get()).audience());
  }

  /**
   * Keeps a refusal.
   *
   * @param found the ask as it was found
   * @param why a reason, of whoever refuses
   * @return how it stands after that
   */
  AskStatus refused(Ask found, String why) throws RefusedException {
    String reason = Canonical.reason(why);
    return changed(found, one -> one.status().refused(reason), one -> reason.equals(one.refusal()));
  }

  /**
   * Keeps an approval that counts.
   *
   * @param found the ask as it was found
   * @param approval in base64url
   * @return how it stands after that
   */
  AskStatus approved(Ask found, @Nullable String approval) throws RefusedException {
    Approval given = approval(approval);
    String text = given.encodeBase64();
    return changed(found, one -> approved(one, given, text), one -> one.approvals().contains(text));
  }

  private static Approval approval(@Nullable String text) throws RefusedException {
    try {
      return Approval.decode(String.valueOf(text));
    } catch (TaperException e) {
      throw refused(400, e.code().text(), e.getMessage());
    }
  }

  private interface Change {
    AskStatus of(KeptAsk before) throws RefusedException;
  }

  /** Changes an ask that is open; who sends the same answer twice is told that it is done. */
  private AskStatus changed(Ask found, Change change, Predicate<AskStatus> done)
      throws RefusedException {
    Ask ask = found;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      KeptAsk before = KeptAsk.read(ask);
      AskStatus status = before.status();
      if (done.test(status)) {
        return status;
      }
      boolean full = status.approvals().size() == SentApprovals.MAX;
      if (status.state() != AskStatus.State.OPEN || full) {
        throw refused(409, "ask_closed", null);
      }
      AskStatus next = change.of(before);
      Kept kept = store.replace(ask.changed(before.with(next).content()));
      if (kept == Kept.YES) {
        return next;
      }
      if (kept == Kept.NO_ROOM) {
        throw refused(503, "asks_full", null);
      }
      ask = find(ask.name());
    }
    throw refused(503, "unavailable", null);
  }

  private AskStatus approved(KeptAsk ask, Approval given, String text) throws RefusedException {
    AskedCall asked = asked(ask);
    if (!asked.counts(given)) {
      throw refused(403, "approval_mismatch", "the approval would not count for this call");
    }
    List<String> all = new ArrayList<>(ask.status().approvals());
    all.add(text);
    Denied left = asked.known(SentApprovals.of(all));
    boolean enough = left == null || left.missingActivation() == null;
    return ask.status().approved(all, enough ? AskStatus.State.ANSWERED : AskStatus.State.OPEN);
  }

  /** The call of an ask as the service understands it now; one that it refuses now has ended. */
  AskedCall asked(KeptAsk ask) throws RefusedException {
    ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
    Verifier verifier = verifiers.get();
    try {
      AskedCall asked = AskedCall.of(verifier, request, ask.sent());
      Denied denied = asked.known(SentApprovals.NONE);
      if (denied != null && AskedCall.lacksApprovalsOnly(denied) && asked.isFor(request)) {
        return asked;
      }
    } catch (TaperException e) {
      if (e.code().category() == ErrorCode.Category.STORE
          || e.code().category() == ErrorCode.Category.LIMIT) {
        throw e;
      }
    }
    throw unknown();
  }
}
