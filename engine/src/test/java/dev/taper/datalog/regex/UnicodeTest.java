package dev.taper.datalog.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.UnicodeAssumptions;
import org.junit.jupiter.api.Test;

/** Our estimates of what re2j's Unicode tables cost are held against the tables. */
class UnicodeTest {
  @Test
  void neverEnds_lettersThatItLetsPass_comeBack() {
    assertThat(UnicodeAssumptions.endless(c -> !CaseFolding.neverEnds(c, c))).isEmpty();
  }

  @Test
  void neverEnds_ordinaryLetters_false() {
    assertThat(CaseFolding.neverEnds('a', 'z')).isFalse();
    assertThat(CaseFolding.neverEnds(0x80, 0x1c7f)).isFalse();
    assertThat(CaseFolding.neverEnds(0, Character.MAX_CODE_POINT)).isFalse();
  }

  @Test
  void of_everyClass_isNoLessThanItsRanges() {
    UnicodeAssumptions.ranges()
        .forEach(
            (name, ranges) ->
                assertThat(UnicodeRanges.of(name)).as(name).isGreaterThanOrEqualTo(ranges));
  }
}
