package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentTest {
  private static final long WINDOW = 1000;
  private static final Sight ANY = sight(1);

  private static Sight sight(long... path) {
    return new Sight(new WeakReference<>(null), path, "", List.of(), 0);
  }

  @Test
  void add_theSameAgain_countsOnce() {
    Recent recent = new Recent(false);

    assertThat(recent.add(0, WINDOW, 7, ANY)).isTrue();
    assertThat(recent.add(999, WINDOW, 7, ANY)).isFalse();
    assertThat(recent.count(999, WINDOW)).isEqualTo(1);
    assertThat(recent.count(1000, WINDOW)).isZero();
    assertThat(recent.add(1000, WINDOW, 7, ANY)).isTrue();
  }

  @Test
  void countAlike_countsThoseLikeTheLastOne() {
    Recent recent = new Recent(false);
    for (long id : new long[] {1, 2, 1, 3, 1}) {
      recent.addAlike(0, WINDOW, id, ANY);
    }

    assertThat(recent.countAlike(0, WINDOW)).isEqualTo(3);
    assertThat(recent.count(0, WINDOW)).isEqualTo(5);
  }

  /** Compares with a queue that keeps everything. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void count_isThatOfTheWindow_atMostTheMost(long seed) {
    Random random = new Random(seed);
    Recent recent = new Recent(true);
    Deque<Long> times = new ArrayDeque<>();
    long now = 0;
    for (int i = 0; i < 5000; i++) {
      now += random.nextInt(i % 500 < 250 ? 10 : 200);
      assertThat(recent.add(now, WINDOW, i, ANY)).isTrue();
      times.addLast(now);
      while (Objects.requireNonNull(times.peekFirst()) <= now - WINDOW
          || times.size() > Recent.MAX) {
        times.removeFirst();
      }
      assertThat(recent.count(now, WINDOW)).isEqualTo(times.size());
    }
  }

  @Test
  void most_isTheDeepestBlockOfMoreThanHalf() {
    Recent recent = new Recent(true);
    assertThat(recent.most()).isNull();
    recent.add(0, WINDOW, 1, sight(1, 2));
    recent.add(0, WINDOW, 2, sight(1, 3, 4));
    recent.add(0, WINDOW, 3, sight(1, 3, 5));
    assertThat(Objects.requireNonNull(recent.most()).block()).isEqualTo(1);
    assertThat(Objects.requireNonNull(recent.most()).sight().path()[1]).isEqualTo(3);

    recent.add(0, WINDOW, 4, sight(1));
    assertThat(Objects.requireNonNull(recent.most()).block()).as("half is not more").isZero();

    recent.add(0, WINDOW, 5, sight(1, 3, 5));
    recent.add(0, WINDOW, 6, sight(1, 3, 5));
    recent.add(0, WINDOW, 7, sight(1, 3, 5));
    assertThat(Objects.requireNonNull(recent.most()).block()).isEqualTo(2);
    assertThat(new Recent(false).most()).isNull();
  }
}
