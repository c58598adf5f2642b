package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.AuditStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The published vectors of statements. */
class StatementVectorsTest {
  private static final Path FILE =
      Path.of("../testvectors/src/main/resources/dev/taper/testvectors/binding/statements.json");
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  static List<Arguments> vectors() throws IOException {
    List<Arguments> vectors = new ArrayList<>();
    for (JsonNode one : new ObjectMapper().readTree(FILE.toFile()).required("cases")) {
      vectors.add(Arguments.of(one.required("name").textValue(), one));
    }
    return vectors;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void statement_publishedVector_givesWhatItExpects(String name, JsonNode vector) {
    AgentToken before = AgentToken.decode(vector.required("token").textValue());
    byte[] content = vector.required("content").textValue().getBytes(StandardCharsets.UTF_8);
    JsonNode expect = vector.required("expect");
    if (expect.has("code")) {
      assertThatThrownBy(() -> AuditStatement.parse(content).event(before, NOON))
          .as(name)
          .isInstanceOfSatisfying(
              OperationException.class,
              e -> assertThat(e.code()).isEqualTo(expect.get("code").textValue()));
      return;
    }
    AuditEvent event = AuditStatement.parse(content).event(before, NOON);
    assertThat(event.kind().text()).isEqualTo(expect.get("ok").get("kind").textValue());
    assertThat(event.by()).isEqualTo(expect.get("ok").get("by").textValue());
    byte[] written = AuditStatement.parse(content).content();
    assertThat(AuditStatement.parse(written).content()).isEqualTo(written);
    assertThat(AuditStatement.parse(written).event(before, NOON)).isEqualTo(event);
  }
}
