package dev.taper.integrations.mcp.server;

import dev.taper.FailureLog;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stands before a server: asks it only what was judged, and cuts its lists. It works on the thread
 * that brings the message. Thread-safe.
 */
final class Gate {
  private static final FailureLog FAILURES =
      FailureLog.of(Gate.class, "answering a message", Clock.systemUTC());
  private static final String TOOLS_LIST = "tools/list";
  private static final McpJudgement WRONG_SESSION = new McpJudgement.Refused(wrongSession());

  /** What everybody reads who is not of the session's lineage, or comes after its end. */
  static HttpRefusal wrongSession() {
    return HttpRefusal.of(404, "wrong_session", "the session is of another lineage, or has ended");
  }

  private final McpGuard guard;
  private final Definitions definitions = new Definitions();

  Gate(McpGuard guard) {
    this.guard = guard;
  }

  /**
   * Answers a message, which is judged unless a filter before the server did so. Whatever fails
   * makes a refusal, never an error.
   */
  Mono<JSONRPCResponse> answer(JSONRPCRequest request, Owner owner, Server server) {
    return answer(request, Judged.take(), owner, server);
  }

  /**
   * Answers a message.
   *
   * @param judged what a filter left for it, or for another one; null if there was none
   * @param owner of the session that the message came in
   */
  Mono<JSONRPCResponse> answer(
      JSONRPCRequest request, @Nullable Judged judged, Owner owner, Server server) {
    McpJudgement before = judged == null ? null : judged.of(request.method());
    return Mono.defer(
            () ->
                needsTools(request)
                    ? tools(server).flatMap(tools -> answer(request, owner, server, before, tools))
                    : answer(request, owner, server, before, List.of()))
        .onErrorResume(
            e -> {
              FAILURES.failed(e);
              HttpRefusal refusal = HttpRefusal.of(503, "unavailable", null);
              return Mono.just(Answers.refusal(request, refusal, List.of()));
            });
  }

  /** True if the tool that is called is pinned, so that somebody has to look what it is now. */
  private boolean needsTools(JSONRPCRequest request) {
    if (!request.method().equals(CatalogTool.McpRoute.CALL)
        || !(request.params() instanceof Map<?, ?> params)
        || !(params.get("name") instanceof String name)) {
      return false;
    }
    CatalogTool tool = guard.tool(name);
    return tool != null && tool.definition() != null;
  }

  /** What the server has now; nothing if it cannot say. */
  private static Mono<List<Tool>> tools(Server server) {
    return server
        .ask(new JSONRPCRequest(TOOLS_LIST, Ids.next(), Map.of()), null)
        .map(
            response ->
                response.result() instanceof ListToolsResult result
                    ? result.tools()
                    : List.<Tool>of())
        .onErrorReturn(List.of())
        .defaultIfEmpty(List.of());
  }

  private Mono<JSONRPCResponse> answer(
      JSONRPCRequest request,
      Owner owner,
      Server server,
      @Nullable McpJudgement before,
      List<Tool> tools) {
    McpGuard.Definitions pinned = tool -> definitions.isAsPinned(tool, tools);
    McpJudgement judgement =
        owned(
            owner,
            before == null
                ? guard.judge(request.method(), request.params(), pinned)
                : guard.recheck(request.method(), before, pinned));
    if (judgement instanceof McpJudgement.Refused refused) {
      return isToolCall(request) && tools.isEmpty() && !refused.isAlwaysError()
          ? tools(server).map(found -> Answers.refusal(request, refused, found))
          : Mono.just(Answers.refusal(request, refused, tools));
    }
    if (judgement instanceof McpJudgement.Called called) {
      return server
          .ask(with(request, called.params()), called.decision())
          .map(Answers::withoutOurs)
          .doFinally(end -> called.decision().reservation().close());
    }
    if (judgement instanceof McpJudgement.Listed listed) {
      return server
          .ask(with(request, listed.params()), null)
          .map(response -> Lists.cut(response, listed.shown(), guard, definitions));
    }
    if (!owner.takesOpen()) {
      return Mono.just(
          request.method().equals(SessionRules.PING)
              ? JSONRPCResponse.result(request.id(), Map.of())
              : Answers.refusal(request, HttpRefusal.of(401, "token_required", null), tools));
    }
    Mono<JSONRPCResponse> answer =
        server
            .ask(with(request, ((McpJudgement.Open) judgement).params()), null)
            .map(Answers::withoutOurs);
    return request.method().equals("initialize")
        ? answer.map(response -> Answers.described(response, guard))
        : answer;
  }

  /** Refuses what came with the token of another lineage; what a call took is given back. */
  private static McpJudgement owned(Owner owner, McpJudgement judgement) {
    if (judgement instanceof McpJudgement.Called called) {
      if (!owner.owns(called.token(), called.decision().chain())) {
        called.decision().reservation().giveBack();
        return WRONG_SESSION;
      }
    } else if (judgement instanceof McpJudgement.Listed listed) {
      DelegationChain chain = listed.offer().chain();
      if (chain == null || !owner.owns(listed.token(), chain)) {
        return WRONG_SESSION;
      }
    }
    return judgement;
  }

  private static boolean isToolCall(JSONRPCRequest request) {
    return request.method().equals(CatalogTool.McpRoute.CALL);
  }

  private static JSONRPCRequest with(JSONRPCRequest request, Map<String, ?> params) {
    return new JSONRPCRequest(request.jsonrpc(), request.method(), request.id(), params);
  }

  McpGuard guard() {
    return guard;
  }
}
