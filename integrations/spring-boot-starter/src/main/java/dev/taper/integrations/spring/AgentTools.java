package dev.taper.integrations.spring;

import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.client.Refusals;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.mcp.McpToolUtils;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.execution.ToolExecutionException;

/**
 * The tools that an agent's token can use, for Spring AI. The client signs each call by its
 * transport, {@link dev.taper.integrations.mcp.client.SigningTransport}; nothing of a model's tool
 * context is sent. What the model reads of a refusal are plain sentences.
 */
public final class AgentTools {
  private static final int MAX_INPUT = 1 << 20;
  private static final McpRefusal.Words WORDS = McpRefusal.Words.plain(Clock.systemUTC());

  private AgentTools() {}

  /** What a service refused, as the cause of a {@link ToolExecutionException}. */
  public static final class RefusedCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient McpRefusal refusal;

    RefusedCallException(String tool, McpRefusal refusal) {
      super(WORDS.of(tool, refusal), null, false, false);
      this.refusal = refusal;
    }

    /** What was refused, and what would let it through. */
    public McpRefusal refusal() {
      return refusal;
    }
  }

  /** Lists the tools of a server that the client's agent may try. */
  public static List<ToolCallback> of(McpSyncClient client) {
    return client.listTools().tools().stream()
        .<ToolCallback>map(tool -> new SignedTool(client, tool))
        .toList();
  }

  private record SignedTool(McpSyncClient client, Tool tool) implements ToolCallback {
    @Override
    public ToolDefinition getToolDefinition() {
      return McpToolUtils.createToolDefinition(McpToolUtils.format(tool.name()), tool);
    }

    @Override
    public String call(String input) {
      return call(input, null);
    }

    @Override
    public String call(String input, @Nullable ToolContext context) {
      CallToolResult result;
      try {
        Map<String, @Nullable Object> arguments =
            McpJson.read(input.isBlank() ? "{}" : input, MAX_INPUT);
        result = client.callTool(CallToolRequest.builder(tool.name()).arguments(arguments).build());
      } catch (McpError e) {
        McpRefusal refusal = Refusals.in(e);
        throw refused(refusal == null ? e : new RefusedCallException(tool.name(), refusal));
      } catch (RuntimeException e) {
        throw refused(e);
      }
      McpRefusal refusal = Refusals.in(result);
      if (refusal != null) {
        throw refused(new RefusedCallException(tool.name(), refusal));
      }
      String content = json(result.content());
      if (Boolean.TRUE.equals(result.isError())) {
        throw refused(new IllegalStateException(content));
      }
      return content;
    }

    private ToolExecutionException refused(RuntimeException cause) {
      return new ToolExecutionException(getToolDefinition(), cause);
    }

    private String json(Object content) {
      try {
        return McpJsonDefaults.getMapper().writeValueAsString(content);
      } catch (IOException e) {
        throw refused(new IllegalStateException("the answer is no JSON", e));
      }
    }

    /** The tool's name. */
    @Override
    public String toString() {
      return "SignedTool(" + tool.name() + ")";
    }
  }
}
