package dev.taper.integrations.mcp.server;

import dev.taper.TaperException;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpMeta;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads messages strictly for a server's transport: one that has a name twice is refused by the
 * guard, and numbers keep all their digits, so that a client's proof of a long fraction is good.
 * With another reader the last of two names counts, for the guard as for the handler. Thread-safe.
 */
public final class StrictMapper implements McpJsonMapper {
  private static final TypeRef<HashMap<String, Object>> OBJECT = new TypeRef<>() {};

  private final McpJsonMapper mapper;

  private StrictMapper(McpJsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Reads strictly, and does everything else as the SDK's own. */
  public static StrictMapper of() {
    return of(McpJsonDefaults.getMapper());
  }

  /** Reads strictly, and does everything else as another one. */
  public static StrictMapper of(McpJsonMapper mapper) {
    return new StrictMapper(mapper);
  }

  @Override
  @SuppressWarnings("unchecked") // the type is that of a map from texts, which it is
  public <T> T readValue(String content, TypeRef<T> type) throws IOException {
    if (!(type.getType() instanceof ParameterizedType map)
        || !(map.getRawType() instanceof Class<?> raw)
        || !Map.class.isAssignableFrom(raw)) {
      return mapper.readValue(content, type);
    }
    try {
      return (T) new HashMap<>(McpJson.read(content, Integer.MAX_VALUE));
    } catch (TaperException e) {
      Map<String, Object> message = mapper.readValue(content, OBJECT);
      if (message == null) {
        throw new IOException("the JSON is no object", e);
      }
      return (T) refused(message);
    }
  }

  /** A message with the same name for its answer, and nothing else that a handler could take. */
  private static Map<String, Object> refused(Map<String, Object> message) {
    if (message.containsKey("method")) {
      message.put("params", Map.of(McpMeta.MEMBER, McpMeta.ambiguous()));
    } else {
      message.remove("result");
      message.put(
          "error", Map.of("code", ErrorCodes.INVALID_REQUEST, "message", "it has a name twice"));
    }
    return message;
  }

  @Override
  public <T> T readValue(String content, Class<T> type) throws IOException {
    return mapper.readValue(content, type);
  }

  @Override
  public <T> T readValue(byte[] content, Class<T> type) throws IOException {
    return mapper.readValue(content, type);
  }

  @Override
  public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
    return mapper.readValue(content, type);
  }

  @Override
  public <T> T convertValue(Object value, Class<T> type) {
    return mapper.convertValue(value, type);
  }

  @Override
  public <T> T convertValue(Object value, TypeRef<T> type) {
    return mapper.convertValue(value, type);
  }

  @Override
  public String writeValueAsString(Object value) throws IOException {
    return mapper.writeValueAsString(value);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws IOException {
    return mapper.writeValueAsBytes(value);
  }
}
