package dev.taper.operations.asking;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.CallPattern;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.WebAnswer;
import dev.taper.operations.WebUrl;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An ask that a service keeps, as an approver reads and answers it. What the service says of the
 * call is the service's word, by its catalog; who asks is what the token says, which the approver
 * verifies. Immutable and thread-safe.
 */
public final class ServiceAsk {
  private static final JsonReader<OperationException> JSON =
      JsonReader.of(20, WebAnswer.MAX_BYTES, 1000, (why, cause) -> malformed());
  private static final Pattern PATH =
      Pattern.compile("(/.*)?" + AskStatus.PATH + "/[A-Za-z0-9_-]{22}");

  private final URI url;
  private final AskStatus.State state;
  private final ApprovalRequest request;

  private ServiceAsk(URI url, AskStatus.State state, ApprovalRequest request) {
    this.url = url;
    this.state = state;
    this.request = request;
  }

  /**
   * Reads an ask.
   *
   * @param url where it is
   * @param unencrypted true to take {@code http} beyond this machine
   * @throws OperationException {@code usage} for another URL, {@code io} if there is no answer;
   *     what the service says, such as {@code unknown_ask}; {@code malformed_ask} if it says
   *     something else
   * @throws TaperException what is wrong with the request for approval
   */
  public static ServiceAsk read(String url, boolean unencrypted) {
    URI parsed = url(url, unencrypted);
    WebAnswer answer = WebAnswer.to(HttpRequest.newBuilder(parsed).build());
    if (answer.status() != 200) {
      throw refused(answer);
    }
    JsonMembers<OperationException> members = JSON.read(answer.content(), "the answer");
    if (!AskStatus.FORMAT.equals(members.textIfAny("format"))) {
      throw malformed();
    }
    AskStatus status = AskStatus.read(members, members.json("request"));
    ApprovalRequest decoded = ApprovalRequest.decode(status.request());
    if (decoded.catalogDigest() == null) {
      throw OperationException.refused(
          "malformed_ask",
          "the ask does not say by which catalog the service understands the call: no guarded"
              + " service made it");
    }
    return new ServiceAsk(parsed, status.state(), decoded);
  }

  static URI url(String text, boolean unencrypted) {
    URI uri = WebUrl.plain(text);
    if (uri == null || !PATH.matcher(uri.getRawPath()).matches()) {
      throw OperationException.usage(
          "an ask is at a URL such as https://jira.example.com/v1/asks/ID, not at "
              + Place.shown(text));
    }
    if (!unencrypted && !WebUrl.isPrivate(uri)) {
      throw OperationException.usage(
          "without https whoever is in between can change what is asked: use https://"
              + uri.getHost()
              + ", or --unencrypted");
    }
    return uri;
  }

  /**
   * Makes the audit record of an approval.
   *
   * @param request what was asked
   * @param approval what was signed for it
   * @param now when
   */
  public static AuditEvent approved(ApprovalRequest request, Approval approval, Instant now) {
    ApprovalStatement statement = approval.statement();
    // A record names one service; what is approved for several stands in the approval.
    String audience = statement.audiences().size() == 1 ? statement.audiences().first() : null;
    AuditEvent.Call call = AuditEvent.Call.of(audience, request.call());
    List<String> patterns = statement.patterns().stream().map(CallPattern::toString).toList();
    return AuditEvent.of(AuditKind.APPROVE, now)
        .about(AgentToken.of(request.token()))
        .call(patterns.isEmpty() ? call : call.withAnyArguments())
        .by(approval.approver().toString())
        .subject(
            AuditEvent.Subject.of("approval", statement.id())
                .until(statement.until())
                .reason(request.reason())
                .decision(
                    "approved"
                        + times(statement)
                        + (patterns.isEmpty() ? "" : ": " + String.join("; or ", patterns))));
  }

  /**
   * Makes the audit record of a refusal.
   *
   * @param request what was asked
   * @param name what the ask is kept under
   * @param by who refuses
   * @param reason why
   * @param now when
   */
  public static AuditEvent refused(
      ApprovalRequest request, String name, String by, String reason, Instant now) {
    return AuditEvent.of(AuditKind.REFUSE, now)
        .about(AgentToken.of(request.token()))
        .call(AuditEvent.Call.of(request.audience(), request.call()))
        .by(by)
        .subject(AuditEvent.Subject.of("ask", name).reason(reason).decision("refused"));
  }

  /** How often an approval counts, in words that stand behind a verb; empty for always. */
  public static String times(ApprovalStatement statement) {
    int uses = statement.uses().orElse(0);
    return switch (uses) {
      case 0 -> "";
      case 1 -> " once";
      default -> " " + uses + " times";
    };
  }

  /** What is asked; the token is not verified yet. */
  public ApprovalRequest request() {
    return request;
  }

  /**
   * Refuses to answer an ask that is not open.
   *
   * @throws OperationException {@code ask_closed}
   */
  public void requireOpen() {
    if (state != AskStatus.State.OPEN) {
      throw OperationException.refused(
          "ask_closed", "nobody has to answer this ask any more: it is " + state.text());
    }
  }

  /**
   * Gives an approval to the service.
   *
   * @throws OperationException what the service says, such as {@code approval_mismatch}; {@code io}
   *     if it does not answer: the approval can be given again
   */
  public void approve(Approval approval) {
    answer("approval", approval.encodeBase64());
  }

  /**
   * Tells the service that nobody is going to approve.
   *
   * @param reason why, one line for whoever asks
   * @throws OperationException what the service says, such as {@code ask_closed}; {@code io} if it
   *     does not answer
   */
  public void refuse(String reason) {
    answer("refusal", reason);
  }

  private void answer(String member, String value) {
    String content = new JsonFields().put(member, value).toJson();
    WebAnswer answer =
        WebAnswer.to(
            HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(content))
                .build());
    if (answer.status() != 204) {
      throw refused(answer);
    }
  }

  /** What a service says, by its code alone: its words are not ours. */
  private static OperationException refused(WebAnswer answer) {
    String code = answer.code();
    if (code == null) {
      return OperationException.io("the service answers with status " + answer.status(), null);
    }
    return OperationException.refused(code, words(code));
  }

  private static String words(String code) {
    return switch (code) {
      case "unknown_ask" -> "the service knows no such ask; it may have ended";
      case "ask_closed" -> "the ask was answered or refused before";
      case "approval_mismatch" -> "the service does not take the approval: it would not count";
      case "asks_full" -> "the service has no room for the answer";
      default -> "the service refuses with " + code;
    };
  }

  private static OperationException malformed() {
    return OperationException.refused(
        "malformed_ask", "the service answers with something else than an ask");
  }

  /** Where it is. */
  @Override
  public String toString() {
    return url.toString();
  }
}
