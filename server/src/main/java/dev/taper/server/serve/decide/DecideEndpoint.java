package dev.taper.server.serve.decide;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.SafeJson;
import dev.taper.agent.decision.CallDecision;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.listener.CallerSecret;
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
      return CallerAddress.during(from, () -> decided(question));
    } catch (RefusedException e) {
      return refused(e);
    } catch (QuestionException e) {
      return invalid(e.getMessage());
    }
  }

  private HttpAnswer decided(DecideQuestion question) {
    try {
      return allowed(judge.judge(question));
    } catch (RefusedException e) {
      return refused(e);
    }
  }

  /** What a service is answered; {@code decide-answer.schema.json} has the JSON. */
  private static HttpAnswer allowed(Judge.Judged judged) {
    JsonFields fields = new JsonFields().put("allowed", true);
    CallDecision.Allowed decision = judged.decision();
    if (decision != null) {
      fields.json("decision", decision.toJson());
      fields.json("call", SafeJson.escaped(decision.call().toJson()));
    }
    if (judged.params() != null) {
      fields.json("params", SafeJson.escaped(McpJson.write(judged.params(), Integer.MAX_VALUE)));
    }
    return HttpAnswer.json(200, fields.putIfPresent("tools", judged.tools()));
  }

  private HttpAnswer refused(RefusedException e) {
    HttpRefusal refusal = e.refusal();
    metrics.refused(refusal.code());
    JsonFields fields =
        new JsonFields()
            .put("allowed", false)
            .put("status", refusal.status())
            .put("fields", refusal.fields())
            .json("refusal", refusal.toJson());
    return HttpAnswer.json(200, fields);
  }

  static HttpAnswer invalid(@Nullable String detail) {
    return HttpAnswer.of(HttpRefusal.of(400, "invalid_question", detail));
  }
}
