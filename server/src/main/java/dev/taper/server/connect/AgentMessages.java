package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each request of an agent and of its answer: the request gets token and proof, a
 * refusal becomes words, and the list of tools gets those of ours. Everything else goes on as it
 * is. Thread-safe.
 */
final class AgentMessages {
  /** What becomes of a request. */
  sealed interface Step {
    /**
     * It goes to the server.
     *
     * @param params as they are to be sent
     */
    record Forward(@Nullable Map<String, @Nullable Object> params, Asked asked) implements Step {}

    /** It is answered at once. */
    record Answer(RpcMessage answer) implements Step {}

    /** It calls a tool of ours, which may wait. */
    record Own(String tool, @Nullable Object arguments) implements Step {}
  }

  /**
   * What was asked of the server.
   *
   * @param tool the tool that is called; null if it is no call of one
   * @param arguments of that call, in canonical form
   * @param approvals that were sent with it, in base64url
   * @param isFirst true if no earlier page of a list was asked for
   */
  record Asked(
      String method,
      @Nullable String tool,
      String arguments,
      Set<String> approvals,
      boolean isFirst) {
    /** A request that is no call of a tool. */
    static Asked of(String method, boolean isFirst) {
      return new Asked(method, null, "", Set.of(), isFirst);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(AgentMessages.class);

  private static final String TOOLS = "tools/list";
  private static final String DISCOVER = "server/discover";
  private static final String OURS = "dev.taper/";
  private static final int MOST_SCHEMAS = 4096;
  private static final int UNAUTHORIZED = 401;

  /** Lists by the member of their results. */
  private final Holding holding;

  private final ModelTools tools;
  private final RefusedCalls refused;
  private final @Nullable AskFolder asks;
  private final McpRefusal.Words words;
  private volatile Map<String, Map<String, @Nullable Object>> schemas = Map.of();

  AgentMessages(
      Holding holding,
      ModelTools tools,
      RefusedCalls refused,
      @Nullable AskFolder asks,
      McpRefusal.Words words) {
    this.holding = holding;
    this.tools = tools;
    this.refused = refused;
    this.asks = asks;
    this.words = words;
  }

  /** Says what becomes of a request. */
  Step step(RpcMessage.Request request) {
    String method = request.method();
    Map<String, @Nullable Object> params = plain(request.params());
    String tool =
        method.equals(CatalogTool.McpRoute.CALL) && params.get("name") instanceof String name
            ? name
            : null;
    if (tool != null && ModelTools.isOurs(tool)) {
      return new Step.Own(tool, params.get("arguments"));
    }
    if (McpGuard.isOpen(method)) {
      return new Step.Forward(request.params() == null ? null : params, Asked.of(method, true));
    }
    AgentClient client = holding.client();
    if (client == null) {
      return new Step.Answer(withoutToken(request.id(), method));
    }
    try {
      if (tool == null) {
        return new Step.Forward(
            McpSigner.of(client).sign(method, params),
            Asked.of(method, !params.containsKey("cursor")));
      }
      String arguments = RefusedCall.canonical(params);
      Set<String> approvals = asks == null ? Set.of() : asks.approvals(client, arguments);
      return new Step.Forward(
          McpSigner.of(client).sign(method, with(params, approvals)),
          new Asked(method, tool, arguments, approvals, true));
    } catch (TaperException e) {
      LOG.warn("a request cannot be signed: {}", e.code().text());
      return new Step.Answer(unsigned(request.id(), tool, e));
    }
  }

  /** The parameters without anything that only we may send. */
  private static Map<String, @Nullable Object> plain(
      @Nullable Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    if (params != null) {
      plain.putAll(params);
      if (params.get(McpMeta.MEMBER) instanceof Map<?, ?>) {
        Map<String, @Nullable Object> meta = RpcMessage.object(params, McpMeta.MEMBER);
        meta.keySet().removeIf(name -> name.startsWith(OURS));
        plain.put(McpMeta.MEMBER, meta);
      }
    }
    return plain;
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> params, Set<String> approvals) {
    if (approvals.isEmpty()) {
      return params;
    }
    Map<String, @Nullable Object> meta = RpcMessage.object(params, McpMeta.MEMBER);
    meta.put(McpMeta.APPROVALS, List.copyOf(approvals));
    Map<String, @Nullable Object> with = new LinkedHashMap<>(params);
    with.put(McpMeta.MEMBER, meta);
    return with;
  }

  private RpcMessage withoutToken(Object id, String method) {
    String list = McpGuard.entriesOf(method);
    if (list != null) {
      Object shown = method.equals(TOOLS) ? tools.definitions() : List.of();
      return new RpcMessage.Result(id, members(list, shown));
    }
    String text = "You hold no authority yet, so nothing was sent: " + holding.missing();
    return method.equals(CatalogTool.McpRoute.CALL)
        ? new RpcMessage.Result(id, ToolAnswer.mistake(text).result())
        : new Failure(id, UNAUTHORIZED, text);
  }

  private RpcMessage unsigned(Object id, @Nullable String tool, TaperException e) {
    return tool == null
        ? new Failure(id, Failure.INVALID_REQUEST, words.shown(String.valueOf(e.getMessage())))
        : new RpcMessage.Result(id, ToolAnswer.mistake(words.of(tool, e)).result());
  }

  /**
   * Says what the agent gets.
   *
   * @param answer the server's
   */
  RpcMessage answered(Asked asked, RpcMessage answer) {
    if (answer instanceof Failure failure) {
      return failed(asked, failure);
    }
    if (!(answer instanceof RpcMessage.Result given)) {
      return answer;
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>(given.result());
    switch (asked.method()) {
      case RpcMessage.Request.INITIALIZE, DISCOVER -> initialized(result);
      case TOOLS -> listed(result, asked.isFirst());
      case CatalogTool.McpRoute.CALL -> called(result, asked);
      default -> {
        return answer;
      }
    }
    return new RpcMessage.Result(given.id(), result);
  }

  /** The server says what it can; that tools change is ours to say too. */
  private void initialized(Map<String, @Nullable Object> result) {
    Map<String, @Nullable Object> capabilities = RpcMessage.object(result, "capabilities");
    Map<String, @Nullable Object> ofTools = RpcMessage.object(capabilities, "tools");
    ofTools.put("listChanged", true);
    capabilities.put("tools", ofTools);
    result.put("capabilities", capabilities);
    Map<String, @Nullable Object> experimental = RpcMessage.object(capabilities, "experimental");
    Object audience = RpcMessage.object(experimental, McpGuard.CAPABILITY).get("audience");
    if (audience == null) {
      LOG.warn("the server does not say that it is guarded");
    } else if (!audience.equals(holding.audience())) {
      LOG.warn(
          "the server says that it is {}; calls are proven for {}, as configured",
          ShownText.of(String.valueOf(audience), 200),
          holding.audience());
    }
  }

  /** The input schema of a tool, as the server last listed it; null without. */
  @Nullable Map<String, @Nullable Object> schema(@Nullable Object name) {
    return name instanceof String tool ? schemas.get(tool) : null;
  }

  private void listed(Map<String, @Nullable Object> result, boolean isFirst) {
    List<@Nullable Object> shown = new ArrayList<>();
    Map<String, Map<String, @Nullable Object>> found = new LinkedHashMap<>();
    if (isFirst) {
      shown.addAll(tools.definitions());
    } else {
      found.putAll(schemas);
    }
    if (result.get("tools") instanceof List<?> theirs) {
      for (Object tool : theirs) {
        if (tool instanceof Map<?, ?> members
            && members.get("name") instanceof String name
            && ModelTools.isOurs(name)) {
          LOG.warn(
              "the server has a tool whose name begins as ours do; nobody gets it: {}",
              ShownText.of(name, 200));
        } else {
          shown.add(tool);
          remember(tool, found);
        }
      }
    }
    schemas = Map.copyOf(found);
    result.put("tools", shown);
  }

  private static void remember(
      @Nullable Object tool, Map<String, Map<String, @Nullable Object>> schemas) {
    if (tool instanceof Map<?, ?> members
        && members.get("name") instanceof String name
        && schemas.size() < MOST_SCHEMAS) {
      Map<String, @Nullable Object> definition = new LinkedHashMap<>();
      members.forEach((member, value) -> definition.put(String.valueOf(member), value));
      schemas.put(name, RpcMessage.object(definition, "inputSchema"));
    }
  }

  private void called(Map<String, @Nullable Object> result, Asked asked) {
    McpRefusal refusal = McpRefusal.in(result.get(McpMeta.MEMBER));
    if (refusal != null && asked.tool() != null) {
      Object meta = result.get(McpMeta.MEMBER);
      result.clear();
      result.putAll(ToolAnswer.mistake(words(asked, asked.tool(), refusal)).result());
      result.put(McpMeta.MEMBER, meta);
    }
  }

  private RpcMessage failed(Asked asked, Failure failure) {
    Object data = failure.data();
    McpRefusal refusal = McpRefusal.in(data);
    Object id = failure.id();
    if (refusal == null || id == null) {
      return failure;
    }
    if (asked.tool() != null) {
      Map<String, @Nullable Object> result =
          ToolAnswer.mistake(words(asked, asked.tool(), refusal)).result();
      result.put(
          McpMeta.MEMBER,
          members(
              McpMeta.REFUSAL, data instanceof Map<?, ?> held ? held.get(McpMeta.REFUSAL) : null));
      return new RpcMessage.Result(id, result);
    }
    if (asked.method().equals(TOOLS) && asked.isFirst()) {
      // So the model can ask what is wrong.
      LOG.warn("the server lists no tools: {}", ShownText.of(refusal.code(), 80));
      return new RpcMessage.Result(id, members("tools", tools.definitions()));
    }
    return new Failure(id, failure.code(), words.of(asked.method(), refusal), data);
  }

  /** A refusal in words, with the tool of ours that helps. */
  private String words(Asked asked, String tool, McpRefusal refusal) {
    if (!RefusedCall.canBeHelped(refusal) || refusal.decision() == null) {
      return words.of(tool, refusal);
    }
    RefusedCall call =
        refused.remember(tool, asked.arguments(), refusal.decision(), asked.approvals());
    StringBuilder text = new StringBuilder(words.what(tool, refusal));
    if (call.needsJustification()) {
      text.append(" It needs a justification: say why with taper_justify, call ");
      text.append(call.id()).append('.');
    }
    if (call.needsApproval()) {
      String by = words.approvers(refusal.decision());
      text.append(" It needs an approval").append(by.isEmpty() ? "" : " by " + by);
      text.append(asks == null ? ". Tell the user so" : ": ask with taper_request_approval, call ");
      text.append(asks == null ? "" : call.id()).append('.');
    }
    return text.append(" Then call again with the same arguments.").toString();
  }

  private static Map<String, @Nullable Object> members(String name, @Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(name, value);
    return members;
  }
}
