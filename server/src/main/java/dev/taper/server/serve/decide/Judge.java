package dev.taper.server.serve.decide;

import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.TokenOutline;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.server.process.Traces;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges what a service asks about, by its one verifier. Thread-safe. */
final class Judge {
  private final Supplier<Verifier> verifiers;
  private final HttpGuard http;
  private final McpGuard mcp;

  /** Judges by a verifier that may be another one for each question. */
  Judge(Supplier<Verifier> verifiers) {
    this.verifiers = verifiers;
    this.http =
        HttpGuard.of(verifiers)
            .around(
                (request, judging) -> DecisionSpans.within(request.field("traceparent"), judging));
    this.mcp = McpGuard.of(verifiers);
  }

  /**
   * What may go ahead.
   *
   * @param decision what was decided; null of a message that is no call
   * @param params the parameters that a handler of MCP gets; null of other forms
   * @param tools the tools that may be shown, if a list was asked for; else null
   */
  record Judged(
      CallDecision.@Nullable Allowed decision,
      @Nullable Map<String, @Nullable Object> params,
      @Nullable List<String> tools) {}

  HttpGuard http() {
    return http;
  }

  Verifier verifier() {
    return verifiers.get();
  }

  /** Why a question is not read; null if it is. */
  @Nullable HttpRefusal unread(TokenOutline outline) {
    return mcp.unread(outline);
  }

  /**
   * Judges a question.
   *
   * @throws RefusedException what the service is to answer instead
   */
  Judged judge(DecideQuestion question) throws RefusedException {
    if (question instanceof DecideQuestion.Http request) {
      if (request.isContentMissing()) {
        throw new RefusedException(
            400, "content_not_seen", "the question has no content of the request");
      }
      return new Judged(http.judge(request).decision(), null, null);
    }
    if (question instanceof DecideQuestion.Tool tool) {
      Credentials given = CredentialFields.checked(tool.token(), tool.proof(), tool.approvals());
      return new Judged(http.judge(given, sent(tool)), null, null);
    }
    DecideQuestion.Mcp message = (DecideQuestion.Mcp) question;
    McpJudgement judgement =
        Traces.within(
            McpMeta.traceparent(message.params()),
            () -> mcp.judge(message.method(), message.params()));
    if (judgement instanceof McpJudgement.Called called) {
      return new Judged(called.decision(), called.params(), null);
    }
    if (judgement instanceof McpJudgement.Listed listed) {
      return new Judged(null, listed.params(), listed.offer().tools());
    }
    if (judgement instanceof McpJudgement.Open open) {
      return new Judged(null, open.params(), null);
    }
    throw new RefusedException(((McpJudgement.Refused) judgement).refusal());
  }

  private static SentTool sent(DecideQuestion.Tool tool) throws RefusedException {
    try {
      return SentTool.of(tool.name(), tool.arguments());
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    }
  }
}
