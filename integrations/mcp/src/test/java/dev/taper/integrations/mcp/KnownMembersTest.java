package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a message is written on. */
class KnownMembersTest {
  private static final String SAMPLING = "sampling/createMessage";
  private static final String ELICITATION = "elicitation/create";

  private static Map<String, @Nullable Object> members(String... names) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String name : names) {
      members.put(name, 1);
    }
    return members;
  }

  private static Set<String> ofQuestion(
      String method, Map<String, @Nullable Object> params, String... open) {
    return Objects.requireNonNull(KnownMembers.ofQuestion(method, params, List.of(open)::contains))
        .keySet();
  }

  @Test
  void ofParams_unknownMembers_areLeftOut() {
    assertThat(KnownMembers.ofParams("logging/setLevel", members("level", "other")))
        .containsOnlyKeys("level");
    assertThat(KnownMembers.ofParams("logging/setLevel", members("other"))).isNull();
    assertThat(KnownMembers.ofParams("logging/setLevel", null)).isNull();
    assertThat(KnownMembers.ofParams("ping", members("other"))).isNull();
    assertThat(KnownMembers.has("ping")).isTrue();
    assertThat(KnownMembers.has("tools/call")).isFalse();
    assertThatThrownBy(() -> KnownMembers.ofParams("tools/call", members("name")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void ofParams_meta_keepsWhatIsKnown() {
    Map<String, @Nullable Object> params = members("level");
    params.put(McpMeta.MEMBER, Map.of("traceparent", "x", "secret", "y"));

    assertThat(Objects.requireNonNull(KnownMembers.ofParams("logging/setLevel", params)))
        .containsEntry(McpMeta.MEMBER, Map.of("traceparent", "x"));
    assertThat(KnownMembers.meta(Map.of(McpMeta.MEMBER, "no object"))).isEmpty();
  }

  @Test
  void ofQuestion_sampling_hasOnlyWhatIsOpen() {
    Map<String, @Nullable Object> params =
        members("messages", "tools", "toolChoice", "includeContext");

    assertThat(ofQuestion(SAMPLING, params)).containsExactly("messages");
    assertThat(ofQuestion(SAMPLING, params, "tools"))
        .containsExactly("messages", "tools", "toolChoice");
    assertThat(ofQuestion(SAMPLING, params, "context"))
        .containsExactly("messages", "includeContext");
    params.put("includeContext", "none");
    assertThat(ofQuestion(SAMPLING, params)).containsExactly("messages", "includeContext");
    assertThat(KnownMembers.ofQuestion(SAMPLING, members("tools"), List.of("context")::contains))
        .isNull();
    assertThat(KnownMembers.ofQuestion(SAMPLING, null, part -> true)).isNull();
  }

  /** Either a form or an address: never both. */
  @Test
  void ofQuestion_elicitation_isByItsMode() {
    Map<String, @Nullable Object> params =
        members("message", "requestedSchema", "url", "elicitationId");

    assertThat(ofQuestion(ELICITATION, params)).containsExactly("message", "requestedSchema");
    params.put("mode", "url");
    assertThat(ofQuestion(ELICITATION, params))
        .containsExactly("message", "url", "elicitationId", "mode");
    assertThat(ofQuestion("ping", Map.of(McpMeta.MEMBER, Map.of("progressToken", 1))))
        .containsExactly(McpMeta.MEMBER);
  }

  @Test
  void ofResult_ofAKnownMethod_hasKnownMembers() {
    assertThat(KnownMembers.ofResult(ELICITATION, members("action", "other")))
        .containsOnlyKeys("action");
    assertThat(KnownMembers.ofResult("tools/list", members("tools", "other")))
        .containsOnlyKeys("tools", "other");
  }
}
