package dev.taper.integrations.mcp.server;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpShown;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes refusals as messages of MCP, as docs/binding.md has them. */
final class Answers {
  private static final TypeRef<Map<String, @Nullable Object>> OBJECT = new TypeRef<>() {};

  private Answers() {}

  static JSONRPCResponse refusal(JSONRPCRequest request, HttpRefusal refusal, List<Tool> tools) {
    return refusal(request, new McpJudgement.Refused(refusal), tools);
  }

  static JSONRPCResponse refusal(
      JSONRPCRequest request, McpJudgement.Refused refused, List<Tool> tools) {
    McpJudgement.Answer answer = refused.answer(request.method());
    Integer code = answer.errorCode();
    if (code != null) {
      return JSONRPCResponse.error(
          request.id(), new JSONRPCResponse.JSONRPCError(code, answer.text(), answer.errorData()));
    }
    CallToolResult result =
        new CallToolResult(
            List.of(TextContent.builder(answer.text()).build()),
            true,
            hasOutputSchema(request, tools) ? null : answer.refusal(),
            Map.of(McpMeta.REFUSAL, answer.refusal()));
    return JSONRPCResponse.result(request.id(), result);
  }

  /** An answer in which nobody but the guard refuses anything: a handler may pass on another's. */
  static JSONRPCResponse withoutOurs(JSONRPCResponse response) {
    if (response.result() instanceof CallToolResult result
        && result.meta() != null
        && result.meta().containsKey(McpMeta.REFUSAL)) {
      Map<String, Object> meta = new LinkedHashMap<>(result.meta());
      meta.remove(McpMeta.REFUSAL);
      return JSONRPCResponse.result(
          response.id(),
          new CallToolResult(result.content(), result.isError(), result.structuredContent(), meta));
    }
    JSONRPCResponse.JSONRPCError error = response.error();
    return error == null
        ? response
        : JSONRPCResponse.error(
            response.id(),
            new JSONRPCResponse.JSONRPCError(
                error.code(), error.message(), McpMeta.withoutRefusal(error.data())));
  }

  /** A list, cut to what its caller may try; an error has none. */
  static JSONRPCResponse cut(JSONRPCResponse response, String method, McpShown shown) {
    return response.result() == null
        ? response
        : JSONRPCResponse.result(
            response.id(),
            shown.cut(method, McpJsonDefaults.getMapper().convertValue(response.result(), OBJECT)));
  }

  /** Clients hold what is structured against such a schema, and would not read the refusal. */
  private static boolean hasOutputSchema(JSONRPCRequest request, List<Tool> tools) {
    Tool tool = called(request, tools);
    return tool != null && tool.outputSchema() != null;
  }

  /** The tool of the server that is called; null if it has none of that name. */
  private static @Nullable Tool called(JSONRPCRequest request, List<Tool> tools) {
    Object name = request.params() instanceof Map<?, ?> params ? params.get("name") : null;
    return tools.stream().filter(tool -> tool.name().equals(name)).findFirst().orElse(null);
  }

  /**
   * Says in the answer to {@code initialize} that credentials are wanted, and for which service.
   */
  static JSONRPCResponse described(JSONRPCResponse response, McpGuard guard) {
    return response.result() instanceof InitializeResult result
        ? JSONRPCResponse.result(response.id(), described(result, guard))
        : response;
  }

  static InitializeResult described(InitializeResult result, McpGuard guard) {
    ServerCapabilities capabilities = result.capabilities();
    Map<String, Object> experimental = new LinkedHashMap<>();
    if (capabilities.experimental() != null) {
      experimental.putAll(capabilities.experimental());
    }
    experimental.put(McpGuard.CAPABILITY, object(guard.describe()));
    return new InitializeResult(
        result.protocolVersion(),
        capabilities.mutate().experimental(experimental).build(),
        result.serverInfo(),
        result.instructions(),
        result.meta());
  }

  private static Map<String, @Nullable Object> object(String json) {
    return McpJson.read(json, Integer.MAX_VALUE);
  }
}
