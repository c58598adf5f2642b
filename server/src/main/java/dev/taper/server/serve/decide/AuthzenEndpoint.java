package dev.taper.server.serve.decide;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AuthZEN 1.0 for those who speak it already: evaluation, evaluations, and the search for actions.
 * Subjects and resources cannot be searched for: nobody here knows all tokens, or all resources.
 * Thread-safe.
 */
final class AuthzenEndpoint implements Endpoint {
  static final String EVALUATION = "/access/v1/evaluation";
  static final String EVALUATIONS = "/access/v1/evaluations";
  static final String ACTIONS = "/access/v1/search/action";

  private static final String SUBJECTS = "/access/v1/search/subject";
  private static final String RESOURCES = "/access/v1/search/resource";
  private static final String PATH = "/access/v1/";
  private static final String ID = "X-Request-ID";
  private static final int MAX_ID = 256;

  private final Judge judge;
  private final CallerSecret secret;
  private final Metrics metrics;

  AuthzenEndpoint(Judge judge, CallerSecret secret, Metrics metrics) {
    this.judge = judge;
    this.secret = secret;
    this.metrics = metrics;
  }

  @Override
  public String role() {
    return "authzen";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String target = request.target();
    if (!target.startsWith(PATH)) {
      return null;
    }
    HttpAnswer answer = answer(target, request);
    return answer == null ? null : withId(answer, request);
  }

  private @Nullable HttpAnswer answer(String path, IncomingRequest request) {
    if (!secret.isSaid(request.field(CallerSecret.FIELD))) {
      return text(401, "the field " + CallerSecret.FIELD + " is not the secret");
    }
    if (!request.method().equals("POST")) {
      return text(400, "questions are asked by POST");
    }
    try {
      return switch (path) {
        case EVALUATION -> evaluation(QuestionJson.read(request, judge));
        case EVALUATIONS -> evaluations(QuestionJson.read(request, judge));
        case ACTIONS -> actions(AuthzenSearch.read(QuestionJson.read(request, judge)));
        case SUBJECTS, RESOURCES ->
            text(501, "nobody here knows all tokens or all resources, so only actions are found");
        default -> null;
      };
    } catch (RefusedException e) {
      return unread(path, e.refusal());
    } catch (QuestionException e) {
      return text(400, String.valueOf(e.getMessage()));
    }
  }

  /** The answer to a long question of which no token is good. */
  private HttpAnswer unread(String path, HttpRefusal refusal) {
    metrics.refused(refusal.code());
    return path.equals(EVALUATION)
        ? HttpAnswer.json(200, new Evaluated(null, refusal).fields())
        : text(400, "so long a question needs a good token: " + refusal.code());
  }

  private static HttpAnswer text(int status, String message) {
    return new HttpAnswer(
        status,
        Map.of("Content-Type", "text/plain;charset=utf-8", "Cache-Control", "no-store"),
        (message + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The name that the asking side gave its request, so that it finds the answer again. */
  private static HttpAnswer withId(HttpAnswer answer, IncomingRequest request) {
    List<String> ids = request.field(ID);
    if (ids.size() != 1
        || ids.get(0).isEmpty()
        || ids.get(0).length() > MAX_ID
        || ids.get(0).chars().anyMatch(c -> c < ' ' || c >= 0x7f)) {
      return answer;
    }
    return answer.with(ID, ids.get(0));
  }

  private HttpAnswer evaluation(JsonMembers<QuestionException> json) throws QuestionException {
    return HttpAnswer.json(200, evaluated(AuthzenQuestion.read(json, json)).fields());
  }

  private HttpAnswer evaluations(JsonMembers<QuestionException> json) throws QuestionException {
    AuthzenQuestion.Several several = AuthzenQuestion.several(json);
    if (several == null) {
      return evaluation(json);
    }
    List<Evaluated> all = new ArrayList<>();
    for (JsonMembers<QuestionException> each : several.evaluations()) {
      Evaluated evaluated = evaluatedAlone(each, json);
      all.add(evaluated);
      boolean isLast =
          switch (several.semantic()) {
            case EXECUTE_ALL -> false;
            case DENY_ON_FIRST_DENY -> !evaluated.allowed();
            case PERMIT_ON_FIRST_PERMIT -> evaluated.allowed();
          };
      if (isLast) {
        break;
      }
    }
    return HttpAnswer.json(200, new JsonFields().rows("evaluations", all, Evaluated::fields));
  }

  /** One of several: that one makes no sense is no reason not to answer the others. */
  private Evaluated evaluatedAlone(
      JsonMembers<QuestionException> json, JsonMembers<QuestionException> defaults) {
    try {
      return evaluated(AuthzenQuestion.read(json, defaults));
    } catch (QuestionException e) {
      return new Evaluated(null, HttpRefusal.of(400, "invalid_question", e.getMessage()));
    }
  }

  /**
   * What was decided.
   *
   * @param call what goes ahead; null if nothing does
   * @param refusal why nothing goes ahead
   */
  private record Evaluated(@Nullable ToolCall call, @Nullable HttpRefusal refusal) {
    boolean allowed() {
      return call != null;
    }

    JsonFields fields() {
      JsonFields context = new JsonFields();
      if (call != null) {
        context.json("call", SafeJson.escaped(call.toJson()));
      }
      if (refusal != null) {
        context.json("refusal", refusal.toJson());
      }
      return new JsonFields().put("decision", allowed()).put("context", context);
    }
  }

  private Evaluated evaluated(AuthzenQuestion question) {
    return CallerAddress.during(question.from(), () -> judged(question));
  }

  private Evaluated judged(AuthzenQuestion question) {
    try {
      CallDecision.Allowed decision = judge.judge(question.question()).decision();
      if (decision == null) {
        throw refused("the message is no call");
      }
      requireMeant(question, decision);
      return new Evaluated(decision.call(), null);
    } catch (RefusedException e) {
      metrics.refused(e.refusal().code());
      return new Evaluated(null, e.refusal());
    }
  }

  /** Refuses a call that means something else than whoever asks takes it for. */
  private static void requireMeant(AuthzenQuestion question, CallDecision.Allowed decision)
      throws RefusedException {
    ToolCall call = decision.call();
    var hops = decision.chain().hops();
    String resource = question.isTool() ? call.tool() : call.resource();
    boolean isMeant =
        call.tool().equals(question.action())
            && question.resource().equals(resource)
            && (!question.isTool() || call.resource() == null)
            && hops.get(hops.size() - 1).holderName().equals(question.subject());
    if (!isMeant) {
      decision.reservation().giveBack();
      throw refused("the call means another subject, action or resource than it was asked about");
    }
  }

  private static RefusedException refused(String detail) {
    return new RefusedException(403, "question_mismatch", detail);
  }

  private HttpAnswer actions(AuthzenSearch search) {
    try {
      Credentials given = CredentialFields.checked(search.token(), search.proof(), List.of());
      Verifier verifier = judge.verifier();
      ToolOffer offer = verifier.offer(Credentials.of(given.token(), given.proof()));
      DenialCode code = offer.code();
      if (code != null) {
        return results(List.of(), search, HttpRefusal.of(code, offer.reason()));
      }
      if (!search.isOfItsSubject()) {
        throw refused("the token is another subject's than the search was for");
      }
      return results(search.about(offer.tools(), verifier.catalog()), search, null);
    } catch (RefusedException e) {
      return results(List.of(), search, e.refusal());
    } catch (TaperException e) {
      return results(List.of(), search, HttpRefusal.of(e));
    }
  }

  private static HttpAnswer results(
      List<String> all, AuthzenSearch search, @Nullable HttpRefusal refusal) {
    int start = Math.min(search.start(), all.size());
    int end = Math.min(all.size(), start + search.limit());
    JsonFields page =
        new JsonFields()
            .put("next_token", end < all.size() ? search.tokenOf(end) : "")
            .put("count", end - start)
            .put("total", all.size());
    JsonFields fields = new JsonFields().put("page", page);
    if (refusal != null) {
      fields.put("context", new JsonFields().json("refusal", refusal.toJson()));
    }
    fields.rows("results", all.subList(start, end), tool -> new JsonFields().put("name", tool));
    return HttpAnswer.json(200, fields);
  }
}
