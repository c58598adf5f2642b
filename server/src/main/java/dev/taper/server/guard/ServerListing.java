package dev.taper.server.guard;

import dev.taper.integrations.mcp.McpJson;
import dev.taper.operations.OperationException;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.PassingRules;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import dev.taper.server.mcp.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a server offers, as it says itself. Immutable.
 *
 * @param tools its tools
 * @param resources its resources and templates of resources
 * @param prompts its prompts
 * @param completes whether it completes arguments
 * @param subscribes whether its resources can be subscribed to in a session
 * @param standsAlone whether it takes requests without a session
 */
record ServerListing(
    List<Map<String, @Nullable Object>> tools,
    List<Map<String, @Nullable Object>> resources,
    List<Map<String, @Nullable Object>> prompts,
    boolean completes,
    boolean subscribes,
    boolean standsAlone) {
  private static final int MAX_PAGES = 64;
  private static final int MAX_LOOKS = 10;
  private static final long PAUSE_MILLIS = 200;

  /** Some servers have more tools for clients that can do more. */
  private static final Map<String, ?> ABLE =
      Map.of("sampling", Map.of(), "elicitation", Map.of(), "roots", Map.of());

  /**
   * Asks a server.
   *
   * @throws OperationException {@code io} if it does not answer as servers do
   */
  static ServerListing of(Upstream upstream, Duration timeout, ScheduledExecutorService timers)
      throws InterruptedException {
    Relay relay;
    try {
      relay =
          Relay.open(
              new Nobody(),
              new Relay.Bounds(timeout, 1, true),
              upstream,
              timers,
              r -> new Nothing());
    } catch (RpcFault e) {
      throw OperationException.io(e.getMessage() == null ? "no server" : e.getMessage(), e);
    }
    try {
      return ask(relay, timeout);
    } finally {
      relay.close();
    }
  }

  private static ServerListing ask(Relay relay, Duration timeout) throws InterruptedException {
    ServerEra server = get(ServerEra.of(relay, ABLE), timeout);
    Map<String, @Nullable Object> can = RpcMessage.object(server.said(), "capabilities");
    List<Map<String, @Nullable Object>> resources = new ArrayList<>();
    if (can.containsKey("resources")) {
      resources.addAll(list(relay, server, timeout, "resources/list", "resources"));
      resources.addAll(
          list(relay, server, timeout, "resources/templates/list", "resourceTemplates"));
    }
    return new ServerListing(
        can.containsKey("tools") ? tools(relay, server, timeout) : List.of(),
        resources,
        can.containsKey("prompts")
            ? list(relay, server, timeout, "prompts/list", "prompts")
            : List.of(),
        can.containsKey("completions"),
        Boolean.TRUE.equals(RpcMessage.object(can, "resources").get("subscribe")),
        server.standsAlone());
  }

  /** The tools, when the server adds none any more: some do so after their start. */
  private static List<Map<String, @Nullable Object>> tools(
      Relay relay, ServerEra server, Duration timeout) throws InterruptedException {
    List<Map<String, @Nullable Object>> tools =
        list(relay, server, timeout, ToolsWatch.LIST, "tools");
    for (int look = 0; look < MAX_LOOKS; look++) {
      Thread.sleep(PAUSE_MILLIS);
      List<Map<String, @Nullable Object>> again =
          list(relay, server, timeout, ToolsWatch.LIST, "tools");
      if (again.equals(tools)) {
        return tools;
      }
      tools = again;
    }
    return tools;
  }

  private static List<Map<String, @Nullable Object>> list(
      Relay relay, ServerEra server, Duration timeout, String method, String member)
      throws InterruptedException {
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    Object cursor = null;
    for (int page = 0; page < MAX_PAGES; page++) {
      Map<String, @Nullable Object> params = new HashMap<>();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      RpcMessage answer =
          get(relay.ask(method, server.standsAlone() ? ServerEra.alone(params) : params), timeout);
      if (!(answer instanceof RpcMessage.Result result)) {
        if (method.equals("resources/templates/list")) {
          return found; // many servers have resources and no templates
        }
        throw OperationException.io("the server does not answer " + method, null);
      }
      ToolsWatch.collect(result.result().get(member), found);
      cursor = result.result().get("nextCursor");
      if (cursor == null) {
        return found;
      }
    }
    throw OperationException.io("the server's answer to " + method + " has no end", null);
  }

  private static <T> T get(CompletableFuture<T> answer, Duration timeout)
      throws InterruptedException {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String message = cause == null ? null : cause.getMessage();
      throw OperationException.io(message == null ? "the server does not answer" : message, e);
    } catch (TimeoutException e) {
      throw OperationException.io("the server has not answered in time", e);
    }
  }

  /** The tools as {@code tools/list} gives them. */
  String toolsList() {
    return McpJson.write(Map.of("tools", tools), Integer.MAX_VALUE);
  }

  /** A client that takes nothing. */
  private static final class Nobody implements Outlet.Client {
    @Override
    public boolean send(RpcMessage message, int status) {
      return false;
    }

    @Override
    public void end(String reason) {
      // Who waits for an answer is told.
    }
  }

  /** There is no client that asks, and none that could be asked. */
  private static final class Nothing extends PassingRules {
    @Override
    public void request(Call call) {
      throw new IllegalStateException("there is no client");
    }

    @Override
    public RpcMessage serverRequest(RpcMessage.Request request) {
      return new Failure(request.id(), Failure.METHOD_NOT_FOUND, "there is no client");
    }
  }
}
