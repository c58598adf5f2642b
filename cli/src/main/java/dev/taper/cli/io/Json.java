package dev.taper.cli.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.JsonFields;
import dev.taper.SafeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Prints JSON documents, indented and ending with a line feed. Nothing appears if one cannot be
 * written, so that a reader never sees half of it.
 */
public final class Json {
  private Json() {}

  /** Writes a document. */
  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** Prints the result of a command. */
  public static void result(PrintStream out, JsonFields fields) {
    document(out, "taper/1 result", fields);
  }

  /** Prints what went wrong with a command. */
  public static void error(PrintStream out, JsonFields fields) {
    document(out, "taper/1 error", fields);
  }

  /** Prints a document with a format of its own. */
  public static void document(PrintStream out, String format, JsonFields fields) {
    out.print(
        text(
            json -> {
              json.writeStartObject();
              json.writeStringField("format", format);
              fields.write(json);
              json.writeEndObject();
            }));
  }

  /** Prints a document that is at hand, indented as all others. */
  public static void copy(PrintStream out, String document) {
    out.print(indented(document));
  }

  /** A document that is at hand, indented as all others. */
  public static String indented(String document) {
    return text(
        json -> {
          try (JsonParser parser = SafeJson.factory().createParser(document)) {
            while (parser.nextToken() != null) {
              json.copyCurrentEventExact(parser);
            }
          }
        });
  }

  private static String text(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = SafeJson.factory().createGenerator(bytes)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      body.write(json);
      json.writeRaw('\n');
    } catch (IOException e) {
      throw CliException.io("cannot write JSON: " + e.getMessage(), e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
