package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.OneTimeLinks.Exchange;
import dev.taper.server.signin.OneTimeLinks.State;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OneTimeLinksTest {
  private final TestClock clock = new TestClock();
  private final OneTimeLinks links = new OneTimeLinks(clock);
  private final SignedIn person =
      new SignedIn(new Subject(SignedIn.LOCAL, "operator"), "operator", Set.of(), clock.instant());

  @Test
  void exchange_once_isTheOnlyTime() {
    String secret = links.make(person, Duration.ofMinutes(2));
    assertThat(secret).matches("[A-Za-z0-9_-]{43}");
    assertThat(links.exchange(secret)).isEqualTo(new Exchange(State.OPENED, person));
    assertThat(links.exchange(secret).state()).isEqualTo(State.LINK_USED);
  }

  @Test
  void exchange_tooLate_isRefused() {
    String secret = links.make(person, Duration.ofMinutes(2));
    clock.pass(Duration.ofMinutes(2));
    assertThat(links.exchange(secret)).isEqualTo(new Exchange(State.LINK_ENDED, null));
  }

  @Test
  void exchange_guessed_isUnknown() {
    String unused = links.make(person, Duration.ofMinutes(2));
    assertThat(links.exchange("A".repeat(43)).state()).isEqualTo(State.UNKNOWN_LINK);
  }

  @Test
  void make_tooMany_dropsTheOldest() {
    String first = links.make(person, Duration.ofMinutes(2));
    String second = links.make(person, Duration.ofMinutes(2));
    for (int i = 0; i < 1023; i++) {
      String unused = links.make(person, Duration.ofMinutes(2));
    }
    assertThat(links.exchange(first).state()).isEqualTo(State.UNKNOWN_LINK);
    assertThat(links.exchange(second).state()).isEqualTo(State.OPENED);
  }
}
