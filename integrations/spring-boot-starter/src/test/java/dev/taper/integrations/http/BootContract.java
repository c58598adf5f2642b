package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.Wire.Answer;
import dev.taper.testing.TearDown;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** What every guarded service does, by one application for all tests; its server is Tomcat. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BootContract extends OnTheWayContract {
  private @Nullable BootService started;

  abstract BootService begin();

  @Override
  final TestService.Starter starter() {
    return guard -> {
      BootService service = started;
      if (service == null) {
        service = begin();
        started = service;
      }
      return service;
    };
  }

  @Override
  final boolean isJdk() {
    return false;
  }

  /** Tomcat refuses by itself, or leaves to the guard what one of the other servers does. */
  @Override
  void refused(Answer answer, String onJdk, String onJetty) {
    if (onJdk.equals("200")) {
      refused(answer, onJdk);
    } else if (!answer.has("Content-Type", HttpRefusal.CONTENT_TYPE)) {
      assertThat(answer.status()).as(answer.head() + answer.body()).isIn(400, 404, 405, 501);
      assertThat(answer.head()).doesNotContain("WWW-Authenticate", "Set-Cookie");
      assertThat(service().reached).isEmpty();
      assertTellsNothing(answer);
    } else if (answer.status() == 401) {
      refused(answer, onJdk.startsWith("401 ") ? onJdk : "401 request_mismatch");
    } else {
      refused(answer, onJdk);
    }
  }

  @Override
  void refusedForLengths(Answer both, byte[] content) {
    assertThat(both.status()).isEqualTo(200);
    assertThat(service().reached.remove(0).content()).isEqualTo(content);
  }

  @Override
  final TestService dialledAs(String origin) {
    return BootService.start(world, Map.of("taper.catalog", BootService.catalog(origin))).closing();
  }

  @AfterAll
  void end() throws Exception {
    TearDown.close(TearDown.of(started, BootService::stop));
  }
}
