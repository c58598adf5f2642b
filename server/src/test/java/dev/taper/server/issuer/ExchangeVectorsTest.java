package dev.taper.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ReplayMemory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of exchanges, which the second implementation reads too. */
class ExchangeVectorsTest {
  private static final Path FILE =
      Path.of("../testvectors/src/main/resources/dev/taper/testvectors/binding/exchanges.json");

  /** What the binding calls the engine's refusals. */
  private static final Map<String, String> CODES =
      Map.of(
          "holder_proof_expired", "proof_expired",
          "holder_proof_not_yet_valid", "proof_not_yet_valid",
          "holder_proof_mismatch", "proof_mismatch");

  static List<JsonNode> vectors() throws Exception {
    List<JsonNode> all = new ArrayList<>();
    new ObjectMapper().readTree(FILE.toFile()).required("cases").forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void proof_ofAVector_isTakenOrRefused(JsonNode one) {
    Clock clock =
        Clock.fixed(Instant.ofEpochMilli(one.required("now").longValue()), ZoneOffset.UTC);
    AcceptedProofs accepted =
        AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock);
    String outcome;
    try {
      ExchangeProof proof = ExchangeProof.decode(one.required("proof").textValue());
      var unused =
          proof.check(
              new ExchangeProof.Subject(
                  one.required("issuer").textValue(),
                  one.required("subject_token").textValue(),
                  one.required("details").textValue()),
              accepted);
      outcome = proof.agent().toString();
    } catch (TaperException e) {
      outcome = CODES.getOrDefault(e.code().text(), e.code().text());
    }
    JsonNode expect = one.required("expect");
    assertThat(outcome)
        .as(one.required("name").textValue())
        .isEqualTo((expect.has("ok") ? expect.get("ok") : expect.get("code")).textValue());
  }

  @Test
  void vectors_areMany() throws Exception {
    assertThat(vectors()).hasSizeGreaterThan(30);
  }
}
