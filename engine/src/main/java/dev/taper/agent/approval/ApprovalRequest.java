package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Dates;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for the approval of one call, at one service, with one token. The holder makes it, or
 * the service from a call that it refused, so that no agent says what the call means. It carries
 * the token, so that the approver reads the chain from what is signed; without the holder's key the
 * token is of no use. The reason is a claim. Immutable and thread-safe.
 */
public final class ApprovalRequest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final UnverifiedToken token;
  private final ToolCall call;
  private final String audience;
  private final String reason;
  private final @Nullable String catalog;

  private ApprovalRequest(
      UnverifiedToken token,
      ToolCall call,
      String audience,
      String reason,
      @Nullable String catalog) {
    this.token = token;
    this.call = call;
    this.audience = audience;
    this.reason = reason;
    this.catalog = catalog;
  }

  /**
   * Makes a request.
   *
   * @param token a held token; its holder may narrow it while the approver thinks
   * @param call the call; if a catalog made it, the request says which
   * @param audience the service that is to be called, such as {@code svc:jira}
   * @param reason why, one line of visible text of at most 1 KiB
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not a held one;
   *     {@link ErrorCode#INVALID_REQUEST} for the audience or the reason
   */
  public static ApprovalRequest of(
      UnverifiedToken token, ToolCall call, String audience, String reason) {
    return of(token, call, audience, reason, call.catalogDigest());
  }

  static ApprovalRequest of(
      UnverifiedToken token,
      ToolCall call,
      String audience,
      String reason,
      @Nullable String catalog) {
    if (token.kind() != Token.Kind.HELD) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "only the holder of a held token can ask for an approval");
    }
    return new ApprovalRequest(
        token, call, Canonical.audience(audience), Canonical.reason(reason), catalog);
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

  /** Why, as whoever asks says. */
  public String reason() {
    return reason;
  }

  /**
   * The digest of the catalog that is said to have made the call, in hexadecimal; null if the
   * holder says what it means. If that is not true, the approval covers no call at the service.
   */
  public @Nullable String catalogDigest() {
    return catalog;
  }

  /**
   * Says what would be signed, to show it before. Unless the terms say more, it is good for the
   * present holder of the token, whatever that narrows, and for no other token.
   *
   * @param terms on what terms
   * @param clock the approver's time
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the terms contradict each other,
   *     or the window is not between the years 1970 and 9999; {@link ErrorCode#INVALID_REQUEST} for
   *     the name of a service or the reason
   */
  public ApprovalStatement statement(Approval.Terms terms, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    ApprovalStatement.Parts parts = new ApprovalStatement.Parts();
    parts.id = HexFormat.of().formatHex(id);
    parts.state = state(terms.onwardFrom()).digest();
    parts.from = now;
    parts.until = Dates.end(now, terms.window());
    terms.addTo(parts, audience, HexFormat.of().formatHex(call.digest()));
    return parts.build();
  }

  /** The state by which the present holder got the token, or another one got it by a block. */
  private ApprovalStatement.State state(@Nullable Integer block) {
    List<ApprovalStatement.State> states = ApprovalStatement.State.of(token);
    for (ApprovalStatement.State state : states) {
      if (block != null && state.block() == block) {
        return state;
      }
    }
    if (block != null || states.isEmpty()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "nobody got the token by the block that the terms name");
    }
    return states.get(states.size() - 1);
  }

  /**
   * Approves the call.
   *
   * @param approver the approver's key
   * @param terms on what terms
   * @param clock the approver's time
   * @throws TaperException as {@link #statement}, or {@link ErrorCode#SIGNING_FAILED}
   */
  public Approval approve(Signer approver, Approval.Terms terms, Clock clock) {
    return statement(terms, clock).sign(approver);
  }

  /** The call without its arguments. */
  @Override
  public String toString() {
    return "ApprovalRequest(" + call + ")";
  }
}
