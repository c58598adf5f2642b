package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.taper.agent.decision.CallDecision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The schemas of both JSON forms of a decision, as the engine's jar has them. */
final class DecisionSchemas {
  static final JsonSchema CALLER = load("decision.schema.json");
  static final JsonSchema OPERATOR = load("operator-decision.schema.json");

  private DecisionSchemas() {}

  private static JsonSchema load(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            CallDecision.class.getResourceAsStream("/META-INF/taper/" + name), name)) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void assertFits(CallDecision decision) {
    assertThat(CALLER.validate(node(decision.toJson()))).as(decision.toJson()).isEmpty();
    assertThat(OPERATOR.validate(node(decision.toOperatorJson())))
        .as(decision.toOperatorJson())
        .isEmpty();
    // Neither form passes for the other: what is meant for operators fits no caller's schema.
    assertThat(CALLER.validate(node(decision.toOperatorJson()))).isNotEmpty();
  }

  private static JsonNode node(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
