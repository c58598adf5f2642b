package dev.taper.server.connect;

import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A guarded server without a wire: what it is sent is judged, and answered as the binding says. */
final class Service {
  private static final int LARGE = 1 << 20;
  private static final List<String> TOOLS = List.of("search", "close", "note", "delete");

  final List<Map<String, ?>> reached = new ArrayList<>();
  private final McpGuard guard;

  Service(Verifier verifier) {
    this.guard = McpGuard.of(verifier);
  }

  /** Sends a request through an agent's side, and gives what the agent gets. */
  RpcMessage ask(World.Side side, String method, @Nullable Map<String, @Nullable Object> params)
      throws InterruptedException {
    RpcMessage.Request request = new RpcMessage.Request("1", method, params);
    AgentMessages.Step step = side.messages.step(request);
    if (step instanceof AgentMessages.Step.Forward forward) {
      return side.messages.answered(forward.asked(), answer(method, forward.params()));
    }
    if (step instanceof AgentMessages.Step.Own own) {
      return new RpcMessage.Result(
          "1", side.tools.call(own.tool(), own.arguments(), () -> true).result());
    }
    return ((AgentMessages.Step.Answer) step).answer();
  }

  /** Calls a tool, and gives its result. */
  Map<String, @Nullable Object> call(World.Side side, String tool, Map<String, Object> arguments)
      throws InterruptedException {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("name", tool);
    params.put("arguments", arguments);
    return ((RpcMessage.Result) ask(side, "tools/call", params)).result();
  }

  /** The text of a tool's result. */
  static String text(Map<String, @Nullable Object> result) {
    return result.get("content") instanceof List<?> content
            && content.get(0) instanceof Map<?, ?> first
        ? String.valueOf(first.get("text"))
        : "";
  }

  /** The text of what a tool answers. */
  String said(World.Side side, String tool, Map<String, Object> arguments)
      throws InterruptedException {
    Map<String, @Nullable Object> result = call(side, tool, arguments);
    return text(result);
  }

  /** The names of the tools that an agent is shown. */
  List<String> tools(World.Side side) throws InterruptedException {
    Map<String, @Nullable Object> result =
        ((RpcMessage.Result) ask(side, "tools/list", null)).result();
    List<String> names = new ArrayList<>();
    if (result.get("tools") instanceof List<?> tools) {
      tools.forEach(tool -> names.add(String.valueOf(((Map<?, ?>) tool).get("name"))));
    }
    return names;
  }

  private RpcMessage answer(String method, @Nullable Map<String, @Nullable Object> params) {
    McpJudgement judgement = guard.judge(method, params);
    if (judgement instanceof McpJudgement.Refused refused) {
      return refusal(method, refused.refusal());
    }
    if (judgement instanceof McpJudgement.Listed listed) {
      List<Map<String, Object>> shown =
          TOOLS.stream()
              .filter(listed.shown()::tool)
              .map(name -> Map.<String, Object>of("name", name, "inputSchema", Map.of()))
              .toList();
      return new RpcMessage.Result("1", result("tools", shown));
    }
    if (judgement instanceof McpJudgement.Called called) {
      reached.add(called.params());
      return new RpcMessage.Result(
          "1", result("content", List.of(Map.of("type", "text", "text", "done"))));
    }
    return new RpcMessage.Result("1", new LinkedHashMap<>());
  }

  private static RpcMessage refusal(String method, HttpRefusal refusal) {
    Map<String, @Nullable Object> object = McpJson.read(refusal.toJson(), LARGE);
    if (!method.equals("tools/call") || refusal.code().equals("unknown_tool")) {
      int code = refusal.code().equals("unknown_tool") ? Failure.INVALID_PARAMS : refusal.status();
      return new Failure("1", code, refusal.code(), result(McpMeta.REFUSAL, object));
    }
    Map<String, @Nullable Object> result =
        result("content", List.of(Map.of("type", "text", "text", refusal.code())));
    result.put("isError", true);
    result.put("structuredContent", object);
    result.put(McpMeta.MEMBER, result(McpMeta.REFUSAL, object));
    return new RpcMessage.Result("1", result);
  }

  private static Map<String, @Nullable Object> result(String name, Object value) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put(name, value);
    return result;
  }
}
