package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A schema that is published, and what a command prints by it. */
final class PublishedSchema {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode schema;

  /**
   * Reads a schema.
   *
   * @param name the name of its file
   */
  PublishedSchema(String name) throws IOException {
    try (InputStream in = PublishedSchema.class.getResourceAsStream("/META-INF/taper/" + name)) {
      schema = MAPPER.readTree(in);
    }
  }

  /**
   * Reads a document, and asserts that it and the items of its lists have all members that they
   * must have, and none that the schema does not know.
   *
   * @param lists the names of its lists, none of which is empty
   */
  JsonNode read(String json, String... lists) throws IOException {
    JsonNode document = MAPPER.readTree(json);
    assertFields(document, schema);
    for (String list : lists) {
      assertThat(document.path(list)).isNotEmpty();
      for (JsonNode item : document.path(list)) {
        assertFields(item, schema.path("properties").path(list).path("items"));
      }
    }
    return document;
  }

  private static void assertFields(JsonNode document, JsonNode schema) {
    List<String> known = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    assertThat(known).isNotEmpty();
    document.fieldNames().forEachRemaining(name -> assertThat(known).contains(name));
    schema.path("required").forEach(name -> assertThat(document.has(name.asText())).isTrue());
  }
}
