package dev.taper.operations.asking;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.grant.CallPattern;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import dev.taper.operations.WebAnswer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An ask that a service keeps, as an approver reads and answers it. What the service says of the
 * call is the service's word, by its catalog; who asks is what the token says, which the approver
 * verifies. Immutable and thread-safe.
 */
public final class ServiceAsk {
  private static final String FORMAT = "taper/1 ask";
  private static final JsonFactory FACTORY = SafeJson.strict(20, 2 << 20, 1000);
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

  private final AskUrl url;
  private final String state;
  private final ApprovalRequest request;

  private ServiceAsk(AskUrl url, String state, ApprovalRequest request) {
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
    AskUrl parsed = AskUrl.parse(url, unencrypted);
    WebAnswer answer = WebAnswer.to(HttpRequest.newBuilder(parsed.uri()).build());
    if (answer.status() != 200) {
      throw refused(answer);
    }
    Map<String, String> members = members(answer.text());
    String state = members.get("state");
    String request = members.get("request");
    if (!FORMAT.equals(members.get("format")) || state == null || request == null) {
      throw malformed();
    }
    ApprovalRequest decoded = ApprovalRequest.decode(request);
    if (decoded.catalogDigest() == null) {
      throw new OperationException(
          Kind.REFUSED,
          "malformed_ask",
          "the ask does not say by which catalog the service understands the call: no guarded"
              + " service made it",
          null);
    }
    return new ServiceAsk(parsed, state, decoded);
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

  private static String times(ApprovalStatement statement) {
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

  /** How far it is: {@code open}, {@code answered} or {@code refused}. */
  public String state() {
    return state;
  }

  /**
   * Refuses to answer an ask that is not open.
   *
   * @throws OperationException {@code ask_closed}
   */
  public void requireOpen() {
    if (!state.equals("open")) {
      throw new OperationException(
          Kind.REFUSED,
          "ask_closed",
          "nobody has to answer this ask any more: it is "
              + (CODE.matcher(state).matches() ? state : "closed"),
          null);
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
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField(member, value);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WebAnswer answer =
        WebAnswer.to(
            HttpRequest.newBuilder(url.uri())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(out.toString()))
                .build());
    if (answer.status() != 204) {
      throw refused(answer);
    }
  }

  /** What a service says, by its code alone: its words are not ours. */
  private static OperationException refused(WebAnswer answer) {
    String code = null;
    try {
      code = members(answer.text()).get("code");
    } catch (OperationException e) {
      // It is no service of ours, or something in between.
    }
    if (code == null || !CODE.matcher(code).matches()) {
      return new OperationException(
          Kind.IO, "io", "the service answers with status " + answer.status(), null);
    }
    return new OperationException(Kind.REFUSED, code, words(code), null);
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
    return new OperationException(
        Kind.REFUSED, "malformed_ask", "the service answers with something else than an ask", null);
  }

  /** The members of an object, strings as they are and others as their text. */
  private static Map<String, String> members(String text) {
    Map<String, String> members = new TreeMap<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed();
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        if (token == JsonToken.VALUE_STRING) {
          members.put(name, json.getText());
        } else {
          int start = (int) json.currentTokenLocation().getCharOffset();
          json.skipChildren();
          members.put(name, text.substring(start, (int) json.currentLocation().getCharOffset()));
        }
      }
      return members;
    } catch (IOException e) {
      throw malformed();
    }
  }

  /** Where it is. */
  @Override
  public String toString() {
    return url.toString();
  }
}
