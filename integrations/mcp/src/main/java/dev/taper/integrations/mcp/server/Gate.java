package dev.taper.integrations.mcp.server;

import dev.taper.FailureLog;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.SessionOwner;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  private static final McpJudgement WRONG_SESSION =
      new McpJudgement.Refused(SessionOwner.wrongSession());

  /** A name for a message that no client sent: nobody can guess it. */
  static String newId() {
    return "taper-" + UUID.randomUUID();
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
                guard.isPinned(request.method(), request.params())
                    ? tools(server).flatMap(tools -> answer(request, owner, server, before, tools))
                    : answer(request, owner, server, before, List.of()))
        .onErrorResume(
            e -> {
              FAILURES.failed(e);
              HttpRefusal refusal = HttpRefusal.of(503, "unavailable", null);
              return Mono.just(Answers.refusal(request, refusal, List.of()));
            });
  }

  /** What the server has now; nothing if it cannot say. */
  private static Mono<List<Tool>> tools(Server server) {
    return server
        .ask(new JSONRPCRequest(TOOLS_LIST, newId(), Map.of()), null)
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
          .map(response -> Answers.cut(response, request.method(), listed.shown()));
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
    String token = judgement.token();
    DelegationChain chain = judgement.chain();
    if (token != null && (chain == null || !owner.owns(token, chain))) {
      judgement.giveBack();
      return WRONG_SESSION;
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
