package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToolsWatchTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  private static RpcMessage page(Map<String, @Nullable Object> result) {
    return new RpcMessage.Result(1L, result);
  }

  private ToolsWatch watch(RpcMessage answer) {
    return new ToolsWatch(
        params -> {
          asked.incrementAndGet();
          return CompletableFuture.completedFuture(answer);
        },
        now::get);
  }

  @Test
  void tools_areAskedForAgain_whenTheyAreOldOrChanged() {
    ToolsWatch watch =
        watch(page(Map.of("tools", List.of(Map.of("name", "a", "outputSchema", Map.of())))));
    assertThat(watch.known().hasOutputSchema("a")).isFalse();
    assertThat(watch.tools().join().hasOutputSchema("a")).isTrue();
    now.addAndGet(ToolsWatch.AGE.toNanos() - 1);
    assertThat(watch.tools().join()).isSameAs(watch.known());
    assertThat(asked).hasValue(1);
    now.incrementAndGet();
    assertThat(watch.tools()).isCompleted();
    assertThat(asked).hasValue(2);
    watch.changed();
    assertThat(watch.tools()).isCompleted();
    assertThat(asked).hasValue(3);
  }

  @Test
  void pages_areReadToTheirEnd_andNoFurther() {
    assertThat(watch(page(Map.of("tools", List.of(), "nextCursor", "again"))).tools())
        .isCompletedWithValue(ServerTools.NONE);
    assertThat(asked).hasValue(64);
  }

  @Test
  void serverThatCannotSay_hasNoTools_andIsAskedAgain() {
    ToolsWatch watch =
        new ToolsWatch(
            params -> {
              asked.incrementAndGet();
              return CompletableFuture.failedFuture(
                  new RpcFault(RpcFault.Code.UPSTREAM_TIMEOUT, "late"));
            },
            now::get);
    assertThat(watch.tools()).isCompletedWithValue(ServerTools.NONE);
    assertThat(watch.tools()).isCompletedWithValue(ServerTools.NONE);
    assertThat(asked).hasValue(2);
  }

  @Test
  void toolThatIsThereTwice_isNoTool() {
    Map<String, @Nullable Object> one = Map.of("name", "a", "inputSchema", Map.of("x", 1));
    ServerTools tools = new ServerTools(List.of(one, one));
    assertThat(tools.inputSchema("a")).isNull();
  }
}
