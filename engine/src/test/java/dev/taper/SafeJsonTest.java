package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeJsonTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x7f, 0x85, 0x9b, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e, 0x2028,
        0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x2800, 0x3164, 0xfe0f, 0xfeff, 0xfff9,
        0xe0001, 0xe0041
      })
  void generator_hiddenCharacter_isEscapedInNamesAndValues(int point) throws IOException {
    String text = "a" + Character.toString(point) + "b";

    for (String json : new String[] {chars(text), bytes(text), SafeJson.escaped(raw(text))}) {
      assertThat(json).doesNotContain(Character.toString(point)).contains("\\u");
      try (JsonParser parser = SafeJson.factory().createParser(json)) {
        parser.nextToken();
        assertThat(parser.nextFieldName()).isEqualTo(text);
        assertThat(parser.nextTextValue()).isEqualTo(text);
      }
    }
  }

  @Test
  void escaped_ordinaryJson_isUnchanged() {
    String json = "{\n\t\"grüße/日本/😀\" : [ 1, \"\\n\\u202e\" ]\r\n}";

    assertThat(SafeJson.escaped(json)).isSameAs(json);
  }

  private static String raw(String text) {
    return "{\"" + text + "\":\"" + text + "\"}";
  }

  private static String chars(String text) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      write(json, text);
    }
    return out.toString();
  }

  private static String bytes(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      write(json, text);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator json, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField(text, text);
    json.writeEndObject();
  }
}
