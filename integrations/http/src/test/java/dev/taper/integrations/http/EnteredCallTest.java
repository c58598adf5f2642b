package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.integrations.http.Wire.Answer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a call took counts once its handler is entered, whatever the handler says later. */
class EnteredCallTest {
  private static final String SEARCH = "/projects/ACME/issues";

  private final World world = new World();
  private final AgentToken token =
      Issuer.of(world.root)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", world.planner.publicKey()))
                  .task("T-4711")
                  .grant("jira.search read")
                  .budget("at most 2 calls from acme as trip")
                  .expiresIn(Duration.ofHours(1)));

  private Answer search(TestService service) throws Exception {
    SentHttp sent = SentHttp.of("GET", service.origin(), SEARCH);
    Answer answer =
        Wire.send(
            service,
            "GET " + SEARCH + " HTTP/1.1",
            world.presented(token, sent, Clock.systemUTC()),
            new byte[0]);
    assertThat(service.done.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    return answer;
  }

  private void assertCounted(TestService.Starter starter) throws Exception {
    try (TestService service =
        starter.start(
            origin ->
                HttpGuard.of(
                    world
                        .verifier(origin)
                        .budgets("acme", Budgets.forThisProcessOnly())
                        .build()))) {
      for (int i = 0; i < 2; i++) {
        assertThat(search(service).status()).isEqualTo(200);
        service.allowed.get(i).decision().reservation().giveBack();
      }
      Answer third = search(service);
      assertThat(third.status()).as(third.body()).isEqualTo(403);
      assertThat(third.body()).contains("\"code\":\"budget_exhausted\"");
    }
  }

  @Test
  void call_thatTheJdkHandled_staysCounted() throws Exception {
    assertCounted(JdkService::start);
  }

  @Test
  void call_thatJettyHandled_staysCounted() throws Exception {
    assertCounted(JettyService::start);
  }
}
