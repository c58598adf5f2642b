package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void connections_enoughDescriptors_areAllThatAreWanted() {
    assertThat(new Descriptors(119, 2_000).connections(512)).isEqualTo(512);
    assertThat(new Descriptors(0, Long.MAX_VALUE).connections(512)).isEqualTo(512);
  }

  /** What a process of 150 descriptors has left after its start. */
  @Test
  void connections_tooFewDescriptors_leaveSomeForEverythingElse() {
    Descriptors few = new Descriptors(119, 150);

    assertThat(few.connections(512)).isEqualTo(7);
    assertThat(few.words(7, 512)).contains("may open 150 files", "takes 7 connections", "to 1159");
    assertThat(new Descriptors(150, 150).connections(512)).isEqualTo(4);
  }

  @Test
  void now_isWhatTheSystemSays() {
    Descriptors now = Descriptors.now();

    assertThat(now.most()).isGreaterThan(now.open());
  }
}
