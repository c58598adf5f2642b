package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeededTest {
  private static final Map<String, String> CI = Map.of("CI", "true");

  @Test
  void isDemanded_bareMachine_isNot() {
    assertThat(Needed.isDemanded("nginx", false, Map.of())).isFalse();
    assertThat(Needed.isDemanded("nginx", false, Map.of("CI", "false"))).isFalse();
  }

  @Test
  void isDemanded_ciOrPublishedData_is() {
    assertThat(Needed.isDemanded("nginx", false, CI)).isTrue();
    assertThat(Needed.isDemanded("nginx", true, Map.of())).isTrue();
  }

  @Test
  void isDemanded_leftOutByName_isNot() {
    Map<String, String> some = Map.of("CI", "true", "TAPER_LEAVE_OUT", "published-data,nginx");
    assertThat(Needed.isDemanded("nginx", false, some)).isFalse();
    assertThat(Needed.isDemanded("published-data (wycheproof)", false, some)).isFalse();
    assertThat(Needed.isDemanded("nginx-light", false, some)).isTrue();
    assertThat(Needed.isDemanded("caddy", false, some)).isTrue();
    Map<String, String> none = Map.of("CI", "true", "TAPER_LEAVE_OUT", "");
    assertThat(Needed.isDemanded("nginx", false, none)).isTrue();
  }

  @Test
  void demand_missing_failsOrIsSkippedWithItsName() {
    assertThatThrownBy(() -> Needed.demand(false, "nginx", true))
        .isInstanceOf(AssertionError.class)
        .hasMessage("nginx is missing: see .ci/needs");
    assertThatThrownBy(() -> Needed.demand(false, "nginx", false))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("Assumption failed: nginx is missing");
    Needed.demand(true, "nginx", true);
  }
}
