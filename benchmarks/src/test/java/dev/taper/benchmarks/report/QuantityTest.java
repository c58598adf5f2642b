package dev.taper.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantityTest {
  private static final Cell ONE = Cell.of("A.a", "n", 1);
  private static final Cell TWO = Cell.of("A.a", "n", 2);
  private static final Cell FIVE = Cell.of("A.a", "n", 5);

  private static Results results() {
    Results results = new Results();
    results.add(ONE, new Measurement(List.of(9.0, 2.0, 4.0), List.of(64.0, 72.0, 64.0)));
    results.add(TWO, new Measurement(List.of(6.0, 8.0), List.of()));
    results.add(FIVE, new Measurement(List.of(16.0), List.of()));
    return results;
  }

  @Test
  void time_samples_isTheirMedian() {
    assertThat(Quantity.time(ONE).in(results())).isEqualTo(4);
    assertThat(Quantity.time(TWO).in(results())).isEqualTo(7);
    assertThat(Quantity.bytes(ONE).in(results())).isEqualTo(64);
  }

  @Test
  void time_twoRounds_isTheMedianOfAllSamples() {
    Results results = results();
    results.add(FIVE, new Measurement(List.of(1.0, 2.0), List.of()));
    assertThat(Quantity.time(FIVE).in(results)).isEqualTo(2);
  }

  @Test
  void over_times_divideAndMultiply() {
    Quantity ratio = Quantity.time(FIVE).over(Quantity.time(ONE).times(2));
    assertThat(ratio.in(results())).isEqualTo(2);
    assertThat(ratio.cells()).containsExactlyInAnyOrder(FIVE, ONE);
  }

  @Test
  void rate_threads_isWhatAllDoInASecond() {
    assertThat(Quantity.rate(ONE, 256).in(results())).isEqualTo(64e6);
  }

  @Test
  void slope_pointsOnALine_isItsSlope() {
    Quantity slope =
        Quantity.slope(
            List.of(1, 2, 5), List.of(Quantity.time(ONE), Quantity.time(TWO), Quantity.time(FIVE)));
    assertThat(slope.in(results())).isCloseTo(3, within(1e-12));
    assertThat(slope.cells()).containsExactlyInAnyOrder(ONE, TWO, FIVE);
  }

  @Test
  void less_isTheDifference() {
    Quantity more = Quantity.time(FIVE).less(Quantity.time(ONE));

    assertThat(more.in(results()))
        .isEqualTo(Quantity.time(FIVE).in(results()) - Quantity.time(ONE).in(results()));
    assertThat(more.cells()).containsExactlyInAnyOrder(ONE, FIVE);
  }

  @Test
  void in_withoutASample_fails() {
    Results empty = new Results();
    empty.add(ONE, new Measurement(List.of(), List.of()));
    assertThatThrownBy(() -> Quantity.time(ONE).in(empty)).hasMessage("no result for A.a n=1");
    assertThatThrownBy(() -> Quantity.time(TWO).in(empty)).hasMessage("no result for A.a n=2");
  }

  @Test
  void numbers_notAnArrayOfThem_fails() {
    assertThat(WasmPeer.numbers("[1.5, 2]")).containsExactly(1.5, 2.0);
    for (String bad : List.of("", "[]", "{}", "[\"a\"]", "[1", "[null]")) {
      assertThatThrownBy(() -> WasmPeer.numbers(bad)).isInstanceOf(IllegalStateException.class);
    }
  }
}
