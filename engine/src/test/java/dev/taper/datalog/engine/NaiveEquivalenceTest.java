package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.testing.FullSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine does what the plainest evaluation does, in the same order, to the same error. */
@FullSize
class NaiveEquivalenceTest {
  private static final int PROGRAMS = FullSize.Cases.of(1_000, 4_000);
  private static final int PER_CASE = 250;

  /** What came out of an evaluation. */
  private record Answer(List<Object> facts, int iterations, String end) {}

  static LongStream firstSeeds() {
    return LongStream.iterate(0, seed -> seed < PROGRAMS, seed -> seed + PER_CASE);
  }

  @ParameterizedTest
  @MethodSource("firstSeeds")
  void run_randomPrograms_sameAsNaive(long first) {
    for (long seed = first; seed < first + PER_CASE; seed++) {
      RandomProgram program = new RandomProgram(seed);
      assertThat(engine(program, null)).as("seed %d", seed).isEqualTo(naive(program, null));
    }
  }

  /** A service that keeps its facts to itself, or all but those of one predicate. */
  @ParameterizedTest
  @MethodSource("firstSeeds")
  void run_confidentialRandomPrograms_sameAsNaive(long first) {
    for (long seed = first; seed < first + PER_CASE; seed++) {
      RandomProgram program = new RandomProgram(seed);
      Set<String> shared = seed % 2 == 0 ? Set.of() : Set.of("b");
      assertThat(engine(program, shared)).as("seed %d", seed).isEqualTo(naive(program, shared));
    }
  }

  @Test
  void randomPrograms_coverEveryOutcome() {
    Map<String, Integer> ends = new HashMap<>();
    for (long seed = 0; seed < 1_000; seed++) {
      Answer answer = engine(new RandomProgram(seed), null);
      ends.merge(answer.end.startsWith("Evaluation") ? "decided" : answer.end, 1, Integer::sum);
      if (answer.iterations > 2) {
        ends.merge("recursive", 1, Integer::sum);
      }
    }
    assertThat(ends)
        .containsKeys("TOO_MANY_FACTS", "TOO_MANY_ITERATIONS", "INVALID_TYPE", "DIVISION_BY_ZERO")
        .hasEntrySatisfying("decided", count -> assertThat(count).isGreaterThan(300))
        .hasEntrySatisfying("recursive", count -> assertThat(count).isGreaterThan(50));
  }

  private static Answer engine(RandomProgram program, @Nullable Set<String> shared) {
    RunLimits limits =
        RunLimits.defaults()
            .withMaxFacts(program.maxFacts)
            .withMaxIterations(program.maxIterations)
            .withMaxSteps(1_000_000_000);
    List<BlockProgram> blocks = program.blocks.stream().map(BlockProgram::compile).toList();
    AuthorizerProgram plain = AuthorizerProgram.compile(program.authorizer);
    try {
      World world =
          World.run(
              TokenProgram.link(blocks, program.keys),
              shared == null ? plain : plain.confidential(shared),
              program.requestFacts,
              ExternFunctions.none(),
              limits);
      assertThat(world.factCount()).isEqualTo(world.facts().size());
      List<Object> facts = new ArrayList<>(world.facts());
      return new Answer(facts, world.iterations(), end(world::decide));
    } catch (TaperException e) {
      return new Answer(List.of(), -1, e.code().name());
    }
  }

  private static Answer naive(RandomProgram program, @Nullable Set<String> shared) {
    NaiveWorld world =
        new NaiveWorld(
            program.blocks, program.keys, program.authorizer, program.requestFacts, shared);
    try {
      world.run(program.maxFacts, program.maxIterations);
    } catch (TaperException e) {
      return new Answer(List.of(), -1, e.code().name());
    }
    return new Answer(new ArrayList<>(world.facts()), world.iterations(), end(world::decide));
  }

  private static String end(Supplier<Evaluation> decide) {
    try {
      return decide.get().toString();
    } catch (TaperException e) {
      return e.code().name();
    }
  }
}
