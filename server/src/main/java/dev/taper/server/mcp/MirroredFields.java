package dev.taper.server.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpMeta;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Header fields that say once more what a message without a session has in it, as revision
 * 2026-07-28 has them: for servers, made from the message; from clients, compared with it. Pure.
 */
public final class MirroredFields {
  /** The start of a field's name that mirrors a parameter, in lower case. */
  public static final String PARAMETER = "mcp-param-";

  /** MCP's code for fields that say something else than the message. */
  public static final int MISMATCH = -32020;

  private static final String METHOD = "Mcp-Method";
  private static final String NAME = "Mcp-Name";
  private static final String ENCODED = "=?base64?";
  private static final String END = "?=";
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private MirroredFields() {}

  /**
   * The fields of a request that has no session; none of another message.
   *
   * @param schemas the input schema of a tool by its name; null if nobody knows
   */
  public static Map<String, String> of(
      RpcMessage message,
      Function<@Nullable Object, @Nullable Map<String, @Nullable Object>> schemas) {
    return message instanceof RpcMessage.Request request && McpMeta.hasVersion(request.params())
        ? of(
            request.method(),
            request.params(),
            request.method().equals(CatalogTool.McpRoute.CALL) && request.params() != null
                ? schemas.apply(request.params().get("name"))
                : null)
        : Map.of();
  }

  /**
   * The fields of a message.
   *
   * @param inputSchema of the tool that it calls; null if it calls none, or nobody knows
   */
  public static Map<String, String> of(
      String method,
      @Nullable Map<String, @Nullable Object> params,
      @Nullable Map<String, @Nullable Object> inputSchema) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (McpMeta.version(params) instanceof String version) {
      fields.put(McpFields.VERSION, encode(version)); // each that there is stays as it is
    }
    fields.put(METHOD, method);
    String name = name(method, params);
    if (name != null) {
      fields.put(NAME, encode(name));
    }
    Map<String, @Nullable String> mirrored = new LinkedHashMap<>();
    mirror(inputSchema, params, mirrored);
    mirrored.forEach(
        (field, value) -> {
          if (value != null) {
            fields.put(field, value);
          }
        });
    return fields;
  }

  /**
   * What is wrong with a client's fields; null if nothing is.
   *
   * @param version the field's value, and so on; null if it is not there
   */
  static @Nullable String mismatch(
      RpcMessage.Request request,
      @Nullable String version,
      @Nullable String method,
      @Nullable String name) {
    if (!Objects.equals(version, McpMeta.version(request.params()))) {
      return McpFields.VERSION;
    }
    if (!request.method().equals(method)) {
      return METHOD;
    }
    String expected = name(request.method(), request.params());
    return expected == null || expected.equals(decode(name)) ? null : NAME;
  }

  /**
   * True if the fields that mirror parameters say what the arguments say.
   *
   * @param given by their names in lower case
   */
  public static boolean matches(
      Map<String, String> given,
      @Nullable Map<String, @Nullable Object> params,
      Map<String, @Nullable Object> inputSchema) {
    Map<String, @Nullable String> expected = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    mirror(inputSchema, params, expected);
    for (Map.Entry<String, @Nullable String> field : expected.entrySet()) {
      String value = field.getValue();
      String sent = given.get(field.getKey().toLowerCase(Locale.ROOT));
      if (value == null ? sent != null : !isSame(decode(value), decode(sent))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(@Nullable String value, @Nullable String sent) {
    if (value == null || sent == null) {
      return false;
    }
    boolean areIntegers = value.matches("-?\\d{1,16}") && sent.matches("-?\\d{1,16}(\\.0{1,16})?");
    return value.equals(sent)
        || (areIntegers && new BigDecimal(value).compareTo(new BigDecimal(sent)) == 0);
  }

  private static @Nullable String name(
      String method, @Nullable Map<String, @Nullable Object> params) {
    String member =
        switch (method) {
          case "tools/call", "prompts/get" -> "name";
          case "resources/read" -> "uri";
          default -> null;
        };
    return member != null && params != null && params.get(member) instanceof String text
        ? text
        : null;
  }

  /** Fills in the fields that a schema names; without a value where the call has no argument. */
  private static void mirror(
      @Nullable Map<?, ?> schema,
      @Nullable Map<String, @Nullable Object> params,
      Map<String, @Nullable String> fields) {
    Object arguments = params == null ? null : params.get("arguments");
    mirrorAll(
        schema == null ? Map.of() : schema,
        arguments instanceof Map<?, ?> map ? map : Map.of(),
        fields);
  }

  private static void mirrorAll(
      Map<?, ?> schema, Map<?, ?> arguments, Map<String, @Nullable String> fields) {
    if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
      return;
    }
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      if (property.getValue() instanceof Map<?, ?> inner) {
        Object value = arguments.get(property.getKey());
        mirrorAll(inner, value instanceof Map<?, ?> object ? object : Map.of(), fields);
        if (inner.get("x-mcp-header") instanceof String header && header.matches(TOKEN)) {
          String field = "Mcp-Param-" + header;
          if (value instanceof String || value instanceof Boolean || value instanceof Number) {
            fields.put(field, encode(value.toString()));
          } else {
            fields.putIfAbsent(field, null);
          }
        }
      }
    }
  }

  private static String encode(String value) {
    boolean isPlain =
        value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
            && value.equals(value.strip())
            && !(value.startsWith(ENCODED) && value.endsWith(END));
    return isPlain
        ? value
        : ENCODED
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + END;
  }

  private static @Nullable String decode(@Nullable String value) {
    if (value == null || !value.startsWith(ENCODED) || !value.endsWith(END)) {
      return value;
    }
    try {
      String inner = value.substring(ENCODED.length(), value.length() - END.length());
      return new String(Base64.getDecoder().decode(inner), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }
}
