package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.integrations.http.HttpAnswer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON that is safe to show; members that do not apply are left out. */
public final class ViewJson {
  private static final JsonFactory FACTORY = SafeJson.factory();

  private ViewJson() {}

  /** Writes something. */
  @FunctionalInterface
  public interface Writing {
    /** Writes it. */
    void to(JsonGenerator json) throws IOException;
  }

  /** An object with these members. */
  public static String object(Writing members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      members.to(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** The answer with an object, which no cache keeps. */
  public static HttpAnswer answer(Writing members) {
    return answer(object(members));
  }

  /** The answer with JSON, which no cache keeps. */
  public static HttpAnswer answer(String json) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", "application/json");
    fields.put("Cache-Control", "no-store");
    return new HttpAnswer(200, fields, json.getBytes(StandardCharsets.UTF_8));
  }

  /** A text, if there is one. */
  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** A moment in milliseconds, if there is one. */
  static void moment(JsonGenerator json, String name, @Nullable Instant value) throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.toEpochMilli());
    }
  }

  /** An array of texts. */
  public static void texts(JsonGenerator json, String name, Collection<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  /** Writes an element of an array. */
  @FunctionalInterface
  interface Element<T> {
    void to(JsonGenerator json, T element) throws IOException;
  }

  /** An array of objects. */
  static <T> void objects(
      JsonGenerator json, String name, Collection<T> elements, Element<T> members)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (T element : elements) {
      json.writeStartObject();
      members.to(json, element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** An object in an object. */
  static void object(JsonGenerator json, String name, Writing members) throws IOException {
    json.writeObjectFieldStart(name);
    members.to(json);
    json.writeEndObject();
  }
}
