package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine does what every published vector of the delegation profile says. */
class ProfileVectorsTest {
  static List<Arguments> vectors() {
    List<Arguments> vectors = new ArrayList<>();
    ProfileFolder.files()
        .forEach(
            (name, file) ->
                Json.get(file, "cases")
                    .forEach(
                        one ->
                            vectors.add(
                                Arguments.of(
                                    name + ": " + Json.text(one, "name"),
                                    Json.text(file, "kind"),
                                    one))));
    return vectors;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void run_publishedVector_givesWhatItExpects(String name, String kind, JsonNode one) {
    Runners.Runner runner = Runners.all().get(kind);
    assertThat(runner).as(kind).isNotNull();
    if (runner != null) {
      runner.run(one);
    }
  }

  @Test
  void mint_theStory_givesTheTokensOfTheVectors() {
    Clock clock = Clock.fixed(Cast.NOON, ZoneOffset.UTC);
    AgentToken planner =
        Issuer.of(Cast.ROOT)
            .clock(clock)
            .mint(
                Delegation.by(Cast.DELEGATOR)
                    .to(Agent.of("agent:planner", Cast.PLANNER.publicKey()))
                    .task(Cast.TASK, "triage Q3 tickets")
                    .grant(Story.GRANT)
                    .expiresIn(Duration.ofMinutes(60)));
    AgentToken researcher =
        planner.delegate(
            Cast.PLANNER,
            Hop.to(Agent.of("agent:researcher", Cast.RESEARCHER.publicKey()))
                .grant(Story.NARROW)
                .expiresIn(Duration.ofMinutes(10)),
            clock);

    assertThat(planner.encode()).isEqualTo(Story.planner().held());
    assertThat(researcher.encode()).isEqualTo(Story.researcher().held());
    assertThat(researcher.seal(Cast.RESEARCHER).encode())
        .isEqualTo(Story.researcher().sealed(Cast.RESEARCHER));
  }
}
