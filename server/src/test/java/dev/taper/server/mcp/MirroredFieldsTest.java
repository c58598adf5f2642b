package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.McpJson;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MirroredFieldsTest {
  private static final Map<String, @Nullable Object> SCHEMA =
      json(
          """
          {"type": "object", "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "limit": {"type": "integer", "x-mcp-header": "Limit"},
            "inner": {"type": "object", "properties": {"on": {"x-mcp-header": "On"}}},
            "bad": {"type": "string", "x-mcp-header": "B d\\r\\nX"},
            "list": {"type": "array", "x-mcp-header": "List"}}}
          """);

  private static Map<String, @Nullable Object> json(String text) {
    return McpJson.read(text, 1 << 16);
  }

  private static Map<String, @Nullable Object> call(String name, String arguments) {
    return json(
        "{\"name\":\""
            + name
            + "\",\"arguments\":"
            + arguments
            + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}");
  }

  @Test
  void fields_sayWhatTheMessageHas() {
    Map<String, @Nullable Object> params =
        call(
            "täg",
            "{\"region\":\" eu\",\"limit\":42,\"inner\":{\"on\":true},\"bad\":\"x\",\"list\":[]}");
    assertThat(MirroredFields.of("tools/call", params, SCHEMA))
        .isEqualTo(
            Map.of(
                "MCP-Protocol-Version", "2026-07-28",
                "Mcp-Method", "tools/call",
                "Mcp-Name", "=?base64?dMOkZw==?=",
                "Mcp-Param-Region", "=?base64?IGV1?=",
                "Mcp-Param-Limit", "42",
                "Mcp-Param-On", "true"));
    assertThat(MirroredFields.of("tools/list", null, null))
        .isEqualTo(Map.of("Mcp-Method", "tools/list"));
    assertThat(MirroredFields.of("tools/call", call("=?base64?x?=", "{}"), null))
        .containsEntry("Mcp-Name", "=?base64?PT9iYXNlNjQ/eD89?=");
  }

  @Test
  void mismatch_isFound() {
    RpcMessage.Request read =
        new RpcMessage.Request(
            1L,
            "resources/read",
            Map.of(
                "uri",
                "a:ü",
                "_meta",
                Map.of("io.modelcontextprotocol/protocolVersion", "2026-07-28")));
    assertThat(mismatch(read, "2026-07-28", "resources/read", "=?base64?YTrDvA==?=")).isNull();
    assertThat(mismatch(read, "2025-11-25", "resources/read", "a:ü")).contains("Version");
    assertThat(mismatch(read, null, "resources/read", "a:ü")).contains("Version");
    assertThat(mismatch(read, "2026-07-28", "tools/call", "a:ü")).contains("Method");
    assertThat(mismatch(read, "2026-07-28", "resources/read", null)).contains("Name");
    assertThat(mismatch(read, "2026-07-28", "resources/read", "=?base64?%%?=")).contains("Name");
  }

  private static @Nullable String mismatch(
      RpcMessage.Request request,
      @Nullable String version,
      @Nullable String method,
      @Nullable String name) {
    return MirroredFields.mismatch(request, version, method, name);
  }

  @Test
  void parameters_areComparedWhereTheyAreThere() {
    Map<String, @Nullable Object> params = call("t", "{\"region\":\"eu\",\"limit\":7}");
    Map<String, String> given = new TreeMap<>();
    MirroredFields.of("tools/call", params, SCHEMA)
        .forEach((name, value) -> given.put(name.toLowerCase(Locale.ROOT), value));
    assertThat(MirroredFields.matches(given, params, SCHEMA)).isTrue();
    given.put("mcp-param-region", "us");
    assertThat(MirroredFields.matches(given, params, SCHEMA)).isFalse();
    given.remove("mcp-param-region");
    assertThat(MirroredFields.matches(given, params, SCHEMA)).isFalse();
    assertThat(MirroredFields.matches(Map.of("mcp-param-region", "us"), call("t", "{}"), SCHEMA))
        .isFalse();
  }
}
