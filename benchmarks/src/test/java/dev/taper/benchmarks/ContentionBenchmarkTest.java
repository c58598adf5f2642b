package dev.taper.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.SignatureBackend;
import org.junit.jupiter.api.Test;

class ContentionBenchmarkTest {
  /** The moment at which proofs come again is one that a short run does not reach. */
  @Test
  void held_proofsUsedUp_comeAgainToANewMemory() {
    ContentionBenchmark.Shared shared = new ContentionBenchmark.Shared();
    shared.backend = SignatureBackend.preferred().name();
    shared.prepare();
    ContentionBenchmark.Requests first = new ContentionBenchmark.Requests();
    ContentionBenchmark.Requests second = new ContentionBenchmark.Requests();
    first.prepare(shared);
    second.prepare(shared);
    ContentionBenchmark benchmark = new ContentionBenchmark();
    for (int i = 0; i < 2 * ContentionBenchmark.PROOFS + 2; i++) {
      assertThat(benchmark.heldTwo(shared, first).allowed()).isTrue();
      if (i % 3 == 0) {
        assertThat(benchmark.heldTwo(shared, second).allowed()).isTrue();
      }
    }
  }
}
