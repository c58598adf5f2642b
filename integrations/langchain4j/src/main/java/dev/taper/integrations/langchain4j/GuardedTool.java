package dev.taper.integrations.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tool in the agent's own process that does nothing beyond the agent's token: each call of the
 * model is proven, and decided by a verifier, before the tool is entered. The tool gets the
 * arguments that were judged. Thread-safe if what it is made of is.
 */
public final class GuardedTool implements ToolExecutor {
  private final ToolExecutor tool;
  private final Verifier verifier;
  private final ToolCatalog catalog;
  private final AgentClient agent;
  private final Supplier<? extends Collection<String>> approvals;

  private GuardedTool(
      ToolExecutor tool,
      Verifier verifier,
      ToolCatalog catalog,
      AgentClient agent,
      Supplier<? extends Collection<String>> approvals) {
    this.tool = tool;
    this.verifier = verifier;
    this.catalog = catalog;
    this.agent = agent;
    this.approvals = approvals;
  }

  /**
   * Guards a tool.
   *
   * @param tool what runs if the call is allowed
   * @param verifier decides; its catalog has the tool by the name that the model calls
   * @param agent holds the token; its audience is the verifier's
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the verifier has no catalog
   */
  public static GuardedTool of(ToolExecutor tool, Verifier verifier, AgentClient agent) {
    ToolCatalog catalog = verifier.catalog();
    if (catalog == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the verifier needs a catalog, which says what calls mean");
    }
    return new GuardedTool(tool, verifier, catalog, agent, List::of);
  }

  /**
   * Presents approvals with every call.
   *
   * @param given what was approved and has not ended, at most 16, each in base64url; asked before
   *     each call
   */
  public GuardedTool approvals(Supplier<? extends Collection<String>> given) {
    return new GuardedTool(tool, verifier, catalog, agent, given);
  }

  @Override
  public String execute(ToolExecutionRequest request, Object memoryId) {
    return executeWithContext(request, InvocationContext.builder().chatMemoryId(memoryId).build())
        .resultText();
  }

  @Override
  public ToolExecutionResult executeWithContext(
      ToolExecutionRequest request, InvocationContext context) {
    CallDecision decision;
    try {
      decision = decide(request);
    } catch (TaperException e) {
      return ReadableRefusals.text(RefusalText.WORDS.of(request.name(), e));
    }
    if (!(decision instanceof CallDecision.Allowed allowed)) {
      return ReadableRefusals.text(
          RefusalText.WORDS.of(request.name(), (CallDecision.Denied) decision));
    }
    try {
      return tool.executeWithContext(
          request.toBuilder().arguments(allowed.call().arguments().toJson()).build(), context);
    } finally {
      allowed.reservation().close(); // the tool was entered: whatever came of it, it counts
    }
  }

  private CallDecision decide(ToolExecutionRequest request) {
    String arguments = request.arguments();
    SentTool sent =
        SentTool.of(request.name(), arguments == null || arguments.isBlank() ? "{}" : arguments);
    ToolCall call = catalog.call(sent);
    Credentials own = agent.prove(sent, SentApprovals.of(approvals.get()));
    return verifier.decide(own, call);
  }
}
