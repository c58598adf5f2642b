package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.TaperException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Readers that were planted break the laws, each in its way. */
class LimitsTest {
  private static final byte[] INPUT = new byte[100];
  private static final Limits LIMITS = Limits.OUTSIDE;

  @Test
  void read_quickAndFrugal_isWhatTheReaderSays() {
    assertThat(LIMITS.read(input -> true, INPUT)).isTrue();
    assertThat(LIMITS.read(input -> false, INPUT)).isFalse();
  }

  @Test
  void read_slow_breaksALaw() {
    assertThatThrownBy(() -> LIMITS.read(input -> spins(LIMITS.time().toNanos() + 1), INPUT))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("an input of 100 bytes took");
  }

  @Test
  void read_greedy_breaksALawThoughNothingOfItStays() {
    assertThatThrownBy(() -> LIMITS.read(input -> allocates(65 << 10), INPUT))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("an input of 100 bytes took .* of at most 250 ms and 65536 KiB");
    assertThat(LIMITS.read(input -> allocates(60 << 10), INPUT)).isTrue();
  }

  /** Waiting takes nothing of the processor, however long a busy machine makes it. */
  @Test
  void read_slowOrGreedyOnlyAtFirst_isWithin() {
    Limits small = new Limits(Duration.ofMillis(20), 1 << 20);
    AtomicInteger tries = new AtomicInteger();
    assertThat(
            small.read(
                input -> tries.getAndIncrement() > 1 || (spins(30_000_000) && allocates(2 << 10)),
                INPUT))
        .isTrue();
    assertThat(tries).hasValue(3);
  }

  @Test
  void read_takenOnceAndThenRefused_breaksALaw() {
    AtomicInteger tries = new AtomicInteger();
    assertThatThrownBy(
            () -> LIMITS.read(input -> allocates(65 << 10) && tries.getAndIncrement() == 0, INPUT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("each time");
  }

  @Test
  void read_refusedWithoutACode_isTheReadersMistake() {
    assertThatThrownBy(
            () ->
                LIMITS.read(
                    input -> Laws.read(() -> Integer.parseInt("x"), Category.FORMAT).isPresent(),
                    INPUT))
        .isInstanceOf(NumberFormatException.class);
  }

  @Test
  void read_refusedWithAnotherCode_breaksALaw() {
    TaperException other = new TaperException(ErrorCode.INVALID_ARGUMENT, "no such thing");
    assertThatThrownBy(() -> Laws.read(() -> thrown(other), ErrorCode.INVALID_KEY))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Laws.read(() -> thrown(other), Category.FORMAT))
        .isInstanceOf(AssertionError.class);
  }

  private static boolean thrown(TaperException e) {
    throw e;
  }

  /** Uses the processor for so long, by the thread's own time. */
  private static boolean spins(long nanos) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + nanos;
    Random random = new Random(1);
    long sum = 0;
    while (threads.getCurrentThreadCpuTime() <= end) {
      sum += random.nextLong() | 1;
    }
    return sum != 0 || nanos > 0;
  }

  private static boolean allocates(int kibibytes) {
    int kept = 0;
    for (int i = 0; i < kibibytes; i++) {
      kept += new byte[1024].length;
    }
    return kept > 0;
  }
}
