package dev.taper.cli.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.SafeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/** Writes one JSON document that names its format, indented and ending with a line feed. */
public final class JsonDocument {
  /** The format of what a command did. */
  public static final String RESULT = "taper/1 result";

  /** The format of what went wrong with a command. */
  public static final String ERROR = "taper/1 error";

  private JsonDocument() {}

  /** Writes the content of a document. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes the members of the top-level object, which is already open.
     *
     * @throws IOException from the generator
     */
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Writes a document. Nothing appears if the body fails, so that a reader never sees half of it.
   *
   * @param out where to
   * @param format what it is, and in which version
   * @param body its other members
   */
  public static void write(PrintStream out, String format, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = SafeJson.factory().createGenerator(bytes)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("format", format);
      body.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw CliException.io("cannot write JSON: " + e.getMessage(), e);
    }
    out.writeBytes(bytes.toByteArray());
  }
}
