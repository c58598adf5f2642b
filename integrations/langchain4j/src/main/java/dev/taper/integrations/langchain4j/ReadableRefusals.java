package dev.taper.integrations.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool of a guarded server of the Model Context Protocol, whose refusals reach the model as
 * sentences: {@code McpToolProvider.builder().toolWrapper(ReadableRefusals::of)}. What the tool
 * itself answers, and its own errors, are left alone. Thread-safe if the tool is.
 */
public final class ReadableRefusals implements ToolExecutor {
  private static final String UNKNOWN = "unknown_tool";

  private final ToolExecutor tool;

  private ReadableRefusals(ToolExecutor tool) {
    this.tool = tool;
  }

  /** Wraps a tool. */
  public static ReadableRefusals of(ToolExecutor tool) {
    return new ReadableRefusals(tool);
  }

  @Override
  public String execute(ToolExecutionRequest request, Object memoryId) {
    return executeWithContext(request, InvocationContext.builder().chatMemoryId(memoryId).build())
        .resultText();
  }

  @Override
  public ToolExecutionResult executeWithContext(
      ToolExecutionRequest request, InvocationContext context) {
    ToolExecutionResult result;
    try {
      result = tool.executeWithContext(request, context);
    } catch (ToolExecutionException e) {
      return refused(request, e, RefusalText.read(e.getMessage()));
    } catch (ToolArgumentsException e) {
      String message = String.valueOf(e.getMessage());
      boolean unknown = message.equals(UNKNOWN) || message.startsWith(UNKNOWN + ":");
      return refused(request, e, unknown ? new McpRefusal(404, UNKNOWN, null, null) : null);
    }
    McpRefusal refusal = result.isError() ? refusal(result) : null;
    return refusal == null ? result : text(RefusalText.of(request.name(), refusal));
  }

  private static ToolExecutionResult refused(
      ToolExecutionRequest request, RuntimeException error, @Nullable McpRefusal refusal) {
    if (refusal == null) {
      throw error;
    }
    return text(RefusalText.of(request.name(), refusal));
  }

  private static @Nullable McpRefusal refusal(ToolExecutionResult result) {
    Map<String, Object> attributes = result.attributes();
    McpRefusal refusal = attributes == null ? null : McpRefusal.of(attributes.get(McpMeta.REFUSAL));
    return refusal == null ? RefusalText.read(result.resultText()) : refusal;
  }

  static ToolExecutionResult text(String text) {
    return ToolExecutionResult.builder().isError(true).resultText(text).build();
  }
}
