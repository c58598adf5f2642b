package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import dev.taper.server.oidc.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final String HOST = "127.0.0.1:8290";
  private static final AskedRequest REQUEST = AskedRequest.get("/", "Host", HOST);

  private final TestClock clock = new TestClock();
  private final Sessions sessions =
      new Sessions(
          new Origins().add("http://" + HOST), Duration.ofHours(1), Duration.ofHours(1), clock);

  private Sessions.Opened open(String subject) {
    return Objects.requireNonNull(sessions.open(person(subject), REQUEST));
  }

  private SignedIn person(String subject) {
    return new SignedIn(
        new Subject("https://login.example.com", subject), subject, Set.of(), clock.instant());
  }

  private AskedRequest with(Sessions.Opened opened) {
    String cookie = opened.cookie().substring(0, opened.cookie().indexOf(';'));
    return AskedRequest.get("/", "Host", HOST, "Cookie", "a=b; " + cookie);
  }

  @Test
  void open_seventeenOfOnePerson_endsTheOldestAndNobodyElses() {
    Sessions.Opened other = open("bob");
    List<Sessions.Opened> own = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      own.add(open("alice"));
    }
    assertThat(sessions.of(with(own.get(0)))).isNull();
    assertThat(sessions.of(with(own.get(1)))).isNotNull();
    assertThat(sessions.of(with(other))).isNotNull();
  }

  @Test
  void open_withOtherRoles_endsThoseOfBeforeAndNobodyElses() {
    Sessions.Opened same = open("alice");
    Sessions.Opened other = open("bob");
    Sessions.Opened again = open("alice");
    assertThat(sessions.of(with(same))).isNotNull();
    SignedIn more =
        new SignedIn(person("alice").subject(), "a", Set.of(PersonRole.VIEWER), clock.instant());
    Sessions.Opened after = Objects.requireNonNull(sessions.open(more, REQUEST));
    assertThat(sessions.of(with(same))).isNull();
    assertThat(sessions.of(with(again))).isNull();
    assertThat(sessions.of(with(other))).isNotNull();
    Sessions.Opened fewer = open("alice");
    assertThat(sessions.of(with(after))).as("roles that were taken").isNull();
    assertThat(sessions.of(with(fewer))).isNotNull();
  }

  @Test
  void atRest_asksOfAPageItself_useNothing() {
    Sessions idle =
        new Sessions(sessions.origins(), Duration.ofHours(12), Duration.ofMinutes(30), clock);
    Sessions.Opened opened = Objects.requireNonNull(idle.open(person("alice"), REQUEST));
    clock.pass(Duration.ofMinutes(20));
    assertThat(idle.of(with(opened))).isNotNull();
    clock.pass(Duration.ofMinutes(20));
    assertThat(idle.atRest(with(opened))).isNotNull();
    clock.pass(Duration.ofMinutes(10));
    assertThat(idle.atRest(with(opened))).isNull();
  }

  @Test
  void open_tooMany_isRefusedUntilSomeEnd() {
    for (int i = 0; i < 4096; i++) {
      assertThat(sessions.open(person("p" + i), REQUEST)).isNotNull();
    }
    assertThat(sessions.open(person("one more"), REQUEST)).isNull();
    clock.pass(Duration.ofHours(1));
    assertThat(sessions.open(person("one more"), REQUEST)).isNotNull();
  }

  @Test
  void of_twoCookiesOfTheName_isNobody() {
    String cookie = with(open("alice")).field("cookie").get(0);
    assertThat(sessions.of(AskedRequest.get("/", "Host", HOST, "Cookie", cookie + "; " + cookie)))
        .isNull();
  }

  @Test
  void of_byAnotherHost_isNobody() {
    String cookie = with(open("alice")).field("cookie").get(0);
    assertThat(sessions.of(AskedRequest.get("/", "Host", "evil.example", "Cookie", cookie)))
        .isNull();
  }

  @Test
  void texts_never_haveASecret() {
    Sessions.Opened opened = open("alice");
    assertThat(opened.toString() + opened.session())
        .doesNotContain(opened.session().token())
        .doesNotContain(opened.cookie());
  }

  @Test
  void make_longerThanTwelveHours_isRefused() {
    assertThatThrownBy(
            () -> new Sessions(new Origins(), Duration.ofHours(13), Duration.ofHours(1), clock))
        .isInstanceOf(OperationException.class);
  }
}
