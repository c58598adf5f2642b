package dev.taper.integrations.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tool of a guarded server of the Model Context Protocol, whose refusals reach the model as
 * sentences: {@code McpToolProvider.builder().toolWrapper(ReadableRefusals::of)}. What the tool
 * itself answers, and its own errors, are left alone. LangChain4j keeps the text of a refusal and
 * loses the member that only a guard writes; so a model is told of such a text, or of a status
 * alone, that it is not known whether the call was carried out. Thread-safe if the tool is.
 */
public final class ReadableRefusals implements ToolExecutor {
  private static final String UNKNOWN = "unknown_tool";

  /** The transport's words for an answer that is no message. */
  private static final Pattern STATUS = Pattern.compile("Unexpected status code: (401|403)$");

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
    } catch (RuntimeException e) {
      McpRefusal refusal = refusal(e);
      if (refusal == null) {
        throw e;
      }
      return text(RefusalText.WORDS.unconfirmed(request.name(), refusal));
    }
    if (!result.isError()) {
      return result;
    }
    McpRefusal refusal = McpRefusal.in(result.attributes());
    if (refusal != null) {
      return text(RefusalText.WORDS.of(request.name(), refusal));
    }
    McpRefusal read = RefusalText.read(result.resultText());
    return read == null ? result : text(RefusalText.WORDS.unconfirmed(request.name(), read));
  }

  /** What may be a refusal in a failed call; null if the tool itself failed, or the way to it. */
  private static @Nullable McpRefusal refusal(RuntimeException error) {
    String message = String.valueOf(error.getMessage());
    if (error instanceof ToolArgumentsException) {
      boolean unknown = message.equals(UNKNOWN) || message.startsWith(UNKNOWN + ":");
      return unknown ? new McpRefusal(404, UNKNOWN, null, null) : null;
    }
    McpRefusal read = error instanceof ToolExecutionException ? RefusalText.read(message) : null;
    return read == null ? byStatus(error) : read;
  }

  /** The refusal of a server that refuses by status, of which LangChain4j keeps that alone. */
  private static @Nullable McpRefusal byStatus(RuntimeException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Matcher status = STATUS.matcher(String.valueOf(cause.getMessage()));
      if (status.find()) {
        return new McpRefusal(Integer.parseInt(status.group(1)), status.group(1), null, null);
      }
    }
    return null;
  }

  static ToolExecutionResult text(String text) {
    return ToolExecutionResult.builder().isError(true).resultText(text).build();
  }
}
