package dev.taper.server.serve.decide;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of AuthZEN 1.0: the question as a service of ours would ask it, and the names that
 * the asking side uses, which have to be those that the question means. For one thread.
 *
 * @param subject the name of the agent, as its token has it
 * @param action the tool
 * @param resource the resource; the tool itself where {@code isTool}
 * @param isTool whether the call is of a tool without a resource
 * @param from where the caller connected from; null if the asking side does not say
 * @param question what was sent, with what it presents
 */
record AuthzenQuestion(
    String subject,
    String action,
    String resource,
    boolean isTool,
    @Nullable InetAddress from,
    DecideQuestion question) {
  /** The most evaluations in one request. */
  static final int MAX = 64;

  private static final List<String> PARTS = List.of("subject", "action", "resource", "context");

  /** How several evaluations end. */
  enum Semantic {
    EXECUTE_ALL,
    DENY_ON_FIRST_DENY,
    PERMIT_ON_FIRST_PERMIT;

    static Semantic of(@Nullable String text) throws QuestionException {
      if (text == null) {
        return EXECUTE_ALL;
      }
      for (Semantic semantic : values()) {
        if (semantic.name().toLowerCase(Locale.ROOT).equals(text)) {
          return semantic;
        }
      }
      throw new QuestionException("there is no such evaluations_semantic");
    }
  }

  /** Several evaluations; one that makes no sense is refused alone. */
  record Several(Semantic semantic, List<QuestionJson> evaluations) {}

  /** Reads one evaluation; members that nobody knows mean nothing. */
  static AuthzenQuestion read(QuestionJson json) throws QuestionException {
    QuestionJson subject = json.object("subject");
    requireType(subject, "agent");
    QuestionJson properties = subject.optionalObject("properties");
    QuestionJson action = json.object("action");
    QuestionJson resource = json.object("resource");
    String type = resource.text("type");
    if (!type.equals("resource") && !type.equals("tool")) {
      throw resource.wrong("type", "is neither resource nor tool");
    }
    String name = action.text("name");
    QuestionJson context = json.optionalObject("context");
    return new AuthzenQuestion(
        subject.text("id"),
        name,
        resource.text("id"),
        type.equals("tool"),
        context == null ? null : context.optionalAddress(DecideQuestion.ADDRESS),
        sent(name, action, properties, context));
  }

  /** What was sent over HTTP or MCP stands in the context; what else is a tool with arguments. */
  private static DecideQuestion sent(
      String tool,
      QuestionJson action,
      @Nullable QuestionJson properties,
      @Nullable QuestionJson context)
      throws QuestionException {
    if (context != null && (context.has("http") || context.has("mcp"))) {
      return DecideQuestion.sent(context);
    }
    if (properties == null) {
      throw new QuestionException("the subject has no properties, and so no token");
    }
    QuestionJson more = action.optionalObject("properties");
    return new DecideQuestion.Tool(
        properties.text("token"),
        properties.optionalText("proof"),
        properties.texts("approvals"),
        tool,
        DecideQuestion.arguments(more == null ? null : more.optionalObject("arguments")));
  }

  static void requireType(QuestionJson entity, String type) throws QuestionException {
    if (!entity.text("type").equals(type)) {
      throw entity.wrong("type", "is not " + type);
    }
  }

  /** Reads several evaluations; null if there is one alone. */
  static @Nullable Several several(QuestionJson json) throws QuestionException {
    List<QuestionJson> evaluations = json.optionalObjects("evaluations");
    if (evaluations == null || evaluations.isEmpty()) {
      return null;
    }
    if (evaluations.size() > MAX) {
      throw new QuestionException("there are more than " + MAX + " evaluations");
    }
    QuestionJson options = json.optionalObject("options");
    Semantic semantic =
        Semantic.of(options == null ? null : options.optionalText("evaluations_semantic"));
    List<QuestionJson> whole = new ArrayList<>();
    for (QuestionJson evaluation : evaluations) {
      whole.add(evaluation.withDefaults(json, PARTS));
    }
    return new Several(semantic, whole);
  }
}
