package dev.taper;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, which are asked for one by one. A member of another type than the
 * one asked for is refused, and so is JSON's null; {@link #end} refuses what nobody asked for.
 * Every mistake names its place. For one thread.
 *
 * @param <X> what mistakes are thrown as
 */
public final class JsonMembers<X extends Exception> {
  private static final int MAX_SHOWN = 64;
  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final Map<String, @Nullable Object> members;
  private final String place;
  private final JsonReader.Refusal<X> refusal;
  private final Set<String> known = new LinkedHashSet<>();

  private JsonMembers(
      Map<String, @Nullable Object> members, String place, JsonReader.Refusal<X> refusal) {
    this.members = members;
    this.place = place;
    this.refusal = refusal;
  }

  @SuppressWarnings("unchecked") // a reader makes no other maps
  static <X extends Exception> JsonMembers<X> of(
      @Nullable Object value, String place, JsonReader.Refusal<X> refusal) throws X {
    if (value instanceof Map<?, ?> members) {
      return new JsonMembers<>((Map<String, @Nullable Object>) members, place, refusal);
    }
    throw refusal.of(place + " is not a JSON object", null);
  }

  /** What messages call the object. */
  public String place() {
    return place;
  }

  /** The names of all members, in the order of the document. */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /** True if there is a member of that name. */
  public boolean has(String name) {
    known.add(name);
    return members.containsKey(name);
  }

  /**
   * What is wrong with a member.
   *
   * @param name its name
   * @param problem what stands behind its place, such as {@code is not a date}
   */
  public X invalid(String name, String problem) {
    return refusal.of(inner(name) + " " + problem, null);
  }

  private String inner(String name) {
    return place + "." + ShownText.of(name, MAX_SHOWN);
  }

  /** A member of a type; null if there is none. */
  private <T> @Nullable T optional(String name, Class<T> type, String problem) throws X {
    if (!has(name)) {
      return null;
    }
    Object value = members.get(name);
    if (!type.isInstance(value)) {
      throw invalid(name, problem);
    }
    return type.cast(value);
  }

  private <T> T required(String name, @Nullable T value) throws X {
    if (value == null) {
      throw refusal.of(place + " has no member " + name, null);
    }
    return value;
  }

  /**
   * A text.
   *
   * @throws X if there is none
   */
  public String text(String name) throws X {
    return required(name, textOrNull(name));
  }

  /**
   * A text; null if there is no such member.
   *
   * @throws X if it is something else
   */
  public @Nullable String textOrNull(String name) throws X {
    return optional(name, String.class, "is not a string");
  }

  /**
   * True or false; false if there is no such member.
   *
   * @throws X if it is something else
   */
  public boolean flag(String name) throws X {
    Boolean value = optional(name, Boolean.class, "is not true or false");
    return value != null && value;
  }

  /**
   * A whole number of 0 to 10^18 - 1, in digits alone; null if there is no such member.
   *
   * @throws X if it is something else
   */
  public @Nullable Long numberOrNull(String name) throws X {
    return has(name) ? number(name, members.get(name), Long.MAX_VALUE) : null;
  }

  /**
   * A whole number of 0 to 2^31 - 1, in digits alone; null if there is no such member.
   *
   * @throws X if it is something else
   */
  public @Nullable Integer integerOrNull(String name) throws X {
    return has(name) ? (int) number(name, members.get(name), Integer.MAX_VALUE) : null;
  }

  /**
   * The numbers of an array, each as {@link #integerOrNull} reads it; none if there is no such
   * member.
   *
   * @throws X if it is something else
   */
  public List<Integer> integers(String name) throws X {
    List<Integer> numbers = new ArrayList<>();
    for (Object element : elements(name)) {
      numbers.add((int) number(name, element, Integer.MAX_VALUE));
    }
    return numbers;
  }

  private long number(String name, @Nullable Object value, long most) throws X {
    String digits = value instanceof Number ? value.toString() : "";
    digits = value instanceof JsonReader.Digits written ? written.text() : digits;
    if (WHOLE.matcher(digits).matches()) {
      long number = Long.parseLong(digits);
      if (number <= most) {
        return number;
      }
    }
    throw invalid(name, "is not a whole number from 0 on, or is too large");
  }

  /**
   * Bytes, which stand there in base64url without padding; null if there is no such member.
   *
   * @throws X if it is something else
   */
  public byte @Nullable [] bytesOrNull(String name) throws X {
    String text = textOrNull(name);
    byte[] bytes = text == null ? null : Given.base64(text);
    if (text != null && bytes == null) {
      throw invalid(name, "is not base64url without padding");
    }
    return bytes;
  }

  /**
   * An object.
   *
   * @throws X if there is none
   */
  public JsonMembers<X> object(String name) throws X {
    return required(name, objectOrNull(name));
  }

  /**
   * An object; null if there is no such member.
   *
   * @throws X if it is something else
   */
  public @Nullable JsonMembers<X> objectOrNull(String name) throws X {
    return has(name) ? of(members.get(name), inner(name), refusal) : null;
  }

  /**
   * The objects of an array; none if there is no such member.
   *
   * @throws X if it is something else
   */
  public List<JsonMembers<X>> objects(String name) throws X {
    List<JsonMembers<X>> objects = new ArrayList<>();
    for (Object element : elements(name)) {
      objects.add(of(element, inner(name) + "[" + objects.size() + "]", refusal));
    }
    return objects;
  }

  /**
   * The texts of an array; none if there is no such member.
   *
   * @throws X if it is something else
   */
  public List<String> texts(String name) throws X {
    List<String> texts = new ArrayList<>();
    for (Object element : elements(name)) {
      if (!(element instanceof String text)) {
        throw invalid(name, "has an element that is not a string");
      }
      texts.add(text);
    }
    return texts;
  }

  /**
   * The texts of an array, or a text that stands alone; none if there is no such member.
   *
   * @throws X if it is something else
   */
  public List<String> textOrTexts(String name) throws X {
    return has(name) && members.get(name) instanceof String text ? List.of(text) : texts(name);
  }

  /** A text of a document that others define; null if there is none, or something else. */
  public @Nullable String textIfAny(String name) {
    return has(name) && members.get(name) instanceof String text ? text : null;
  }

  /** The texts in a document that others define: of an array, or one alone. */
  public List<String> textsIfAny(String name) {
    Object value = has(name) ? members.get(name) : null;
    List<String> texts = new ArrayList<>();
    for (Object element :
        value instanceof List<?> elements ? elements : List.of(value == null ? "" : value)) {
      if (element instanceof String text && !text.isEmpty()) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** An object in a document that others define; null if there is none, or something else. */
  public @Nullable JsonMembers<X> objectIfAny(String name) throws X {
    return has(name) && members.get(name) instanceof Map ? object(name) : null;
  }

  private List<?> elements(String name) throws X {
    List<?> elements = optional(name, List.class, "is not an array");
    return elements == null ? List.of() : elements;
  }

  /**
   * All members, each of which is a text.
   *
   * @throws X if one is something else
   */
  public Map<String, String> allTexts() throws X {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : members.keySet()) {
      texts.put(name, text(name));
    }
    return texts;
  }

  /**
   * Any value as JSON, with its members and digits as they were written.
   *
   * @throws X if there is none
   */
  public String json(String name) throws X {
    if (!has(name)) {
      throw refusal.of(place + " has no member " + name, null);
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      write(members.get(name), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /**
   * A copy of an object, as maps, lists, texts, numbers, booleans and nulls. Empty if there is
   * none. For what was read {@linkplain JsonReader#withNumbers with numbers}.
   *
   * @throws X if the member is no object
   */
  public Map<String, @Nullable Object> map(String name) throws X {
    JsonMembers<X> object = objectOrNull(name);
    return object == null ? Map.of() : new LinkedHashMap<>(object.members);
  }

  private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
    if (value instanceof Map<?, ?> object) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : object.entrySet()) {
        json.writeFieldName((String) member.getKey());
        write(member.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof List<?> array) {
      json.writeStartArray();
      for (Object element : array) {
        write(element, json);
      }
      json.writeEndArray();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof JsonReader.Digits digits) {
      json.writeRawValue(digits.text());
    } else {
      json.writeRawValue(String.valueOf(value)); // a number, true, false or null
    }
  }

  /**
   * Refuses members of other names than these, before one is missed that is only misspelt.
   *
   * @return this
   * @throws X if there is one
   */
  public JsonMembers<X> only(String... names) throws X {
    known.addAll(List.of(names));
    end();
    return this;
  }

  /**
   * Refuses members that nobody asked for.
   *
   * @throws X if there is one
   */
  public void end() throws X {
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        String nearest = Nearest.of(name, known);
        throw refusal.of(
            place
                + " has the member "
                + ShownText.of(name, MAX_SHOWN)
                + ", which it cannot have"
                + (nearest == null ? "" : "; did you mean " + nearest + "?"),
            null);
      }
    }
  }
}
