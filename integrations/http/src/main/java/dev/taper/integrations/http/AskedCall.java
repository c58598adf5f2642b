package dev.taper.integrations.http;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.CallPreview;
import dev.taper.agent.decision.MissingActivation;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.grant.Activation;
import dev.taper.token.UnverifiedToken;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call for which somebody asks for an approval, as the service understands it. For one thread.
 *
 * @param verifier who decides
 * @param token whose holder asks
 * @param sent the call as its client would send it
 * @param call what it means by the service's own catalog
 */
record AskedCall(Verifier verifier, UnverifiedToken token, SentHttp sent, ToolCall call) {
  /** The call of an ask that is kept, by the catalog of now. */
  static AskedCall of(Verifier verifier, ApprovalRequest request, SentHttp sent) {
    return new AskedCall(verifier, request.token(), sent, HttpGuard.catalog(verifier).call(sent));
  }

  /** What would be decided with some approvals. */
  CallPreview preview(SentApprovals approvals) {
    return verifier.preview(token, call, approvals);
  }

  /** As {@link #preview}, for the holder who asks; the service's listeners are told. */
  CallPreview asked(SentApprovals approvals, boolean afterNo) {
    return verifier.asked(token, call, approvals, afterNo);
  }

  /** True if a call is denied for nothing but approvals. */
  static boolean lacksApprovalsOnly(Denied denied) {
    MissingActivation missing = denied.missingActivation();
    return missing != null
        && Stream.concat(missing.missing().stream(), missing.ofService().stream())
            .allMatch(one -> one.kind() == Activation.Kind.APPROVED);
  }

  /** True if this is the very call that a request for approval names. */
  boolean isFor(ApprovalRequest request) {
    return Arrays.equals(call.digest(), request.call().digest());
  }

  /**
   * True if an approval is by an approver, for this call and holder, and nothing else speaks
   * against it; others may be needed beside it. The signature is looked at first: whoever lacks the
   * key does not even learn by the time that it takes whether the key is an approver's.
   *
   * @throws RefusedException 503 if that cannot be known now
   */
  boolean counts(Approval approval) throws RefusedException {
    if (!approval.isSigned() || !preview(SentApprovals.NONE).isApprover(approval.approver())) {
      return false;
    }
    Denied denied = known(SentApprovals.ofBytes(List.of(approval.encode())));
    return denied == null || !speaksAgainst(denied);
  }

  /**
   * Why the call would be denied with some approvals; null if it would not.
   *
   * @throws RefusedException 503 if that cannot be known now
   */
  @Nullable Denied known(SentApprovals approvals) throws RefusedException {
    Denied denied = preview(approvals).denial();
    if (denied != null && Statuses.of(denied.code()) == 503) {
      throw new RefusedException(HttpRefusal.of(denied));
    }
    return denied;
  }

  private static boolean speaksAgainst(Denied denied) {
    return switch (denied.code()) {
      case APPROVAL_USED,
          APPROVAL_WITHDRAWN,
          APPROVAL_EXPIRED,
          APPROVAL_NOT_YET_VALID,
          APPROVAL_TOO_LONG,
          APPROVAL_NOT_COUNTED,
          APPROVAL_UNKNOWN_KEY,
          APPROVAL_MISMATCH,
          APPROVAL_FOR_EARLIER_HOLDER ->
          true;
      default -> false;
    };
  }
}
