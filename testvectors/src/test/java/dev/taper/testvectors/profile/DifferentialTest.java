package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Needed;
import java.io.IOException;
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
  private static final int MOST_DECISIONS = 400;

  @BeforeAll
  static void needsNode() throws IOException, InterruptedException {
    Needed.programs("node", "npm");
    ProcessBuilder npm = new ProcessBuilder("bash", "-c", "node/install && wasm/install");
    boolean areThere = npm.inheritIO().start().waitFor() == 0;
    Needed.demand(areThere, "node-packages (testvectors/node/install, testvectors/wasm/install)");
  }

  @Test
  void generatedCases_doNotDiffer() throws Exception {
    Differential all = new Differential(RandomCases::of, Planted.NOTHING, 1);

    all.run(1, 400, 1);

    assertThat(all.found()).map(Differential.Found::text).isEmpty();
    assertThat(all.tally().cases()).isEqualTo(400);
    assertThat(all.tally().codes(RandomCases.OFFICIAL)).isNotEmpty();
    for (String group : new String[] {"chains", "decisions", "requests", "revocations"}) {
      assertThat(all.tally().codes(group)).as(group).containsKey("ok").hasSizeGreaterThan(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void plantedFault_isNoticed(Planted planted) throws Exception {
    Differential all = new Differential(RandomCases::decisions, planted, 1);

    all.run(1, MOST_DECISIONS, 1);

    assertThat(all.found().isEmpty()).isEqualTo(planted == Planted.NOTHING);
  }
}
