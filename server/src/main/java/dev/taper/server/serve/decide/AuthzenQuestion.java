package dev.taper.server.serve.decide;

import dev.taper.JsonMembers;
import java.net.InetAddress;
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
  record Several(Semantic semantic, List<JsonMembers<QuestionException>> evaluations) {}

  /**
   * Reads one evaluation; members that nobody knows mean nothing.
   *
   * @param defaults has the parts that the evaluation lacks
   */
  static AuthzenQuestion read(
      JsonMembers<QuestionException> json, JsonMembers<QuestionException> defaults)
      throws QuestionException {
    JsonMembers<QuestionException> subject = with("subject", json, defaults).object("subject");
    requireType(subject, "agent");
    JsonMembers<QuestionException> properties = subject.objectOrNull("properties");
    JsonMembers<QuestionException> action = with("action", json, defaults).object("action");
    JsonMembers<QuestionException> resource = with("resource", json, defaults).object("resource");
    boolean isTool = isTool(resource);
    String name = action.text("name");
    JsonMembers<QuestionException> context =
        with("context", json, defaults).objectOrNull("context");
    return new AuthzenQuestion(
        subject.text("id"),
        name,
        resource.text("id"),
        isTool,
        context == null ? null : QuestionJson.optionalAddress(context, DecideQuestion.ADDRESS),
        sent(name, action, properties, context));
  }

  private static JsonMembers<QuestionException> with(
      String part, JsonMembers<QuestionException> json, JsonMembers<QuestionException> defaults) {
    return json.has(part) ? json : defaults;
  }

  /** What was sent over HTTP or MCP stands in the context; what else is a tool with arguments. */
  private static DecideQuestion sent(
      String tool,
      JsonMembers<QuestionException> action,
      @Nullable JsonMembers<QuestionException> properties,
      @Nullable JsonMembers<QuestionException> context)
      throws QuestionException {
    if (context != null && (context.has("http") || context.has("mcp"))) {
      return DecideQuestion.sent(context);
    }
    if (properties == null) {
      throw new QuestionException("the subject has no properties, and so no token");
    }
    JsonMembers<QuestionException> more = action.objectOrNull("properties");
    return new DecideQuestion.Tool(
        properties.text("token"),
        properties.textOrNull("proof"),
        properties.texts("approvals"),
        tool,
        more == null ? "{}" : QuestionJson.object(more, "arguments"));
  }

  /** Whether a call is of a tool without a resource. */
  static boolean isTool(JsonMembers<QuestionException> resource) throws QuestionException {
    String type = resource.text("type");
    if (!type.equals("resource") && !type.equals("tool")) {
      throw resource.invalid("type", "is neither resource nor tool");
    }
    return type.equals("tool");
  }

  static void requireType(JsonMembers<QuestionException> entity, String type)
      throws QuestionException {
    if (!entity.text("type").equals(type)) {
      throw entity.invalid("type", "is not " + type);
    }
  }

  /** Reads several evaluations; null if there is one alone. */
  static @Nullable Several several(JsonMembers<QuestionException> json) throws QuestionException {
    List<JsonMembers<QuestionException>> evaluations = json.objects("evaluations");
    if (evaluations.isEmpty()) {
      return null;
    }
    if (evaluations.size() > MAX) {
      throw new QuestionException("there are more than " + MAX + " evaluations");
    }
    JsonMembers<QuestionException> options = json.objectOrNull("options");
    Semantic semantic =
        Semantic.of(options == null ? null : options.textOrNull("evaluations_semantic"));
    return new Several(semantic, evaluations);
  }
}
