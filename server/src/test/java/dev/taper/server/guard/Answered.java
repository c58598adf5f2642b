package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.server.mcp.RpcMessage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tests read of answers. */
final class Answered {
  private Answered() {}

  static Map<String, @Nullable Object> result(RpcMessage answer) {
    assertThat(answer).isInstanceOf(RpcMessage.Result.class);
    return ((RpcMessage.Result) answer).result();
  }

  /** The text of a tool's result, which is no refusal. */
  static String text(RpcMessage answer) {
    Map<String, @Nullable Object> result = result(answer);
    assertThat(RpcMessage.object(result, "_meta")).doesNotContainKey(McpMeta.REFUSAL);
    List<?> content = (List<?>) Objects.requireNonNull(result.get("content"), result::toString);
    return String.valueOf(((Map<?, ?>) content.get(0)).get("text"));
  }

  /** The code of a refusal, however it is sent. */
  static String refusal(RpcMessage answer) {
    Object refusal =
        answer instanceof RpcMessage.Result result
            ? RpcMessage.object(result.result(), "_meta")
            : ((RpcMessage.Failure) answer).data();
    McpRefusal read = McpRefusal.in(refusal);
    assertThat(read).as("a refusal: %s", answer).isNotNull();
    return Objects.requireNonNull(read).code();
  }

  /** The code of a fault. */
  static String fault(RpcMessage answer) {
    assertThat(answer).isInstanceOf(RpcMessage.Failure.class);
    Object data = ((RpcMessage.Failure) answer).data();
    assertThat(data).as("%s", answer).isInstanceOf(Map.class);
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(data)).get("fault"));
  }

  static List<String> names(RpcMessage answer, String member) {
    List<?> entries = (List<?>) Objects.requireNonNull(result(answer).get(member));
    return entries.stream()
        .map(entry -> String.valueOf(((Map<?, ?>) entry).get("name")))
        .sorted()
        .toList();
  }
}
