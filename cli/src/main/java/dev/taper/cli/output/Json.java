package dev.taper.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.SafeJson;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.JsonDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes one JSON document, indented and ending with a line feed. */
public final class Json {
  private Json() {}

  /** Writes the content of a document. */
  @FunctionalInterface
  public interface Body extends JsonDocument.Body {}

  /**
   * Writes the result of a command: its members, behind the format's name. Nothing appears if the
   * body fails, so that a reader never sees half of it.
   *
   * @param out where to
   * @param body its other members
   */
  public static void object(PrintStream out, Body body) {
    document(out, JsonDocument.RESULT, body);
  }

  /** Writes what went wrong with a command, as {@link #object}. */
  public static void error(PrintStream out, Body body) {
    document(out, JsonDocument.ERROR, body);
  }

  /** Writes a document with a format of its own, as {@link #object}. */
  public static void document(PrintStream out, String format, Body body) {
    JsonDocument.write(out, format, body);
  }

  /**
   * Writes a document that is at hand, indented as all others.
   *
   * @param out where to
   * @param document the document
   */
  public static void copy(PrintStream out, String document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonFactory factory = SafeJson.factory();
    try (JsonParser parser = factory.createParser(document);
        JsonGenerator json = factory.createGenerator(bytes)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      while (parser.nextToken() != null) {
        json.copyCurrentEventExact(parser);
      }
      json.writeRaw('\n');
    } catch (IOException e) {
      throw CliException.io("cannot write JSON: " + e.getMessage(), e);
    }
    out.writeBytes(bytes.toByteArray());
  }

  /** Writes a text, or null for one that is missing. */
  public static void textOrNull(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    json.writeStringField(name, value == null ? null : value.toString());
  }

  /** Writes a text, or nothing for one that is missing. */
  public static void text(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value.toString());
    }
  }

  /** Writes an array of texts. */
  public static void texts(JsonGenerator json, String name, Collection<?> values)
      throws IOException {
    texts(json, name, values, new Room(Integer.MAX_VALUE));
  }

  /** Writes a field with the texts of all values that there is room for. */
  public static void texts(JsonGenerator json, String name, Collection<?> values, Room room)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Object value : values) {
      json.writeString(room.fit(value));
    }
    json.writeEndArray();
  }
}
