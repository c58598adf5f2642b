package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private final SettableClock clock = new SettableClock(NOON);
  private final Sessions sessions = new Sessions(clock);

  @Test
  void open_aLink_givesASessionOfBothSecretsOnly() throws Exception {
    Sessions.Opened opened = sessions.open(sessions.link());
    Sessions.Opened other = sessions.open(sessions.link());

    assertThat(opened.cookie()).hasSize(43).isNotEqualTo(opened.token());
    assertThat(opened.toString()).doesNotContain(opened.cookie()).doesNotContain(opened.token());
    assertThat(sessions.end(opened.cookie(), opened.token())).isEqualTo(opened.end());
    assertThat(sessions.end(opened.cookie(), opened.cookie())).isNull();
    assertThat(sessions.end(opened.token(), opened.token())).isNull();
    assertThat(sessions.end(opened.cookie(), other.token())).as("of two sessions").isNull();
    assertThat(sessions.end("", "")).isNull();
  }

  @Test
  void open_aLinkTwice_endsWhatTheFirstOneOpened() throws Exception {
    String link = sessions.link();
    Sessions.Opened thiefs = sessions.open(link);
    Sessions.Opened other = sessions.open(sessions.link());

    assertThatThrownBy(() -> sessions.open(link)).hasMessage("link_used");
    assertThat(sessions.end(thiefs.cookie(), thiefs.token())).isNull();
    assertThatThrownBy(() -> sessions.open(link)).hasMessage("link_used");
    assertThat(sessions.end(other.cookie(), other.token())).isNotNull();
  }

  @Test
  void open_aLinkTooLateOrUnknown_opensNothing() {
    String link = sessions.link();
    clock.set(NOON.plus(Sessions.LINK));
    assertThatThrownBy(() -> sessions.open(link)).hasMessage("link_ended");
    assertThatThrownBy(() -> sessions.open("x")).hasMessage("unknown_link");
    assertThatThrownBy(() -> sessions.open("")).hasMessage("unknown_link");
  }

  @Test
  void session_nobodyUsesOrThatIsOld_ends() throws Exception {
    Sessions.Opened opened = sessions.open(sessions.link());
    Instant now = NOON;
    for (int i = 0; i < 11; i++) {
      now = now.plus(Duration.ofHours(1));
      clock.set(now);
      assertThat(sessions.end(opened.cookie(), opened.token())).isNotNull();
    }
    clock.set(NOON.plus(Sessions.SESSION));
    assertThat(sessions.end(opened.cookie(), opened.token())).isNull();

    Sessions.Opened idle = sessions.open(sessions.link());
    clock.set(NOON.plus(Sessions.SESSION).plus(Sessions.IDLE));
    assertThat(sessions.end(idle.cookie(), idle.token())).isNull();
  }

  @Test
  void close_aSession_endsThisOne() throws Exception {
    Sessions.Opened one = sessions.open(sessions.link());
    Sessions.Opened two = sessions.open(sessions.link());
    sessions.close(one.cookie(), two.token());
    assertThat(sessions.end(one.cookie(), one.token())).isNotNull();
    sessions.close(one.cookie(), one.token());
    assertThat(sessions.end(one.cookie(), one.token())).isNull();
    assertThat(sessions.end(two.cookie(), two.token())).isNotNull();
  }
}
