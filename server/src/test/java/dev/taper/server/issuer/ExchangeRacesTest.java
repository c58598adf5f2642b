package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static dev.taper.server.issuer.IssuerWorld.details;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.oidc.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens at once happens once. */
class ExchangeRacesTest extends IssuerTests {
  private static final int AT_ONCE = 24;

  /** The keys are there, for which only some would wait. */
  @BeforeEach
  void begin() throws Exception {
    issuer.exchange(world.request(DETAILS));
  }

  private Subject alice() {
    return new Subject(world.provider.issuer, "alice-1");
  }

  private String tokenOfAnother() {
    return world.provider.token(claims -> claims.claim("azp", "portal"));
  }

  /** What each gives, begun together. */
  private static <T> List<T> together(List<Callable<T>> all) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> each : all) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return each.call();
                }));
      }
      start.countDown();
      List<T> done = new ArrayList<>();
      for (Future<T> each : running) {
        done.add(each.get(1, TimeUnit.MINUTES));
      }
      return done;
    } finally {
      threads.shutdownNow();
    }
  }

  /** The code of a refusal; {@code issued} if there is none. */
  private String code(ExchangeRequest request) {
    try {
      issuer.exchange(request);
      return "issued";
    } catch (ExchangeException e) {
      return e.code();
    }
  }

  private List<String> codes(List<ExchangeRequest> requests) throws Exception {
    return together(requests.stream().<Callable<String>>map(one -> () -> code(one)).toList());
  }

  @Test
  void exchanges_ofOneSubjectTokenAtOnce_giveOneToken() throws Exception {
    String token = world.provider.token(claims -> {});
    List<String> codes =
        codes(
            IntStream.range(0, AT_ONCE)
                .mapToObj(
                    i ->
                        world.request(
                            world.planner, token, details(i % 2 == 0 ? "read" : "once", "")))
                .toList());
    assertThat(codes).containsOnly("issued", "subject_replayed").containsOnlyOnce("issued");
  }

  @Test
  void exchanges_ofOneConfirmationAtOnce_giveOneToken() throws Exception {
    String token = tokenOfAnother();
    assertThat(code(world.request(world.planner, token, DETAILS))).isEqualTo("consent_required");
    issuer.pending().confirm(issuer.pending().of(alice()).get(0).id(), alice());
    List<String> codes =
        codes(
            Collections.nCopies(AT_ONCE, token).stream()
                .map(one -> world.request(world.planner, one, DETAILS))
                .toList());
    assertThat(codes).containsOnly("issued", "subject_replayed").containsOnlyOnce("issued");
  }

  @Test
  void exchanges_thatBeginToWaitAtOnce_areBounded() throws Exception {
    List<String> codes =
        codes(
            IntStream.range(0, 3 * AT_ONCE)
                .mapToObj(i -> world.request(world.planner, tokenOfAnother(), DETAILS))
                .toList());
    assertThat(codes).containsOnly("consent_required", "consents_full");
    assertThat(issuer.pending().of(alice())).hasSize(PendingBook.MOST_OF_SUBJECT);
  }

  @Test
  void yesAndNo_atOnce_areOneOfBoth() throws Exception {
    for (int i = 0; i < 20; i++) {
      String token = tokenOfAnother();
      code(world.request(world.planner, token, DETAILS));
      String id = issuer.pending().of(alice()).get(0).id();
      List<Boolean> done =
          together(
              List.of(
                  () -> issuer.pending().confirm(id, alice()),
                  () -> issuer.pending().refuse(id, alice())));
      assertThat(done).containsExactlyInAnyOrder(true, false);
      assertThat(code(world.request(world.planner, token, DETAILS)))
          .isEqualTo(done.get(0) ? "issued" : "consent_refused");
    }
  }

  @Test
  void exchange_afterARestart_needsAnotherSignIn() throws Exception {
    String token = tokenOfAnother();
    code(world.request(world.planner, token, DETAILS));
    String id = issuer.pending().of(alice()).get(0).id();
    issuer.pending().confirm(id, alice());
    issuer = world.issuer(); // which remembers used subject tokens, and nobody's word
    assertThat(issuer.pending().confirm(id, alice())).isFalse();
    assertThat(code(world.request(world.planner, token, DETAILS))).isEqualTo("subject_replayed");
  }

  @Test
  void exchange_forMoreThanAnybodyNeeds_isNoFault() throws Exception {
    String long64 =
        IntStream.range(0, 64)
            .mapToObj(i -> "\"svc:" + "x".repeat(60) + i + "\"")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    String grants =
        IntStream.range(0, 64)
            .mapToObj(i -> "\"jira.once where n = " + i + "\"")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    for (String more :
        List.of(
            ",\"purpose\":\"" + "p".repeat(5000) + "\"",
            ",\"purpose\":\"\u202e\"",
            ",\"purpose\":\"\"",
            ",\"audience\":[\"svc:a\",\"svc:a\"]",
            ",\"audience\":[" + long64 + "]",
            ",\"grants\":[" + grants + "]",
            ",\"grants\":[\"jira.once\",\"jira.once\"]",
            ",\"grants\":[\"jira.once if justified within 5m\"]",
            ",\"grants\":[\"jira.once where x matches '(a+)+$'\"]",
            ",\"expires_in\":1",
            ",\"max_depth\":0")) {
      assertThat(code(world.request(details("once", more)))).as(more).isEqualTo("issued");
    }
    String longer = ",\"purpose\":\"" + "p".repeat(7000) + "\"";
    assertThat(code(world.request(details("once", longer)))).isEqualTo("token_too_large");
  }
}
