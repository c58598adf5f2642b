package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.SafeJson;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object that somebody sent, taken out one by one; what is left should not
 * have been there. For one thread.
 */
public final class SentJson {
  private static final int MAX_DEPTH = 12;
  private static final int MAX_NUMBER = 32;

  private final ObjectNode members;

  private SentJson(ObjectNode members) {
    this.members = members;
  }

  private static ObjectMapper mapper(int maxLength) {
    JsonFactory factory = SafeJson.strict(MAX_DEPTH, maxLength, MAX_NUMBER);
    return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Reads one object.
   *
   * @param content in UTF-8
   * @param maxLength the most bytes
   * @throws RefusedException 400 {@code invalid_request} if it is none, is too deep, or has a name
   *     twice
   */
  public static SentJson read(byte[] content, int maxLength) throws RefusedException {
    return new SentJson(tree(content, maxLength));
  }

  /**
   * Reads one object as a tree.
   *
   * @throws RefusedException as {@link #read}
   */
  public static ObjectNode tree(byte[] content, int maxLength) throws RefusedException {
    if (content.length > maxLength) {
      throw invalid("the content has more than " + maxLength + " bytes");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      if (mapper(maxLength).readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw invalid("the content is no JSON object");
    } catch (CharacterCodingException e) {
      throw invalid("the content is not UTF-8");
    } catch (JsonProcessingException e) {
      throw invalid("the content is no JSON object, is too deep, or has a name twice");
    }
  }

  /** True if there is such a member. */
  public boolean has(String name) {
    return members.has(name);
  }

  private @Nullable JsonNode take(String name) {
    return members.remove(name);
  }

  /** Takes out a text. */
  public String text(String name) throws RefusedException {
    String text = textOrNull(name);
    if (text == null) {
      throw invalid(name + " is missing");
    }
    return text;
  }

  /** Takes out a text; null if there is none. */
  public @Nullable String textOrNull(String name) throws RefusedException {
    JsonNode value = take(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(name + " is no string");
    }
    return value.textValue();
  }

  /** Takes out a whole number that is not negative; null if there is none. */
  public @Nullable Integer numberOrNull(String name) throws RefusedException {
    JsonNode value = take(name);
    if (value == null) {
      return null;
    }
    if (!value.isInt() || value.intValue() < 0) {
      throw invalid(name + " is no whole number");
    }
    return value.intValue();
  }

  /** Takes out a yes or no; no if there is none. */
  boolean flag(String name) throws RefusedException {
    JsonNode value = take(name);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw invalid(name + " is neither true nor false");
    }
    return value.booleanValue();
  }

  /** Takes out texts; none if there is no such member. */
  List<String> texts(String name) throws RefusedException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!element.isTextual()) {
        throw invalid("an element of " + name + " is no string");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** Takes out whole numbers; none if there is no such member. */
  List<Integer> numbers(String name) throws RefusedException {
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!element.isInt()) {
        throw invalid("an element of " + name + " is no whole number");
      }
      numbers.add(element.intValue());
    }
    return numbers;
  }

  /** Takes out objects; none if there is no such member. */
  List<SentJson> objects(String name) throws RefusedException {
    List<SentJson> objects = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!(element instanceof ObjectNode object)) {
        throw invalid("an element of " + name + " is no object");
      }
      objects.add(new SentJson(object));
    }
    return objects;
  }

  private Iterable<JsonNode> elements(String name) throws RefusedException {
    JsonNode value = take(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw invalid(name + " is no array");
    }
    return value;
  }

  /** Refuses what is left. */
  public void requireNothingElse() throws RefusedException {
    if (!members.isEmpty()) {
      throw invalid("the content has a member that is unknown");
    }
  }

  static RefusedException invalid(String detail) {
    return new RefusedException(HttpRefusal.of(400, "invalid_request", detail));
  }
}
