package dev.taper.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes a report as JSON, with every sample. */
final class JsonReport {
  private JsonReport() {}

  static String of(Map<String, String> machine, List<Figure.Judged> all, Results results) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      for (Map.Entry<String, String> line : machine.entrySet()) {
        json.writeStringField(line.getKey(), line.getValue());
      }
      json.writeArrayFieldStart("figures");
      for (Figure.Judged judged : all) {
        write(json, judged);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("measurements");
      for (Map.Entry<Cell, Measurement> entry : results.measurements().entrySet()) {
        write(json, entry.getKey(), entry.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Figure.Judged judged) throws IOException {
    Figure figure = judged.figure();
    json.writeStartObject();
    json.writeStringField("name", figure.name());
    if (judged.value() == null) {
      json.writeNullField("value");
    } else {
      json.writeNumberField("value", judged.value());
    }
    json.writeStringField("unit", figure.unit());
    json.writeStringField("goal", figure.goal().toString());
    json.writeStringField("verdict", judged.result().text());
    json.writeStringField("what", figure.what());
    if (!judged.note().isEmpty()) {
      json.writeStringField("note", judged.note());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Cell cell, Measurement measurement)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("benchmark", cell.benchmark());
    for (Map.Entry<String, String> parameter : cell.parameters().entrySet()) {
      json.writeStringField(parameter.getKey(), parameter.getValue());
    }
    json.writeNumberField("median_us", measurement.medianMicros());
    if (!measurement.bytes().isEmpty()) {
      json.writeNumberField("median_bytes", measurement.medianBytes());
    }
    json.writeArrayFieldStart("samples_us");
    for (double sample : measurement.micros()) {
      json.writeNumber(sample);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
