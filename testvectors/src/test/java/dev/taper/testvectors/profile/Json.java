package dev.taper.testvectors.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON of the vectors: objects in the order of writing, bytes in hex. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  private Json() {}

  /** An object of names and values in turns; a member without a value is left out. */
  static ObjectNode object(@Nullable Object... namesAndValues) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        object.set((String) namesAndValues[i], node(namesAndValues[i + 1]));
      }
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof byte[] bytes) {
      return json.textNode(hex(bytes));
    } else if (value instanceof Integer number) {
      return json.numberNode(number);
    } else if (value instanceof Long number) {
      return json.numberNode(number);
    } else if (value instanceof Boolean bool) {
      return json.booleanNode(bool);
    } else if (value instanceof List<?> list) {
      ArrayNode array = json.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    }
    return json.textNode(String.valueOf(value));
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  static byte[] bytes(JsonNode hex) {
    return HEX.parseHex(hex.textValue());
  }

  /** A member that must be there. */
  static JsonNode get(JsonNode object, String name) {
    return object.required(name);
  }

  static String text(JsonNode object, String name) {
    return get(object, name).textValue();
  }

  /** The elements of an array, none if it is missing. */
  static List<JsonNode> list(JsonNode object, String name) {
    List<JsonNode> elements = new ArrayList<>();
    object.path(name).forEach(elements::add);
    return elements;
  }

  /** A member's text, or null. */
  static @Nullable String textOrNull(JsonNode object, String name) {
    return object.has(name) ? text(object, name) : null;
  }

  static JsonNode read(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] write(JsonNode node) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withArrayEmptySeparator("")
            .withObjectEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(separators)
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    try {
      String text = MAPPER.writer(printer).writeValueAsString(node) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
