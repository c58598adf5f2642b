package dev.taper.testvectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Block;
import dev.taper.testing.FullSize;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated tokens, made by one implementation and judged by both: the same outcome, the same
 * policy, the same failed checks in the same order. {@link Difference} lists what is left out.
 */
@FullSize
class InteropTest {
  private static final int TOKENS = FullSize.Cases.of(120, 320);
  private static final int MIXED_TOKENS = FullSize.Cases.of(30, 80);

  private static final Peer TAPER = new Taper();
  private static final Peer BISCUIT_JAVA = new BiscuitJava("generated");

  static LongStream seeds() {
    return LongStream.range(0, TOKENS);
  }

  static LongStream mixedSeeds() {
    return LongStream.range(TOKENS, TOKENS + MIXED_TOKENS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void judge_madeByTaper_bothJudgeAlike(long seed) {
    bothJudgeAlike(seed, List.of(TAPER));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void judge_madeByBiscuitJava_bothJudgeAlike(long seed) {
    bothJudgeAlike(seed, List.of(BISCUIT_JAVA));
  }

  @ParameterizedTest
  @MethodSource("mixedSeeds")
  void judge_madeInTurns_bothJudgeAlike(long seed) {
    bothJudgeAlike(seed, List.of(TAPER, BISCUIT_JAVA));
    bothJudgeAlike(seed, List.of(BISCUIT_JAVA, TAPER));
  }

  /** Agreement says little if nearly all tokens end alike. */
  @Test
  void generate_allSeeds_everyOutcomeAndFeatureOccursOften() {
    Map<ExpectedDecision.Code, Integer> outcomes = new EnumMap<>(ExpectedDecision.Code.class);
    int sealed = 0;
    int scoped = 0;
    int withRules = 0;
    int allowedWithChecks = 0;
    for (long seed = 0; seed < TOKENS; seed++) {
      GeneratedCase generated = CaseGenerator.generate(seed);
      byte[] token = make(generated, List.of(BISCUIT_JAVA));
      ExpectedDecision decision = BISCUIT_JAVA.judge(token, generated.authorizer());
      outcomes.merge(decision.code(), 1, Integer::sum);
      sealed += generated.sealed() ? 1 : 0;
      scoped += one(generated, block -> block.toString().contains("trusting"));
      withRules += one(generated, block -> !block.rules().isEmpty());
      if (decision.code() == ExpectedDecision.Code.ALLOWED) {
        allowedWithChecks += one(generated, block -> !block.checks().isEmpty());
      }
    }
    for (ExpectedDecision.Code outcome : ExpectedDecision.Code.values()) {
      assertThat(outcomes.getOrDefault(outcome, 0)).as(outcome.name()).isGreaterThan(TOKENS / 20);
    }
    assertThat(sealed).as("sealed").isGreaterThan(TOKENS / 10);
    assertThat(scoped).as("scoped").isGreaterThan(TOKENS / 5);
    assertThat(withRules).as("with rules").isGreaterThan(TOKENS / 2);
    assertThat(allowedWithChecks).as("allowed with checks").isGreaterThan(TOKENS / 10);
  }

  private static void bothJudgeAlike(long seed, List<Peer> makers) {
    GeneratedCase generated = CaseGenerator.generate(seed);
    byte[] token = make(generated, makers);
    assertThat(TAPER.judge(token, generated.authorizer()))
        .as(generated::toString)
        .isEqualTo(BISCUIT_JAVA.judge(token, generated.authorizer()));
  }

  private static byte[] make(GeneratedCase generated, List<Peer> makers) {
    return Peer.make(makers, generated.blocks(), generated.sealed());
  }

  private static int one(GeneratedCase generated, Predicate<Block> condition) {
    return generated.blocks().stream().anyMatch(condition) ? 1 : 0;
  }
}
