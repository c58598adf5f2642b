package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.integrations.mcp.McpMeta;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrictMapperTest {
  private static final TypeRef<HashMap<String, Object>> MESSAGE = new TypeRef<>() {};

  private static Map<String, Object> read(String json) throws IOException {
    return StrictMapper.of().readValue(json, MESSAGE);
  }

  @Test
  void readValue_moreThanOneReading_keepsNoParameters() throws IOException {
    for (String params : new String[] {"{\"a\":1,\"a\":2}", "{\"a\":1e678901234567890}"}) {
      Map<String, Object> read =
          read("{\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}");

      assertThat(read).containsEntry("id", 1).containsEntry("method", "tools/call");
      assertThat(read.get("params")).isEqualTo(Map.of(McpMeta.MEMBER, McpMeta.ambiguous()));
    }
  }

  @Test
  void readValue_noObject_isAnErrorOfReading() {
    for (String json : new String[] {"null", "[]", "1", "", "{"}) {
      assertThatThrownBy(() -> read(json)).as(json).isInstanceOf(IOException.class);
    }
  }

  /** All but messages is read and written as by the mapper behind it. */
  @Test
  void everythingElse_isAsByTheOther() throws IOException {
    byte[] bytes = "{\"code\":1,\"message\":\"no\"}".getBytes(StandardCharsets.UTF_8);
    String text = new String(bytes, StandardCharsets.UTF_8);
    StrictMapper mapper = StrictMapper.of();
    JSONRPCError error = new JSONRPCError(1, "no");
    TypeRef<JSONRPCError> type = new TypeRef<>() {};
    assertThat(mapper.readValue(bytes, JSONRPCError.class)).isEqualTo(error);
    assertThat(mapper.readValue(bytes, type)).isEqualTo(error);
    assertThat(mapper.readValue(text, JSONRPCError.class)).isEqualTo(error);
    assertThat(mapper.readValue(text, type)).isEqualTo(error);
    assertThat(mapper.readValue("[1]", new TypeRef<List<Integer>>() {})).containsExactly(1);
    assertThat(mapper.convertValue(Map.of("code", 1, "message", "no"), type)).isEqualTo(error);
    assertThat(mapper.writeValueAsBytes(error)).isEqualTo(bytes);
    assertThat(mapper.writeValueAsString(error)).isEqualTo(text);
  }

  /** An answer with a name twice is an error for who asked, whatever its result said. */
  @Test
  void readValue_answerOfMoreThanOneReading_isAnError() throws IOException {
    Map<String, Object> read = read("{\"id\":1,\"result\":{\"a\":1,\"a\":2}}");
    assertThat(read).containsEntry("id", 1).doesNotContainKey("result");
    assertThat(String.valueOf(read.get("error"))).contains("it has a name twice");
  }
}
