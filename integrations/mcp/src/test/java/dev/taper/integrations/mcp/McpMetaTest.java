package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.HttpRefusal;
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

  @Test
  void version_ofParameters_isWhatMetaNames() {
    Map<String, Object> named = Map.of(McpMeta.MEMBER, Map.of(McpMeta.VERSION, "2026-01-01"));
    assertThat(McpMeta.hasVersion(named)).isTrue();
    assertThat(McpMeta.version(named)).isEqualTo("2026-01-01");
    for (Map<String, Object> other :
        List.of(
            Map.<String, Object>of(),
            Map.<String, Object>of(McpMeta.MEMBER, "x"),
            Map.<String, Object>of(McpMeta.MEMBER, Map.of("x", 1)))) {
      assertThat(McpMeta.hasVersion(other)).isFalse();
      assertThat(McpMeta.version(other)).isNull();
    }
    assertThat(McpMeta.hasVersion(null)).isFalse();
    assertThat(McpMeta.version(null)).isNull();
  }

  @Test
  void withoutRefusal_ofAnything_hasEverythingElse() {
    assertThat(McpMeta.withoutRefusal(Map.of(McpMeta.REFUSAL, 1, "x", 2)))
        .isEqualTo(Map.of("x", 2));
    assertThat(McpMeta.withoutRefusal(Map.of("x", 2))).isEqualTo(Map.of("x", 2));
    assertThat(McpMeta.withoutRefusal("x")).isEqualTo("x");
    assertThat(McpMeta.withoutRefusal(null)).isNull();
  }

  /** A client that marks its own message has it refused, and gives no reason. */
  @Test
  void isUnread_ofMarks_isSoWhoeverMadeThem() {
    Map<String, Object> clients = Map.of(McpMeta.MEMBER, Map.of(McpMeta.UNREAD, "x"));
    HttpRefusal refusal = HttpRefusal.of(400, "invalid_request", null);
    Map<String, Object> ours = Map.of(McpMeta.MEMBER, Map.of(McpMeta.UNREAD, refusal));

    assertThat(McpMeta.isUnread(clients)).isTrue();
    assertThat(McpMeta.unread(clients)).isNull();
    assertThat(McpMeta.isUnread(ours)).isTrue();
    assertThat(McpMeta.unread(ours)).isSameAs(refusal);
    assertThat(McpMeta.isUnread(null)).isFalse();
    assertThat(McpMeta.isUnread(Map.of(McpMeta.MEMBER, "x"))).isFalse();
    assertThat(McpMeta.isUnread(Map.of(McpMeta.MEMBER, Map.of("x", 1)))).isFalse();
    assertThat(McpMeta.unread(Map.of(McpMeta.MEMBER, "x"))).isNull();
  }
}
