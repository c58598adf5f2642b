package dev.taper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object to be written, in their order; {@link JsonMembers} reads what this
 * writes. A value is a whole number, a truth value, more fields, a list of values, a map of names
 * to values, or anything else as its text. The JSON is safe to show, as {@link SafeJson} has it.
 * Not thread-safe.
 */
public final class JsonFields {
  private static final JsonFactory FACTORY = SafeJson.factory();

  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  private record Verbatim(String json) {}

  /** Has no field yet. */
  public JsonFields() {}

  /** Adds a field; without a value it is written as null. */
  public JsonFields put(String name, @Nullable Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds a field, but none without a value. */
  public JsonFields putIfPresent(String name, @Nullable Object value) {
    return value == null ? this : put(name, value);
  }

  /** Adds a list, but no field if it is empty. */
  public JsonFields putIfAny(String name, Collection<?> list) {
    return list.isEmpty() ? this : put(name, list);
  }

  /** Adds a list that has the fields of each thing. */
  public <T> JsonFields rows(
      String name, Iterable<? extends T> things, Function<T, JsonFields> row) {
    List<JsonFields> rows = new ArrayList<>();
    things.forEach(thing -> rows.add(row.apply(thing)));
    return put(name, rows);
  }

  /** Adds a field whose value is JSON already. */
  public JsonFields json(String name, String value) {
    return put(name, new Verbatim(value));
  }

  /** Adds all fields of others. */
  public JsonFields putAll(JsonFields others) {
    values.putAll(others.values);
    return this;
  }

  /** The object as JSON, in one line. */
  public String toJson() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      object(json, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text takes everything
    }
    return out.toString();
  }

  /**
   * Writes the fields into an object that is open.
   *
   * @throws IOException from the generator
   */
  public void write(JsonGenerator json) throws IOException {
    members(json, values);
  }

  private static void members(JsonGenerator json, Map<?, ?> members) throws IOException {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      json.writeFieldName(String.valueOf(member.getKey()));
      value(json, member.getValue());
    }
  }

  private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Verbatim verbatim) {
      json.writeRawValue(verbatim.json());
    } else if (value instanceof JsonFields fields) {
      object(json, fields.values);
    } else if (value instanceof Map<?, ?> map) {
      object(json, map);
    } else if (value instanceof Collection<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        value(json, each);
      }
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }

  private static void object(JsonGenerator json, Map<?, ?> members) throws IOException {
    json.writeStartObject();
    members(json, members);
    json.writeEndObject();
  }

  /** The names of the fields: values may be confidential. */
  @Override
  public String toString() {
    return "JsonFields" + values.keySet();
  }
}
