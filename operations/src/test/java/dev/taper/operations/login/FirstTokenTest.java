package dev.taper.operations.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.delegation.Task;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.login.BrowserSignIn.TokenKind;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exchange of a person's token, against an issuer that answers as it likes. */
class FirstTokenTest {
  private static final String PENDING =
      "{\"error\":\"authorization_pending\",\"interval\":1,\"confirmation_uri\":\"%s\"}";
  private static final RequestedGrant ASKED =
      new RequestedGrant(
          "triage", "T-1", "why", List.of("jira.* read"), List.of(), Duration.ofHours(1), 2);

  private final PrivateKey agent = PrivateKey.generate(Algorithm.ED25519);
  private final List<Duration> rests = new ArrayList<>();
  private final List<URI> consents = new ArrayList<>();
  private final Clock clock = Clock.systemUTC();
  private FakeServers servers;

  @BeforeEach
  void start() throws IOException {
    servers = new FakeServers();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(servers);
  }

  private AgentToken exchange() {
    return FirstToken.from(servers.url, clock, rests::add)
        .exchange("a.b.c", TokenKind.ACCESS, agent, ASKED, consents::add, Duration.ofMinutes(1));
  }

  private String token(PrivateKey holder) {
    AgentToken token =
        Issuer.of(PrivateKey.generate(Algorithm.ED25519))
            .mint(
                Delegation.by("user:alice")
                    .to(new Agent("agent:planner", holder.publicKey()))
                    .task(new Task("T-1", null))
                    .grant("jira.* read")
                    .expiresAt(clock.instant().plusSeconds(600)));
    return "{\"access_token\":\""
        + token.encodeBase64()
        + "\",\"issued_token_type\":\"dev.taper:token\",\"token_type\":\"N_A\"}";
  }

  @Test
  void exchange_withAProof_givesTheToken() {
    servers.answers.add(form -> token(agent));
    assertThat(exchange().token().holderKey()).isEqualTo(agent.publicKey());
    Map<String, String> form = servers.exchanges.get(0);
    assertThat(form)
        .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .containsEntry(
            "authorization_details",
            "[{\"type\":\"taper_grant\",\"template\":\"triage\",\"task\":\"T-1\","
                + "\"purpose\":\"why\",\"grants\":[\"jira.* read\"],\"expires_in\":3600,"
                + "\"max_depth\":2}]");
    String details = Objects.requireNonNull(form.get("authorization_details"));
    ExchangeProof.decode(Objects.requireNonNull(form.get("actor_token")))
        .check(
            new ExchangeProof.Subject(servers.url, "a.b.c", details),
            AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock))
        .claim(MemoryShare.of("test", new byte[] {1}));
    assertThat(consents).isEmpty();
  }

  @Test
  void exchange_thatNeedsConsent_asksAgainWithANewProof() {
    servers.answers.add(form -> PENDING.formatted(servers.url + "/confirm#abc"));
    servers.answers.add(form -> PENDING.formatted(servers.url + "/confirm#abc"));
    servers.answers.add(form -> "{\"error\":\"slow_down\",\"interval\":60}");
    servers.answers.add(form -> token(agent));
    assertThat(exchange()).isNotNull();
    assertThat(consents).containsExactly(URI.create(servers.url + "/confirm#abc"));
    assertThat(rests)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30));
    assertThat(servers.exchanges.stream().map(form -> form.get("actor_token")).distinct())
        .hasSize(4);
  }

  @Test
  void exchange_consentPageElsewhere_isTheIssuersOwn() {
    servers.answers.add(form -> PENDING.formatted("https://evil.example/confirm#abc"));
    servers.answers.add(form -> token(agent));
    assertThat(exchange()).isNotNull();
    assertThat(consents).containsExactly(URI.create(servers.url + "/confirm"));
  }

  @Test
  void exchange_consentPageThatIsNoUrl_isTheIssuersOwn() {
    for (String odd : List.of("#a b", "#^", "#%zz", "#a#b", "#" + "x".repeat(257))) {
      consents.clear();
      servers.answers.add(form -> PENDING.formatted(servers.url + "/confirm" + odd));
      servers.answers.add(form -> token(agent));
      assertThat(exchange()).isNotNull();
      assertThat(consents).as(odd).containsExactly(URI.create(servers.url + "/confirm"));
    }
  }

  @Test
  void exchange_personRefuses_saysSo() {
    servers.answers.add(form -> PENDING.formatted(""));
    servers.answers.add(
        form -> "{\"error\":\"access_denied\",\"error_description\":\"no\\u202e\"}");
    assertThatThrownBy(this::exchange)
        .isInstanceOf(OperationException.class)
        .hasMessage("the issuer refuses: no\\u{202e}")
        .extracting("code")
        .isEqualTo("access_denied");
  }

  @Test
  void exchange_tokenOfAnotherHolder_isRefused() {
    servers.answers.add(form -> token(PrivateKey.generate(Algorithm.ED25519)));
    assertThatThrownBy(this::exchange).extracting("code").isEqualTo("other_token");
  }

  @Test
  void exchange_noToken_isRefused() {
    servers.answers.add(form -> "{\"access_token\":\"x\"}");
    assertThatThrownBy(this::exchange).extracting("code").isEqualTo("malformed_answer");
    servers.answers.add(form -> "[]");
    assertThatThrownBy(this::exchange).extracting("code").isEqualTo("malformed_answer");
  }

  @Test
  void exchange_nobodyConsents_ends() {
    servers.answers.add(form -> PENDING.formatted(""));
    FirstToken issuer = FirstToken.from(servers.url, clock, rests::add);
    assertThatThrownBy(
            () ->
                issuer.exchange(
                    "a.b.c", TokenKind.ID, agent, ASKED, consents::add, Duration.ofMillis(500)))
        .extracting("code")
        .isEqualTo("login_timeout");
  }
}
