package dev.taper.server.serve.decide;

import dev.taper.JsonMembers;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/decide}: a service asks about a call that it got, in any language. The answer is
 * 200 whether the call is allowed or not; any other status, and no answer, is a denial too.
 * Thread-safe.
 */
final class DecideEndpoint implements Endpoint {
  private static final String PATH = "/v1/decide";

  private final Judge judge;
  private final CallerSecret secret;
  private final Metrics metrics;

  DecideEndpoint(Judge judge, CallerSecret secret, Metrics metrics) {
    this.judge = judge;
    this.secret = secret;
    this.metrics = metrics;
  }

  @Override
  public String role() {
    return "decide";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    if (!request.target().equals(PATH)) {
      return null;
    }
    HttpAnswer stranger = secret.refusal(request);
    if (stranger != null) {
      return stranger;
    }
    if (!request.method().equals("POST")) {
      return invalid("questions are asked by POST");
    }
    try {
      JsonMembers<QuestionException> json = QuestionJson.read(request, judge);
      InetAddress from = QuestionJson.optionalAddress(json, DecideQuestion.ADDRESS);
      DecideQuestion question = DecideQuestion.read(json);
      return AbuseWatch.from(from, () -> decided(question));
    } catch (RefusedException e) {
      return refused(e);
    } catch (QuestionException e) {
      return invalid(e.getMessage());
    }
  }

  private HttpAnswer decided(DecideQuestion question) {
    try {
      return DecideAnswer.of(judge.judge(question));
    } catch (RefusedException e) {
      return refused(e);
    }
  }

  private HttpAnswer refused(RefusedException e) {
    metrics.refused(e.refusal().code());
    return DecideAnswer.of(e.refusal());
  }

  static HttpAnswer invalid(@Nullable String detail) {
    return HttpAnswer.of(HttpRefusal.of(400, "invalid_question", detail));
  }
}
