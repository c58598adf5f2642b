package dev.taper.server.guard;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows a server's tools: it asks for them when somebody needs them, and again when the server says
 * that they changed, or after a while. Thread-safe.
 */
final class ToolsWatch {
  /** How old an answer may be: a server may change its tools without a word. */
  static final Duration AGE = Duration.ofSeconds(10);

  static final String LIST = "tools/list";
  static final String CHANGED = "notifications/tools/list_changed";

  private static final int MAX_PAGES = 64;
  private static final int MAX_TOOLS = ToolCatalog.MAX_TOOLS;

  /** Sends {@code tools/list} with some parameters. */
  @FunctionalInterface
  interface Asking {
    CompletableFuture<RpcMessage> ask(Map<String, @Nullable Object> params);
  }

  private final Asking asking;
  private final LongSupplier ticker;
  private @Nullable CompletableFuture<ServerTools> last; // guarded by this
  private long askedAt; // guarded by this

  ToolsWatch(Asking asking) {
    this(asking, System::nanoTime);
  }

  /**
   * Watches by another watch, for tests.
   *
   * @param ticker nanoseconds that only go forward
   */
  ToolsWatch(Asking asking, LongSupplier ticker) {
    this.asking = asking;
    this.ticker = ticker;
  }

  /** The tools as they are now; none if the server cannot say. */
  CompletableFuture<ServerTools> tools() {
    CompletableFuture<ServerTools> asked;
    synchronized (this) {
      if (last != null && ticker.getAsLong() - askedAt < AGE.toNanos()) {
        return last;
      }
      asked = new CompletableFuture<>();
      last = asked;
      askedAt = ticker.getAsLong();
    }
    var unused =
        page(null, new ArrayList<>(), 1)
            .whenComplete(
                (tools, error) -> {
                  if (error != null) {
                    forget(asked);
                  }
                  asked.complete(tools == null ? ServerTools.NONE : tools);
                });
    return asked;
  }

  /** The tools as they were when somebody last asked; none if nobody did. */
  synchronized ServerTools known() {
    return last == null ? ServerTools.NONE : last.getNow(ServerTools.NONE);
  }

  /** The server says that they changed. */
  synchronized void changed() {
    last = null;
  }

  private synchronized void forget(CompletableFuture<ServerTools> failed) {
    if (last == failed) {
      last = null;
    }
  }

  private CompletableFuture<ServerTools> page(
      @Nullable Object cursor, List<Map<String, @Nullable Object>> found, int number) {
    Map<String, @Nullable Object> params = new HashMap<>();
    if (cursor != null) {
      params.put("cursor", cursor);
    }
    return asking
        .ask(params)
        .thenCompose(
            answer -> {
              if (!(answer instanceof RpcMessage.Result result)) {
                return CompletableFuture.completedFuture(new ServerTools(found));
              }
              collect(result.result().get("tools"), found);
              Object next = result.result().get("nextCursor");
              if (next == null) {
                return CompletableFuture.completedFuture(new ServerTools(found));
              }
              if (number >= MAX_PAGES || found.size() > MAX_TOOLS) {
                return CompletableFuture.failedFuture(
                    new RpcFault(
                        RpcFault.Code.UPSTREAM_INVALID, "the server's list of tools has no end"));
              }
              return page(next, found, number + 1);
            });
  }

  @SuppressWarnings("unchecked") // read from JSON
  static void collect(@Nullable Object tools, List<Map<String, @Nullable Object>> found) {
    if (tools instanceof List<?> list) {
      for (Object tool : list) {
        if (tool instanceof Map<?, ?> map) {
          found.add((Map<String, @Nullable Object>) map);
        }
      }
    }
  }
}
