package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Dates;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A holder's request for the approval of one call, at one service, with one token as it is now. The
 * request carries the token, so that the approver reads the chain from what is signed and not from
 * what the holder says of it; without the holder's key it is of no use. The reason is the holder's
 * claim. Immutable and thread-safe.
 */
public final class ApprovalRequest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final UnverifiedToken token;
  private final ToolCall call;
  private final String audience;
  private final String reason;

  private ApprovalRequest(UnverifiedToken token, ToolCall call, String audience, String reason) {
    this.token = token;
    this.call = call;
    this.audience = audience;
    this.reason = reason;
  }

  /**
   * Makes a request.
   *
   * @param token a held token, in the state that the approval will be appended to
   * @param call the call
   * @param audience the service that is to be called, such as {@code svc:jira}
   * @param reason why, one line of visible text of at most 1 KiB
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not a held one;
   *     {@link ErrorCode#INVALID_REQUEST} for the audience or the reason
   */
  public static ApprovalRequest of(
      UnverifiedToken token, ToolCall call, String audience, String reason) {
    if (token.kind() != TokenKind.HELD) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "only the holder of a held token can ask for an approval");
    }
    return new ApprovalRequest(token, call, Canonical.audience(audience), Canonical.reason(reason));
  }

  /**
   * Reads a request. Nothing of it is verified.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL_REQUEST}, or what is wrong with the
   *     token or the call
   */
  public static ApprovalRequest decode(String json) {
    return ApprovalRequestJson.read(json);
  }

  /** The request as a JSON object. */
  public String encode() {
    return ApprovalRequestJson.write(this);
  }

  /** The token, which an approver verifies before believing anything that it says. */
  public UnverifiedToken token() {
    return token;
  }

  /** The call that is to be approved. */
  public ToolCall call() {
    return call;
  }

  /** The service at which it is to be made. */
  public String audience() {
    return audience;
  }

  /** Why, as the holder says. */
  public String reason() {
    return reason;
  }

  /**
   * Approves the call. The signature covers the token's last signature: the block can be appended
   * to this token as it is now, and to no other.
   *
   * @param approver the approver's key
   * @param terms on what terms
   * @param clock the approver's time
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or {@link ErrorCode#INVALID_ARGUMENT}
   *     for a time or a window that is not between the years 1970 and 9999
   */
  public ThirdPartyBlock approve(Signer approver, ApprovalTerms terms, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    CoveredCalls calls =
        terms.anyArguments() ? CoveredCalls.withAnyArguments(call) : CoveredCalls.of(call);
    SortedSet<String> audiences =
        terms.audiences().isEmpty() ? new TreeSet<>(List.of(audience)) : terms.audiences();
    Approval approval =
        new Approval(
            id(),
            approver.publicKey(),
            audiences,
            calls,
            now,
            Dates.end(now, terms.window()),
            terms.singleUse());
    return token.thirdPartyRequest().sign(approver, approval.block());
  }

  /**
   * Refuses the call, in a form that the holder can show.
   *
   * @param approver the approver's key
   * @param why for the holder, or null
   * @param clock the approver's time
   * @throws TaperException as {@link #approve}; {@link ErrorCode#INVALID_REQUEST} for the reason
   */
  public ThirdPartyBlock refuse(Signer approver, @Nullable String why, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String checked = why == null ? null : Canonical.reason(why);
    Refusal refusal = new Refusal(id(), approver.publicKey(), CoveredCalls.of(call), now, checked);
    return token.thirdPartyRequest().sign(approver, refusal.block());
  }

  private static String id() {
    byte[] id = new byte[Approval.ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** The call without its arguments. */
  @Override
  public String toString() {
    return "ApprovalRequest(" + call + ")";
  }
}
