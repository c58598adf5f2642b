package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.integrations.mcp.McpMeta;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.util.HashMap;
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
}
