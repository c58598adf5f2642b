package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Check;
import dev.taper.datalog.parser.Datalog;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private final Readings readings = new Readings();

  private static Check other() {
    return Datalog.block("check if f(1);").checks().get(0);
  }

  @Test
  void of_check_readsItOnce() {
    Check check = other();

    assertThat(readings.of(check)).isSameAs(readings.of(check));
    assertThat(readings.checksRead()).isEqualTo(1);
    Caveat unused = readings.of(other());
    assertThat(readings.checksRead()).isEqualTo(2);
  }

  @Test
  void noteCompared_untilTheMost_isNotUsedUp() {
    Grants grants = Grants.of(Grant.tools("jira.search", "jira.list"));
    Caveat other = readings.of(other());

    readings.noteCompared(grants);
    assertThat(readings.compared()).isEqualTo(grants.weight()).isPositive();
    while (readings.compared() < Readings.MOST_COMPARED) {
      readings.noteCompared(other);
    }

    assertThat(readings.compared()).isEqualTo(Readings.MOST_COMPARED);
    assertThat(readings.areUsedUp()).isFalse();
    readings.noteCompared(other);
    assertThat(readings.areUsedUp()).isTrue();
  }
}
