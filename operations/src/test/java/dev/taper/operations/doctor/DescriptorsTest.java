package dev.taper.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void connections_enoughDescriptors_areAllThatAreWanted() {
    assertThat(new Descriptors(119, 2_000).connections(512)).isEqualTo(512);
    assertThat(new Descriptors(0, Long.MAX_VALUE).connections(512)).isEqualTo(512);
    assertThat(new Descriptors(119, 2_000).words(512)).isNull();
  }

  /** What a process of 150 descriptors has left after its start. */
  @Test
  void connections_tooFewDescriptors_leaveSomeForEverythingElse() {
    Descriptors few = new Descriptors(119, 150);

    assertThat(few.connections(512)).isEqualTo(7);
    assertThat(few.words(512)).contains("may open 150 files", "takes 7 connections", "to 1159");
    assertThat(new Descriptors(150, 150).connections(512)).isEqualTo(4);
  }

  /** What 'config check' and 'doctor' say of it. */
  @Test
  void probe_tooFewDescriptors_saysHowManyAreNeeded() {
    Checkup checkup = new Checkup();
    checkup.look("descriptors", Probes.descriptors(new Descriptors(119, 150)));
    checkup.look("descriptors", Probes.descriptors(new Descriptors(119, 2_000)));

    assertThat(checkup.observations())
        .extracting(Observation::code)
        .containsExactly("too_few_descriptors", null);
    assertThat(checkup.observations().get(0).text()).contains("to 1159");
  }

  @Test
  void now_isWhatTheSystemSays() {
    Descriptors now = Descriptors.now();

    assertThat(now.most()).isGreaterThan(now.open());
  }
}
