package dev.taper.cli.io;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command found, as named fields in the order in which programs read them; {@link Json}
 * prints them. A value is a number, a truth value, more fields, a list of values, a map of names to
 * values, or anything else as its text. Not thread-safe.
 */
public final class Fields {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  private record Verbatim(String json) {}

  /** Adds a field; without a value it is printed as null. */
  public Fields put(String name, @Nullable Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds a field, but none without a value. */
  public Fields putIfPresent(String name, @Nullable Object value) {
    return value == null ? this : put(name, value);
  }

  /** Adds a list that has the fields of each thing. */
  public <T> Fields rows(String name, Iterable<? extends T> things, Function<T, Fields> row) {
    List<Fields> rows = new ArrayList<>();
    things.forEach(thing -> rows.add(row.apply(thing)));
    return put(name, rows);
  }

  /** Adds a field whose value is JSON already. */
  public Fields json(String name, String value) {
    return put(name, new Verbatim(value));
  }

  /** Adds all fields of others. */
  public Fields putAll(Fields others) {
    values.putAll(others.values);
    return this;
  }

  void write(JsonGenerator json) throws IOException {
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
    } else if (value instanceof Fields fields) {
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
}
