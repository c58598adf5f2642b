package dev.taper.server.process;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.JsonFields;
import dev.taper.SafeJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What a command did, or what went wrong with it, for programs; see {@code docs/json.md}. */
public final class JsonResult {
  /** The option that asks for it. */
  public static final String OPTION = "--json";

  private JsonResult() {}

  /** Writes members of a document. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes the members of the top-level object, which is already open.
     *
     * @throws IOException from the generator
     */
    void write(JsonGenerator json) throws IOException;
  }

  /** Writes what a command did. */
  public static void write(PrintWriter out, Body body) {
    document(out, "taper/1 result", body);
  }

  /** Writes what went wrong with a command. */
  static void error(PrintWriter out, String code, String message, int exit) {
    document(
        out,
        "taper/1 error",
        new JsonFields()
                .put(
                    "error",
                    new JsonFields().put("code", code).put("message", message).put("exit", exit))
            ::write);
  }

  /** True for a command that was asked to print JSON. */
  static boolean isAsked(CommandLine line) {
    OptionSpec option = line.getCommandSpec().findOption(OPTION);
    return option != null && Boolean.TRUE.equals(option.getValue());
  }

  private static void document(PrintWriter out, String format, Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("format", format);
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text takes everything
    }
    out.println(text);
  }
}
