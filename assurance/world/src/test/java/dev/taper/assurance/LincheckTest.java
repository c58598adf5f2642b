package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The memories of a process under Lincheck, which tries threads against each other: real ones, and
 * with a scheduler of its own (which does not follow threads that wait for each other, as those of
 * leases do). {@code -Dtaper.lincheck=100} lets it try a hundred times as much.
 */
@Tag("lincheck")
class LincheckTest {
  private static final int TIMES = Integer.getInteger("taper.lincheck", 1);

  private static <O extends Options<O, ?>> O bounded(O options, int threads, int iterations) {
    return options
        .iterations(iterations * TIMES)
        .threads(threads)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1);
  }

  private static void stress(Class<?> memory) {
    bounded(new StressOptions(), 3, 5).invocationsPerIteration(300).check(memory);
  }

  private static void schedule(Class<?> memory, int iterations) {
    bounded(new ModelCheckingOptions(), 2, iterations).invocationsPerIteration(30).check(memory);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        MemoriesUnderLincheck.Proofs.class,
        MemoriesUnderLincheck.Approvals.class,
        MemoriesUnderLincheck.Counters.class,
        MemoriesUnderLincheck.Leases.class
      })
  void memory_realThreads_isLinearizable(Class<?> memory) {
    stress(memory);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        MemoriesUnderLincheck.Proofs.class,
        MemoriesUnderLincheck.Approvals.class,
        MemoriesUnderLincheck.Counters.class
      })
  void memory_chosenSchedules_isLinearizable(Class<?> memory) {
    schedule(memory, 3);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {MemoriesUnderLincheck.TwoSteps.class, MemoriesUnderLincheck.LateCounter.class})
  void memory_inTwoSteps_isFound(Class<?> memory) {
    assertThatThrownBy(() -> schedule(memory, 40)).isInstanceOf(LincheckAssertionError.class);
  }
}
