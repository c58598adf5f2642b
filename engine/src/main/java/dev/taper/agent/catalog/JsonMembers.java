package dev.taper.agent.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is read member by member; what nobody asked for is an error, which names its
 * place. For one thread.
 */
final class JsonMembers {
  /** The largest document, in characters. */
  static final int MAX_CHARACTERS = 1 << 24;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER = 64;
  private static final JsonFactory FACTORY = SafeJson.strict(MAX_DEPTH, MAX_CHARACTERS, MAX_NUMBER);

  private final Map<String, @Nullable Object> members;
  private final String place;

  private JsonMembers(Map<String, @Nullable Object> members, String place) {
    this.members = new LinkedHashMap<>(members);
    this.place = place;
  }

  /** Reads a document that is one object. */
  static JsonMembers parse(String json, String place) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw invalid(place, "has something behind its end");
      }
      return of(value, place);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.INVALID_CATALOG
          ? e
          : new TaperException(ErrorCode.INVALID_CATALOG, place + ": " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new TaperException(
          ErrorCode.INVALID_CATALOG,
          place + " is not JSON, is too large, or has a repeated name" + where,
          e);
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_CATALOG, place + " cannot be read", e);
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = CanonicalJson.wellFormed(json.currentName());
          json.nextToken();
          members.put(name, value(json));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json));
        }
        yield elements;
      }
      case VALUE_STRING -> CanonicalJson.wellFormed(json.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new RawNumber(json.getText());
      default -> null;
    };
  }

  /** A number, which nothing here needs. */
  private record RawNumber(String text) {}

  @SuppressWarnings("unchecked") // the reader above makes no other maps
  private static JsonMembers of(@Nullable Object value, String place) {
    if (value instanceof Map<?, ?> map) {
      return new JsonMembers((Map<String, @Nullable Object>) map, place);
    }
    throw invalid(place, "is not a JSON object");
  }

  /** Where in the document this is. */
  String place() {
    return place;
  }

  /** The names that are left. */
  Collection<String> names() {
    return List.copyOf(members.keySet());
  }

  /** Takes a string; null if it is absent. */
  @Nullable String string(String name) {
    if (!members.containsKey(name)) {
      return null;
    }
    if (members.remove(name) instanceof String value) {
      return value;
    }
    throw invalid(place + "." + name, "is not a string");
  }

  /** Takes a string that must be there. */
  String needed(String name) {
    String value = string(name);
    if (value == null) {
      throw invalid(place, "has no member " + name);
    }
    return value;
  }

  /** Takes true or false; false if it is absent. */
  boolean flag(String name) {
    if (!members.containsKey(name)) {
      return false;
    }
    if (members.remove(name) instanceof Boolean value) {
      return value;
    }
    throw invalid(place + "." + name, "is not true or false");
  }

  /** Takes an object; null if it is absent. */
  @Nullable JsonMembers object(String name) {
    String inner = place + "." + ShownText.of(name, 64);
    return members.containsKey(name) ? of(members.remove(name), inner) : null;
  }

  /** Takes an object; null if it is absent or something else. */
  @Nullable JsonMembers objectIfAny(String name) {
    if (members.get(name) instanceof Map) {
      return object(name);
    }
    members.remove(name);
    return null;
  }

  /** Takes an array of objects; empty if it is absent. */
  List<JsonMembers> objects(String name) {
    if (!members.containsKey(name)) {
      return List.of();
    }
    if (!(members.remove(name) instanceof List<?> elements)) {
      throw invalid(place + "." + name, "is not an array");
    }
    List<JsonMembers> objects = new ArrayList<>();
    for (Object element : elements) {
      objects.add(of(element, place + "." + name + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** Takes the strings of an array, or of one string; what else it holds is left out. */
  List<String> strings(String name) {
    Object value = members.remove(name);
    List<String> strings = new ArrayList<>();
    for (Object element :
        value instanceof List<?> list ? list : List.of(value == null ? "" : value)) {
      if (element instanceof String text && !text.isEmpty()) {
        strings.add(text);
      }
    }
    return strings;
  }

  /** Refuses what nobody asked for. */
  void end() {
    if (!members.isEmpty()) {
      String name = members.keySet().iterator().next();
      throw invalid(place, "has the member " + ShownText.of(name, 64) + ", which it cannot have");
    }
  }

  static TaperException invalid(String place, String why) {
    return new TaperException(ErrorCode.INVALID_CATALOG, place + " " + why);
  }
}
