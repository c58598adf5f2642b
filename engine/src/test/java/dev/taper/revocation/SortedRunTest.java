package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.revocation.RunStorage.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedRunTest {
  private static final int FOREVER = -1;
  private static final RevocationEntry.Kind TASK = RevocationEntry.Kind.TASK;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 31, 32, 33, 1000, 4099})
  void holds_everySize_findsAllAndOnlyThose(int size) {
    NavigableMap<Fingerprint, Integer> expected = random(size, size, 64);
    SortedRun run = run(expected);

    assertThat(run.size()).isEqualTo(size);
    expected.keySet().forEach(id -> assertThat(holds(run, id)).isTrue());
    SplittableRandom others = new SplittableRandom(99);
    for (int i = 0; i < 1000; i++) {
      assertThat(holds(run, new Fingerprint(others.nextLong(), others.nextLong()))).isFalse();
    }
    for (Fingerprint id : expected.keySet()) {
      assertThat(holds(run, new Fingerprint(id.high(), id.low() + 1))).isFalse();
      assertThat(holds(run, new Fingerprint(id.high() + 1, id.low()))).isFalse();
    }
  }

  @Test
  void holds_allInOneBucket_findsAllAndOnlyThose() {
    NavigableMap<Fingerprint, Integer> expected = random(5, 2000, 10);
    SortedRun run = run(expected);

    expected.keySet().forEach(id -> assertThat(holds(run, id)).isTrue());
    for (Fingerprint id : expected.keySet()) {
      assertThat(holds(run, new Fingerprint(id.high(), id.low() | 1 << 20))).isFalse();
    }
  }

  @Test
  void holds_extremes_findsThem() {
    NavigableMap<Fingerprint, Integer> expected = new TreeMap<>();
    for (long high : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (long low : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        expected.put(new Fingerprint(high, low), FOREVER);
      }
    }
    SortedRun run = run(expected);

    expected.keySet().forEach(id -> assertThat(holds(run, id)).isTrue());
    assertThat(holds(run, new Fingerprint(2, 0))).isFalse();
  }

  @Test
  void add_notAscending_isFalse() throws IOException {
    try (SortedRun.Filler run = new SortedRun.Filler(3, RunStorage.DEFAULT)) {
      assertThat(run.add(TASK, Long.MAX_VALUE, 0, FOREVER)).isTrue();
      assertThat(run.add(TASK, Long.MAX_VALUE, 0, FOREVER)).isFalse();
      assertThat(run.add(TASK, 0, 0, FOREVER)).isFalse();
      assertThat(run.add(TASK, Long.MIN_VALUE, 0, FOREVER)).isTrue(); // greater, unsigned
    }
  }

  @Test
  void merge_randomRuns_isTheirUnionWithTheLaterEnd() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      NavigableMap<Fingerprint, Integer> a = random(random.nextLong(), random.nextInt(60), 6);
      NavigableMap<Fingerprint, Integer> b = random(random.nextLong(), random.nextInt(60), 6);
      NavigableMap<Fingerprint, Integer> expected = new TreeMap<>(a);
      b.forEach((id, until) -> expected.merge(id, until, SortedRunTest::later));
      long endedBefore = 1_000;
      NavigableMap<Fingerprint, Integer> lifted = random(random.nextLong(), random.nextInt(9), 6);
      lifted.keySet().stream().filter(id -> !b.containsKey(id)).forEach(expected::remove);
      lifted.keySet().stream().filter(b::containsKey).forEach(id -> expected.put(id, b.get(id)));
      expected.values().removeIf(until -> Integer.toUnsignedLong(until) < endedBefore);

      SortedRun merged =
          SortedRun.merge(run(a), run(b), run(lifted), endedBefore, RunStorage.DEFAULT);

      assertThat(merged.size()).isEqualTo(expected.size());
      expected.forEach(
          (id, until) -> {
            long end = Integer.toUnsignedLong(until);
            assertThat(merged.holds(id.high(), id.low(), end)).isTrue();
            assertThat(merged.holds(id.high(), id.low(), end + 1)).isFalse();
          });
    }
  }

  @Test
  void bytes_anEntry_isAtMost26() {
    int size = 1 << 16;
    assertThat(run(random(1, size, 64)).bytes()).isEqualTo(24L * size + 4L * (size / 2 + 1));
    assertThat(run(random(1, size - 1, 64)).bytes()).isLessThanOrEqualTo(26L * size);
  }

  private static int later(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static boolean holds(SortedRun run, Fingerprint id) {
    return run.holds(id.high(), id.low(), 0);
  }

  /** An even number of entries on the heap, others in a file. */
  private static SortedRun run(NavigableMap<Fingerprint, Integer> entries) {
    RunStorage storage =
        entries.size() % 2 == 0 ? RunStorage.DEFAULT : new RunStorage(null, 0, Space.USABLE);
    try (SortedRun.Filler run = new SortedRun.Filler(entries.size(), storage)) {
      for (Map.Entry<Fingerprint, Integer> each : entries.entrySet()) {
        Fingerprint id = each.getKey();
        assertThat(run.add(TASK, id.high(), id.low(), each.getValue())).isTrue();
      }
      return run.seal();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Distinct ids of so many bits on either side, with ends of all kinds. */
  private static NavigableMap<Fingerprint, Integer> random(long seed, int size, int bits) {
    SplittableRandom random = new SplittableRandom(seed);
    NavigableMap<Fingerprint, Integer> entries = new TreeMap<>();
    while (entries.size() < size) {
      Fingerprint id =
          new Fingerprint(
              random.nextLong() >>> (Long.SIZE - bits), random.nextLong() >>> (Long.SIZE - bits));
      entries.put(id, random.nextBoolean() ? FOREVER : random.nextInt(2_000));
    }
    return entries;
  }
}
