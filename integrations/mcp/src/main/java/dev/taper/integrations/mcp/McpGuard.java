package dev.taper.integrations.mcp;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges messages of the Model Context Protocol by a verifier, whatever brings them: it reads what
 * a message presents and what was sent, lets the catalog say what that means, and gives the message
 * as it was judged, or a refusal. Thread-safe.
 */
@CheckReturnValue
public final class McpGuard {
  /** The largest parameters, in bytes of their canonical form, without {@code _meta}. */
  public static final int MAX_PARAMS = ToolCall.MAX_BYTES;

  /** The experimental capability in which a guard says {@linkplain #describe of itself}. */
  public static final String CAPABILITY = "dev.taper";

  /** The longest answer of a client to what its server asked, in bytes. */
  public static final int MAX_ANSWER = 64 * 1024;

  /** The header fields that a proof covers of a request of HTTP that goes on with a session. */
  public static final Set<String> SESSION_FIELDS = Set.of("mcp-session-id", "last-event-id");

  /** So many characters of parameters may be read as a call before their proof is good. */
  private static final int SHORT = 2 * 1024;

  private static final Set<String> OPEN =
      Set.of("initialize", "server/discover", "ping", "logging/setLevel");

  /** The lists, each with the member of its result that has the entries. */
  private static final Map<String, String> LISTS =
      Map.of(
          "tools/list",
          "tools",
          "resources/list",
          "resources",
          "resources/templates/list",
          "resourceTemplates",
          "prompts/list",
          "prompts");

  /** The methods with which the protocol lets such members be sent. */
  private static final Set<String> TAKES_INPUT =
      Set.of("tools/call", "resources/read", "prompts/get");

  /** Members of parameters that belong to what is not carried: tasks, and answers of people. */
  private static final Map<String, String> NOT_CARRIED =
      Map.of(
          McpMeta.TASK,
          "unknown_argument",
          "inputResponses",
          "input_not_accepted",
          "requestState",
          "input_not_accepted");

  private static final HttpRefusal TOO_LARGE =
      HttpRefusal.of(
          413, "content_too_large", "what has no token is longer, or has more parts, than it may");

  private static final FailureLog FAILURES =
      FailureLog.of(McpGuard.class, "judging a message", Clock.systemUTC());
  private static final FailureLog UNPINNED =
      FailureLog.of(McpGuard.class, "calling a tool as it was pinned", Clock.systemUTC());

  private final Supplier<Verifier> verifiers;
  private volatile McpTools known;

  private McpGuard(Supplier<Verifier> verifiers, McpTools known) {
    this.verifiers = verifiers;
    this.known = known;
  }

  /**
   * Guards with one verifier.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has no catalog
   */
  public static McpGuard of(Verifier verifier) {
    return of(() -> verifier);
  }

  /**
   * Guards with a verifier that may be another one for each message, such as {@code
   * reloading::verifier}.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the present one has no catalog
   */
  public static McpGuard of(Supplier<Verifier> verifiers) {
    Verifier present = Given.that(verifiers, "what gives the verifier").get();
    return new McpGuard(verifiers, new McpTools(catalog(present)));
  }

  private static ToolCatalog catalog(Verifier verifier) {
    ToolCatalog catalog = verifier.catalog();
    if (catalog == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the verifier needs a catalog, which says what messages of MCP mean");
    }
    return catalog;
  }

  private McpTools tools(Verifier verifier) {
    McpTools tools = known;
    ToolCatalog catalog = catalog(verifier);
    if (tools.catalog() != catalog) {
      tools = new McpTools(catalog);
      known = tools;
    }
    return tools;
  }

  /** True for the methods whose results are cut to what the caller may try. */
  public static boolean isList(String method) {
    return LISTS.containsKey(method);
  }

  /**
   * The member of a list's result that has its entries; null for what {@linkplain #isList is} none.
   */
  public static @Nullable String entriesOf(String method) {
    return LISTS.get(method);
  }

  /** True for the methods that everybody may call, without a token. */
  public static boolean isOpen(String method) {
    return OPEN.contains(method);
  }

  /**
   * Says why a message that is not small is not read, so that nobody without a good token makes a
   * service build anything of what it sends. It verifies the chain of the token, and claims and
   * records nothing.
   *
   * @param method such as {@code tools/call}
   * @param token as it stands in the message; null without one
   * @return what is refused; null if all of it is read
   */
  public @Nullable HttpRefusal unread(String method, @Nullable String token) {
    return OPEN.contains(method) ? TOO_LARGE : unread(token);
  }

  /**
   * Says why something is not read: it is not small, and none of its tokens is good.
   *
   * @return what is refused of the last token; null if it is read
   */
  public @Nullable HttpRefusal unread(TokenOutline outline) {
    if (outline.isSmall()) {
      return null;
    }
    HttpRefusal refusal = unread((String) null);
    for (String token : outline.tokens()) {
      refusal = unread(token);
      if (refusal == null) {
        return null;
      }
    }
    return refusal;
  }

  private @Nullable HttpRefusal unread(@Nullable String token) {
    if (token == null) {
      return HttpRefusal.of(401, "token_required", null);
    }
    try {
      Credentials presented = CredentialFields.checked(token, null, List.of());
      DenialCode code = verifiers.get().unusable(presented.token());
      return code == null ? null : HttpRefusal.of(code, null);
    } catch (RefusedException e) {
      return e.refusal();
    } catch (TaperException e) {
      return HttpRefusal.of(e);
    } catch (RuntimeException e) {
      FAILURES.failed(e);
      return HttpRefusal.of(503, "unavailable", null);
    }
  }

  /** Refuses a message of which only the outline was read, whatever its token is worth by now. */
  private static McpJudgement unread(String method, Map<String, @Nullable Object> given)
      throws RefusedException {
    HttpRefusal refusal = McpMeta.unread(given);
    if (refusal == null) {
      throw McpMeta.invalid("the message says that nobody has read it");
    }
    HttpRefusal notCarried = notCarried(method, given);
    return notCarried == null
        ? new McpJudgement.Refused(refusal)
        : new McpJudgement.Refused(notCarried, true);
  }

  /**
   * Judges a message that wants an answer.
   *
   * @param method such as {@code tools/call}
   * @param params its parameters as maps, lists and so on, with {@code _meta}; null without
   * @return what becomes of it; no handler may get it but with the parameters in there
   */
  public McpJudgement judge(String method, @Nullable Object params) {
    return judge(method, params, definition -> true);
  }

  /** Says whether a server still defines a tool as the catalog pinned it. */
  @FunctionalInterface
  public interface Definitions {
    /**
     * True if the tool is there and is defined as it was pinned.
     *
     * @param tool a tool of {@code tools/call} whose definition the catalog pinned
     */
    boolean isAsPinned(CatalogTool tool);

    /**
     * True if what a server says of a tool is what was pinned, or nothing was.
     *
     * @param tool of a catalog
     * @param definition what the server says of it, one JSON object
     * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if it is no definition
     */
    static boolean isAsPinned(CatalogTool tool, String definition) {
      if (tool.definition() == null) {
        return true;
      }
      ToolCatalog one = ToolCatalog.of("svc:compared").tool(tool.resource(null)).build();
      return one.changed("{\"tools\":[" + definition + "]}").isEmpty();
    }

    /**
     * True if what a server says of a tool is what was pinned, or nothing was.
     *
     * @param definition what the server says of it, as maps, lists and so on
     */
    static boolean isAsPinned(CatalogTool tool, Map<?, ?> definition) {
      try {
        return tool.definition() == null
            || isAsPinned(tool, McpJson.write(definition, Integer.MAX_VALUE));
      } catch (TaperException e) {
        return false;
      }
    }
  }

  /**
   * Judges a message that wants an answer, as {@link #judge(String, Object)}.
   *
   * @param definitions asked about a tool that is called, and whose definition is pinned
   */
  public McpJudgement judge(String method, @Nullable Object params, Definitions definitions) {
    try {
      Map<String, @Nullable Object> given =
          params == null ? new LinkedHashMap<>() : McpMeta.object(params, "params");
      if (McpMeta.isUnread(given)) {
        return unread(method, given);
      }
      if (OPEN.contains(method)) {
        // Anybody sends these, and a server may keep what they hold as long as a session lasts.
        Map<String, @Nullable Object> open = McpMeta.withoutOurs(given);
        var unused = SentMcp.of(method, McpJson.write(open, MAX_PARAMS));
        return new McpJudgement.Open(open);
      }
      HttpRefusal notCarried = notCarried(method, given);
      if (notCarried != null) {
        return new McpJudgement.Refused(notCarried, true);
      }
      Verifier verifier = verifiers.get();
      Credentials presented = McpMeta.credentials(given);
      return isList(method)
          ? listed(verifier, method, given, presented)
          : called(verifier, method, given, presented, definitions);
    } catch (RefusedException e) {
      return new McpJudgement.Refused(e.refusal());
    } catch (TaperException e) {
      return new McpJudgement.Refused(HttpRefusal.of(e));
    } catch (RuntimeException e) {
      // Whatever it is, the message does not go on, and the caller reads nothing of it.
      FAILURES.failed(e);
      return new McpJudgement.Refused(HttpRefusal.of(503, "unavailable", null));
    }
  }

  /**
   * Refuses a call that was judged before anybody could ask the server what its tools are now. It
   * never reaches a handler: what it took is given back, but for its proof.
   *
   * @param method of the message
   * @param judgement what became of it without definitions
   * @param definitions asked about the tool, if its definition is pinned
   * @return the same judgement, or a refusal
   */
  public McpJudgement recheck(String method, McpJudgement judgement, Definitions definitions) {
    if (judgement instanceof McpJudgement.Called called) {
      try {
        requirePinned(verifiers.get(), method, called.params(), definitions);
      } catch (TaperException e) {
        judgement.giveBack();
        return new McpJudgement.Refused(HttpRefusal.toHolder(e));
      }
    }
    return judgement;
  }

  private McpJudgement listed(
      Verifier verifier, String method, Map<String, @Nullable Object> given, Credentials presented)
      throws RefusedException {
    ToolOffer offer = verifier.offer(Credentials.of(presented.token(), presented.proof()));
    DenialCode code = offer.code();
    if (code != null) {
      return new McpJudgement.Refused(HttpRefusal.of(code, offer.reason()));
    }
    // No proof covers these: they are as large as any.
    var unused = SentMcp.of(method, McpJson.write(withoutMeta(given), MAX_PARAMS));
    return new McpJudgement.Listed(
        withMeta(withoutMeta(given), McpMeta.forwarded(given)),
        offer,
        new McpShown(tools(verifier), offer),
        presented.token());
  }

  private McpJudgement called(
      Verifier verifier,
      String method,
      Map<String, @Nullable Object> given,
      Credentials presented,
      Definitions definitions)
      throws RefusedException {
    String params = McpJson.write(withoutMeta(given), MAX_PARAMS);
    boolean isShort = params.length() <= SHORT && McpJson.hasFewParts(params);
    if (!isShort) { // and the chain before all else
      var unused = verifier.unusable(presented.token());
    }
    SentMcp sent = SentMcp.of(method, params);
    if (!isShort) {
      requireProven(verifier, sent, presented);
    }
    ToolCall call;
    try {
      requirePinned(verifier, method, given, definitions);
      call = catalog(verifier).call(sent);
    } catch (TaperException e) {
      // What is wrong with a message, its holder alone is told.
      requireProven(verifier, sent, presented);
      return new McpJudgement.Refused(HttpRefusal.toHolder(e));
    }
    CallDecision decision = verifier.decide(presented, call);
    if (decision instanceof CallDecision.Allowed allowed) {
      Map<String, @Nullable Object> judged = McpJson.readForHandler(sent.params());
      dropUnjudged(catalog(verifier).tools().get(call.tool()), method, judged);
      return new McpJudgement.Called(
          withMeta(judged, McpMeta.forwarded(given)), allowed, presented.token());
    }
    return new McpJudgement.Refused(HttpRefusal.of((CallDecision.Denied) decision));
  }

  /** Refuses what the token's holder did not prove. */
  private static void requireProven(Verifier verifier, SentMcp sent, Credentials presented)
      throws RefusedException {
    DenialCode unproven = verifier.unproven(presented, sent);
    if (unproven != null) {
      throw new RefusedException(HttpRefusal.of(unproven, null));
    }
  }

  /** Takes out what the catalog drops, because nobody judged it. */
  @SuppressWarnings("unchecked") // it was read as maps from texts
  private static void dropUnjudged(
      @Nullable CatalogTool tool, String method, Map<String, @Nullable Object> params) {
    Object arguments = method.equals(CatalogTool.McpRoute.CALL) ? params.get("arguments") : params;
    if (tool != null && arguments instanceof Map<?, ?> map) {
      tool.arguments().entrySet().stream()
          .filter(argument -> argument.getValue().dropped())
          .forEach(argument -> ((Map<String, @Nullable Object>) map).remove(argument.getKey()));
    }
  }

  /**
   * Refuses what would make another message of it: a task, whose answer has another form, and
   * answers to what a server asked a person, which are no arguments and no consent. Of other
   * methods than the protocol's own, arguments may have these names.
   */
  private static @Nullable HttpRefusal notCarried(String method, Map<String, ?> given) {
    if (!TAKES_INPUT.contains(method) && !isList(method)) {
      return null;
    }
    for (Map.Entry<String, String> member : NOT_CARRIED.entrySet()) {
      if (given.containsKey(member.getKey())) {
        return HttpRefusal.of(
            400, member.getValue(), "the service takes no " + member.getKey() + " with a call");
      }
    }
    return null;
  }

  /** A tool that its server changed is as one that nobody knows. */
  private void requirePinned(
      Verifier verifier, String method, Map<String, ?> given, Definitions definitions) {
    CatalogTool tool = pinned(verifier, method, given);
    if (tool != null && !definitions.isAsPinned(tool)) {
      UNPINNED.failed(
          new IOException(
              "the server has no tool "
                  + tool.name()
                  + " as the catalog pinned it, or none for this client"));
      throw new TaperException(ErrorCode.UNKNOWN_TOOL, "the service has no such tool");
    }
  }

  /**
   * Says what a token leaves now to a holder who presented it before, in whose session or on whose
   * open stream something is about to be done or sent. It asks for no proof.
   *
   * @throws TaperException as {@link Verifier#standing}
   */
  public ToolOffer standing(String token) {
    return verifiers.get().standing(token);
  }

  /** What of a server's lists an offer leaves. */
  public McpShown shown(ToolOffer offer) {
    return new McpShown(tools(verifiers.get()), offer);
  }

  /**
   * Verifies who sends something that goes on with a session over HTTP, and says not itself who
   * sends it: answers, notifications, requests that need no token, requests to listen and to end.
   */
  public HolderCheck holders() {
    return HolderCheck.of(verifiers);
  }

  /**
   * True if a message calls a tool that is pinned, so that somebody has to look what it is now.
   *
   * @param method of the message
   * @param params its parameters
   */
  public boolean isPinned(String method, @Nullable Object params) {
    return pinned(verifiers.get(), method, params) != null;
  }

  private @Nullable CatalogTool pinned(Verifier verifier, String method, @Nullable Object params) {
    CatalogTool tool =
        method.equals(CatalogTool.McpRoute.CALL)
                && params instanceof Map<?, ?> members
                && members.get("name") instanceof String name
            ? tools(verifier).tool(name)
            : null;
    return tool == null || tool.definition() == null ? null : tool;
  }

  /** What the server says of itself to anybody, as a JSON object. */
  public String describe() {
    return HttpGuard.describe(verifiers.get());
  }

  private static Map<String, @Nullable Object> withoutMeta(Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> others = new LinkedHashMap<>(params);
    others.remove(McpMeta.MEMBER);
    return others;
  }

  private static Map<String, @Nullable Object> withMeta(
      Map<String, @Nullable Object> params, Map<String, @Nullable Object> meta) {
    if (!meta.isEmpty()) {
      params.put(McpMeta.MEMBER, meta);
    }
    return params;
  }
}
