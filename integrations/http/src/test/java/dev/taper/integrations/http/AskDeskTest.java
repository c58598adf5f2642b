package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Asks that are made and answered without a server. */
class AskDeskTest {
  private static final String ORIGIN = "https://jira.example.com";

  private final AskWorld world = new AskWorld();
  private final Verifier verifier = world.verifier(ORIGIN).build();
  private final SettableClock clock = new SettableClock(Instant.now());
  private final Asks asks = Asks.inMemory();
  private final HttpGuard guard = HttpGuard.of(verifier).keepingAsks(asks, clock);
  private int tries;

  private HttpAnswer ask(AgentToken by) {
    return ask(by, AskWorld.body("POST", AskWorld.CLOSE));
  }

  private HttpAnswer ask(AgentToken by, String body, String... more) {
    byte[] json = AskWorld.bytes(body);
    SentHttp sent = SentHttp.of("POST", ORIGIN, "/v1/asks").content("application/json", json);
    Map<String, String> fields = new HashMap<>();
    fields.put("Host", "jira.example.com");
    fields.put("Content-Type", "application/json");
    fields.put("Content-Length", Integer.toString(json.length));
    for (String line : world.world.presented(by, sent, Clock.systemUTC())) {
      int colon = line.indexOf(':');
      fields.put(line.substring(0, colon), line.substring(colon + 2));
    }
    for (int i = 0; i < more.length; i += 2) {
      fields.put(more[i], more[i + 1]);
    }
    return Objects.requireNonNull(
        guard.answer(IncomingRequest.of("POST", "/v1/asks", true, fields, json)));
  }

  private Ask made(AgentToken by) {
    assertThat(ask(by).status()).isEqualTo(201);
    String name = asks.heads(clock.instant()).get(0).name();
    return Objects.requireNonNull(asks.find(name, clock.instant()));
  }

  private AgentToken mint(UnaryOperator<Delegation> terms) {
    return Issuer.of(world.world.root)
        .mint(
            terms.apply(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", world.world.planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.close close if approved by " + world.world.boss.publicKey())));
  }

  private static void assertRefused(String answer, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).hasToString(answer));
  }

  @Test
  void ask_ofATokenForLonger_isKeptForAnHour() {
    Instant hour = clock.instant().plus(Duration.ofHours(1));
    assertThat(made(mint(terms -> terms.expiresIn(Duration.ofHours(2)))).until()).isEqualTo(hour);
  }

  @Test
  void ask_ofATokenWithoutAnEnd_isKeptForAnHour() {
    Instant hour = clock.instant().plus(Duration.ofHours(1));
    assertThat(made(mint(Delegation::withoutExpiry)).until()).isEqualTo(hour);
  }

  @Test
  void ask_ofATokenThatEndsBefore_endsWithIt() {
    Instant until = made(mint(terms -> terms.expiresIn(Duration.ofMinutes(30)))).until();
    assertThat(until).isBefore(clock.instant().plus(Duration.ofMinutes(45)));
  }

  private AskAnswers answers(Asks.Kept kept) {
    Asks store =
        new NoAsks() {
          @Override
          public Ask find(String name, Instant now) {
            return Objects.requireNonNull(asks.find(name, now));
          }

          @Override
          public Kept replace(Ask changed, Instant now) {
            tries++;
            return kept;
          }
        };
    return new AskAnswers(() -> verifier, new AskStore(store, clock));
  }

  @Test
  void answer_whileOthersChangeTheAskWithoutEnd_isGivenUp() {
    Ask ask = made(world.token);
    assertRefused("503 unavailable", () -> answers(Asks.Kept.CHANGED).refused(ask, "no"));
    assertThat(tries).isEqualTo(5);
  }

  @Test
  void answer_withoutRoomForIt_isRefusedAtOnce() {
    Ask ask = made(world.token);
    assertRefused("503 asks_full", () -> answers(Asks.Kept.NO_ROOM).refused(ask, "no"));
    assertThat(tries).isEqualTo(1);
  }

  /** The service understands the call, but it is not the one that the request names. */
  @Test
  void ask_ofAnotherCallThanItsRequestNames_hasEnded() throws RefusedException {
    Ask ask = made(world.token);
    KeptAsk same = KeptAsk.read(ask);
    String target = "\"target\":\"" + AskWorld.CLOSE;
    assertThat(ask.content()).contains(target);
    KeptAsk other =
        KeptAsk.read(ask.changed(ask.content().replace(target, target.replace('7', '8'))));
    AskAnswers answers = answers(Asks.Kept.YES);
    AskQueue queue = AskQueue.of(() -> verifier, asks, clock);

    assertThat(answers.asked(same).call().tool()).isEqualTo("jira.close");
    assertRefused("404 unknown_ask", () -> answers.asked(other));
    assertThat(queue.standing(same).isPossible()).isTrue();
    assertThat(queue.standing(other).code()).isEqualTo("catalog_changed");
  }

  private static String searchIn(String field) {
    return "{\"method\":\"GET\",\"target\":\"/projects/ACME/issues\",\"reason\":\"done\",\"fields\":{\""
        + field
        + "\":\"one\"}}";
  }

  /** An approver would read another call than the one that a service makes of it. */
  @Test
  void ask_fieldOfAnArgumentInAnotherSpelling_isRefused() {
    assertThat(ask(world.token, searchIn("X-Tenant")).status()).isEqualTo(201);

    HttpAnswer refused = ask(world.token, searchIn("X_Tenant"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(new String(refused.content(), StandardCharsets.UTF_8)).contains("another spelling");
  }

  @Test
  void ask_withAnUpgrade_isRefused() {
    String close = AskWorld.body("POST", AskWorld.CLOSE);
    assertThat(ask(world.token, close, "Upgrade", "websocket").status()).isEqualTo(400);
    assertThat(ask(world.token, close, "Upgrade", "h2c").status()).isEqualTo(201);
  }
}
