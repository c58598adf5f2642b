package dev.taper.assurance;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.taper.ErrorCode;
import dev.taper.agent.client.Refusal;
import dev.taper.integrations.langchain4j.ReadableRefusals;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The readers of refusals on the agent's side, where a server wrote them. They refuse nothing: what
 * is no refusal is left alone, and so is a decision in one that is none.
 */
final class RefusalReaders {
  private static final int LONGEST = 1 << 17;

  /** Three texts of at most 500 characters, an ellipsis behind each, and the words between. */
  private static final int LONGEST_WORDS = 2_500;

  private static final ToolExecutionRequest REQUEST =
      ToolExecutionRequest.builder().id("1").name("search").arguments("{}").build();

  private RefusalReaders() {}

  /** A refusal as data of an error, or as a member of a result. */
  static boolean mcp(byte[] input) {
    Optional<Map<String, @Nullable Object>> data =
        Laws.read(() -> McpJson.read(Laws.utf8(input), LONGEST), ErrorCode.INVALID_REQUEST);
    if (data.isEmpty()) {
      return false;
    }
    McpRefusal refusal = McpRefusal.of(data.get());
    Laws.same(
        "what has a code is a refusal", data.get().get("code") instanceof String, refusal != null);
    if (refusal == null) {
      return false;
    }
    Refusal decision = refusal.decision();
    if (decision != null) {
      String written = McpJson.write(data.get().get("decision"), 6 * LONGEST);
      Laws.same("the decision is what it says by itself", Refusal.parse(written), decision);
      Laws.same(
          "a code that is known has that text",
          decision.code(),
          decision.known() == null ? decision.code() : decision.known().text());
    }
    return true;
  }

  /** The text of an error that a tool gave, in both ways in which LangChain4j hands it on. */
  static boolean model(byte[] input) {
    String text = Laws.utf8(input);
    ToolExecutionResult given =
        ToolExecutionResult.builder().isError(true).resultText(text).build();
    String seen = read((request, context) -> given);
    ToolExecutionException thrown = new ToolExecutionException(text);
    String caught;
    try {
      caught =
          read(
              (request, context) -> {
                throw thrown;
              });
    } catch (ToolExecutionException e) {
      Laws.same("what is no refusal stays the tool's own", thrown, e);
      caught = text;
    }
    Laws.same("both ways say the same", seen, caught);
    if (seen.equals(text)) {
      return false;
    }
    boolean isShown =
        seen.startsWith("The call of search failed, and it is not known whether")
            && seen.length() <= LONGEST_WORDS
            && seen.codePoints().noneMatch(Character::isISOControl);
    Laws.same("a refusal is one line of words", true, isShown);
    return true;
  }

  /** What the tool does. */
  @FunctionalInterface
  private interface Tool {
    ToolExecutionResult execute(ToolExecutionRequest request, InvocationContext context);
  }

  private static String read(Tool tool) {
    ToolExecutor executor =
        new ToolExecutor() {
          @Override
          public String execute(ToolExecutionRequest request, Object memoryId) {
            throw new IllegalStateException("not asked");
          }

          @Override
          public ToolExecutionResult executeWithContext(
              ToolExecutionRequest request, InvocationContext context) {
            return tool.execute(request, context);
          }
        };
    return ReadableRefusals.of(executor)
        .executeWithContext(REQUEST, InvocationContext.builder().build())
        .resultText();
  }
}
