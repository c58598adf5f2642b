package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A few generated cases of those that {@code differential} compares, and that it notices a verifier
 * that forgets something. Needs Node.js, as {@link SecondImplementationTest} does.
 */
class DifferentialTest {
  /** So many decisions are enough to come upon each. */
  private static final int MAX_DECISIONS = 400;

  /** So many differences are looked at. */
  private static final int ENOUGH = 4;

  private static @Nullable Differential decisions;

  /** The same decisions with each fault. */
  private static Differential decisions() throws IOException {
    if (decisions == null) {
      decisions = new Differential(RandomCases::decisions, EnumSet.allOf(Planted.class), ENOUGH);
      decisions.run(1, MAX_DECISIONS, 1);
    }
    return decisions;
  }

  @BeforeAll
  static void needsNode() throws IOException, InterruptedException {
    Needed.programs("node", "npm");
    // With pipes of its own: Node.js would make that of the tests' own process a non-blocking one.
    Process npm =
        new ProcessBuilder("bash", "-c", "node/install && wasm/install")
            .redirectErrorStream(true)
            .start();
    npm.getOutputStream().close();
    System.out.write(npm.getInputStream().readAllBytes());
    Needed.demand(
        npm.waitFor() == 0, "node-packages (testvectors/node/install, testvectors/wasm/install)");
  }

  @Test
  void generatedCases_doNotDiffer() throws Exception {
    Differential all = new Differential(RandomCases::of, Set.of(Planted.NOTHING), 1);

    all.run(1, 400, 1);

    assertThat(all.found(Planted.NOTHING)).map(Differential.Found::text).isEmpty();
    assertThat(all.tally().cases()).isEqualTo(400);
    assertThat(all.tally().codes(RandomCases.OFFICIAL)).isNotEmpty();
    for (String group : new String[] {"chains", "decisions", "requests", "revocations"}) {
      assertThat(all.tally().codes(group)).as(group).containsKey("ok").hasSizeGreaterThan(3);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void plantedFault_isNoticedAsWhatItIs(Planted planted) throws Exception {
    for (Differential.Found one : decisions().found(planted)) {
      List<String> ours = codes(one.ours());
      List<String> theirs = codes(one.theirs());
      for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
        String here = at(ours, i);
        String there = at(theirs, i);
        if (!here.equals(there)) { // what follows may follow from this
          assertThat(planted.explains(here, there))
              .as("%s: %s and not %s", planted, here, there)
              .isTrue();
          return;
        }
      }
    }
    fail("%s: no code differs", planted);
  }

  /** The code of a call, or of a verifier that no call reached. */
  private static String at(List<String> codes, int call) {
    return codes.get(Math.min(call, codes.size() - 1));
  }

  @Test
  void nothingPlanted_isNoDifference() throws Exception {
    assertThat(decisions().found(Planted.NOTHING)).map(Differential.Found::text).isEmpty();
  }

  /** What was said of each call: a code, or {@code ok}. */
  private static List<String> codes(JsonNode answers) {
    if (answers.isObject()) {
      return List.of(answers.path("code").asText("ok"));
    }
    List<String> codes = new ArrayList<>();
    for (JsonNode answer : answers) {
      codes.add(answer.path("expect").path("code").asText("ok"));
    }
    return codes;
  }
}
