package dev.taper.server.serve.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.server.listener.CallerSecret;
import dev.taper.testing.Directions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The sidecar's table of docs/binding.md has a row for all that questions and answers have. */
class SidecarDirectionsTest {
  private static final Directions TABLE = Directions.under("### The sidecar");

  private static JsonNode schema(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SidecarDirectionsTest.class.getResourceAsStream("/META-INF/taper/" + name))) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** All members of a schema's objects, and with them those of the objects they refer to. */
  private static Set<String> members(JsonNode schema) {
    Set<String> members = new TreeSet<>();
    for (JsonNode form : schema.required("oneOf")) {
      assertThat(form.required("additionalProperties").booleanValue()).isFalse();
      form.required("properties").fieldNames().forEachRemaining(members::add);
    }
    JsonNode definitions = schema.path("$defs");
    for (String name : List.of("http", "mcp", "tool")) {
      JsonNode definition = definitions.path(name);
      definition
          .path("properties")
          .fieldNames()
          .forEachRemaining(member -> members.add(name + "." + member));
    }
    return members;
  }

  private static void assertOneRow(Set<String> names) {
    assertThat(names.stream().filter(name -> TABLE.of(name).size() != 1).toList())
        .as("without a row of docs/binding.md, or with several")
        .isEmpty();
  }

  @Test
  void members_ofQuestionsAndAnswers_haveOneRowEach() throws Exception {
    Set<String> question = members(schema("decide-question.schema.json"));
    Set<String> answer = members(schema("decide-answer.schema.json"));
    assertThat(question).hasSizeGreaterThan(12).contains("http.content");
    assertThat(answer).hasSizeGreaterThan(6).contains("refusal");
    assertOneRow(question);
    assertOneRow(answer);
    assertThat(TABLE.unknownWords().toList()).isEmpty();
  }

  @Test
  void fields_ofProxies_haveOneRowEach() {
    Set<String> fields =
        Set.of(
            ForwardedRequest.METHOD,
            ForwardedRequest.TARGET,
            ForwardedRequest.SCHEME,
            ForwardedRequest.CONTENT,
            ForwardedRequest.LENGTH,
            ForwardedRequest.ADDRESS,
            CallerSecret.FIELD);
    assertOneRow(fields);
    Set<String> ofTable = new TreeSet<>();
    TABLE.rows().stream()
        .flatMap(row -> row.names().stream())
        .filter(name -> name.startsWith("taper-"))
        .forEach(ofTable::add);
    Set<String> lower = new TreeSet<>();
    fields.forEach(field -> lower.add(field.toLowerCase(Locale.ROOT)));
    assertThat(ofTable).isEqualTo(lower);
  }

  @Test
  void member_withoutARow_isNoticed() {
    assertThat(TABLE.of("http.trailers")).isEmpty();
  }
}
