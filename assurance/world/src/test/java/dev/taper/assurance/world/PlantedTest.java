package dev.taper.assurance.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every planted fault is found, by one of the rules that it can break. */
class PlantedTest {
  /** How many seeds are tried for each. */
  private static final int SEEDS = 100;

  /** Where to begin with those that few seeds find, so that all together take seconds. */
  private static final Map<Planted, Integer> FIRST =
      Map.ofEntries(
          Map.entry(Planted.STORE_FORGETS_SILENTLY, 7),
          Map.entry(Planted.CLAIM_IN_TWO_STEPS, 5),
          Map.entry(Planted.SET_BACK_CLOCK_REFUSES_PROOFS, 6),
          Map.entry(Planted.GIVEN_BACK_AGAIN, 12),
          Map.entry(Planted.ALONE_WITHOUT_END, 21),
          Map.entry(Planted.SET_BACK_CLOCK_STRETCHES_ALONE, 24),
          Map.entry(Planted.SET_BACK_CLOCK_MAKES_LISTS_YOUNGER, 9),
          Map.entry(Planted.SLOWED_CLOCK_KEEPS_LISTS_YOUNG, 16),
          Map.entry(Planted.OLDER_LIST_TAKEN, 6),
          Map.entry(Planted.APPROVERS_READ_ONCE, 5),
          Map.entry(Planted.KEYS_COUNT_FOR_PEOPLE, 18),
          Map.entry(Planted.LONG_ARGUMENTS_CUT, 6),
          Map.entry(Planted.ROOT_KEYS_READ_ONCE, 10));

  private static @Nullable Broken broken(Planted fault, long seed) {
    return Checker.check(World.run(seed, Step.plan(seed, Simulate.STEPS), fault.parts()));
  }

  @ParameterizedTest
  @EnumSource(Planted.class)
  void check_plantedFault_isFound(Planted fault) {
    long first = FIRST.getOrDefault(fault, 1);
    Broken found = null;
    long seed = first;
    for (; found == null && seed < first + SEEDS; seed++) {
      found = broken(fault, seed);
    }
    List<Step> plan = Step.plan(seed - 1, Simulate.STEPS);

    assertThat(found).as("%s in %d seeds", fault.text(), SEEDS).isNotNull();
    assertThat(fault.breaks()).contains(Objects.requireNonNull(found).rule());
    assertThat(found.events()).isNotEmpty();
    Broken without = Checker.check(World.run(seed - 1, plan, new Parts()));
    assertThat(without == null ? "" : without.text()).as("without the fault").isEmpty();
  }

  /** Whoever plants a fault runs {@code assurance/simulate planted}, and writes down its row. */
  @ParameterizedTest
  @EnumSource(Planted.class)
  void table_plantedFault_hasARowWithARuleThatItBreaks(Planted fault) throws IOException {
    String start = "| " + fault.text() + " | ";
    List<String> rows =
        Files.readAllLines(Path.of("../../docs/assurance.md")).stream()
            .filter(line -> line.startsWith(start))
            .toList();

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).split(" \\| ", -1)[2])
        .isIn(fault.breaks().stream().map(Rule::words).toList());
  }

  @Test
  void shortest_plantedFault_isMuchShorterAndBreaksTheSameRule() {
    List<Step> plan = Step.plan(1, Simulate.STEPS);
    Shortest.Trial trial = fewer -> World.run(1, fewer, Planted.CHARGED_AFTERWARDS.parts());
    Broken before = Objects.requireNonNull(Checker.check(trial.run(plan)));

    Shortest shortest = Shortest.of(plan, trial, 150);

    assertThat(shortest.broken().rule()).isEqualTo(before.rule());
    assertThat(shortest.plan()).hasSizeLessThan(60);
    assertThat(Checker.check(trial.run(shortest.plan()))).isEqualTo(shortest.broken());
  }
}
