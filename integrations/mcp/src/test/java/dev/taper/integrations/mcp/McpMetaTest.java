package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class McpMetaTest {
  private static Map<String, Object> with(Object traceparent) {
    return Map.of(McpMeta.MEMBER, Map.of("traceparent", traceparent));
  }

  @Test
  void traceparent_ofItsLength_isTaken() {
    String known = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01";

    assertThat(McpMeta.traceparent(with(known))).containsExactly(known);
    assertThat(McpMeta.traceparent(with(known + "1"))).isEmpty();
  }

  @Test
  void traceparent_nothingOfTheKind_isNone() {
    assertThat(McpMeta.traceparent(null)).isEmpty();
    assertThat(McpMeta.traceparent(Map.of())).isEmpty();
    assertThat(McpMeta.traceparent(Map.of(McpMeta.MEMBER, "x"))).isEmpty();
    assertThat(McpMeta.traceparent(Map.of(McpMeta.MEMBER, Map.of()))).isEmpty();
    assertThat(McpMeta.traceparent(with(List.of("x")))).isEmpty();
  }
}
