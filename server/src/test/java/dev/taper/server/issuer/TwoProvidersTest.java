package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.SmallReplayMemory;
import dev.taper.server.oidc.SignInProvider;
import dev.taper.server.oidc.Subject;
import dev.taper.testing.TearDown;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two providers, neither speaks for the other's people and clients. */
class TwoProvidersTest extends IssuerTests {
  private SignInProvider other;

  @BeforeEach
  void add() {
    other = new SignInProvider(world.clock);
    issuer = issuer();
  }

  private TokenIssuer issuer() {
    return world.issuer(
        List.of(world.provider, other),
        new MappedPeople(
            List.of(
                new MappedPeople.Row(
                    new Subject(world.provider.issuer, "alice-1"),
                    IssuerWorld.ALICE,
                    Set.of("engineer")),
                new MappedPeople.Row(
                    new Subject(other.issuer, "alice-1"), "user:eve", Set.of("engineer"))),
            Map.of(other.issuer, new MappedPeople.Rule("eve:{sub}", "roles", List.of())),
            List.of(),
            SeenPeople.inMemory()));
  }

  @AfterEach
  void remove() throws Exception {
    TearDown.close(other);
  }

  private void waits(String token, String issuerOfSubject) {
    refused(
        "authorization_pending", "consent_required", world.request(world.planner, token, DETAILS));
    assertThat(issuer.pending().of(new Subject(issuerOfSubject, "alice-1"))).hasSize(1);
  }

  @Test
  void exchange_issuedToAClientOfThatNameAtTheOtherProvider_waitsForTheUser() throws Exception {
    waits(other.token(claims -> {}), other.issuer);
    assertThat(issuer.pending().of(new Subject(world.provider.issuer, "alice-1"))).isEmpty();
    assertThat(issuer.exchange(world.request(DETAILS))).isNotNull(); // at its own provider
  }

  @Test
  void exchange_whoseActorIsAClientOfThatNameAtTheOtherProvider_waitsForTheUser() {
    String token = other.token(claims -> claims.claim("may_act", Map.of("sub", "planner-app")));
    waits(token, other.issuer);
  }

  @Test
  void exchange_issuedToAClientThatIsCalledLikeTheAgent_waitsForTheUser() {
    waits(
        world.provider.token(claims -> claims.claim("azp", "agent:planner")),
        world.provider.issuer);
  }

  @Test
  void exchange_ofTheOtherProvidersTokenInThisOnesName_isRefused() {
    String forged =
        world.provider.token(other.key, claims -> claims.jwtID("forged")); // the same kid
    refused("invalid_request", "subject_signature", world.request(world.planner, forged, DETAILS));
  }

  @Test
  void exchange_whileTheOtherProviderStatesPeopleWithoutEnd_hasRoom() throws Exception {
    world.subjects = SmallReplayMemory.of(64);
    issuer = issuer();
    boolean isFull = false;
    for (int i = 0; i < 64 && !isFull; i++) {
      String sub = "nobody-" + i;
      String token =
          other.token(
              claims ->
                  claims
                      .subject(sub)
                      .claim("roles", List.of("engineer"))
                      .claim("may_act", Map.of("sub", "agent:planner")));
      try {
        issuer.exchange(world.request(world.planner, token, DETAILS));
      } catch (ExchangeException e) {
        assertThat(e.code()).isEqualTo("unavailable");
        isFull = true;
      }
    }
    assertThat(isFull).isTrue();
    assertThat(issuer.exchange(world.request(DETAILS))).isNotNull();
  }

  @Test
  void confirm_bySomebodyOfTheSameSubjectAtTheOtherProvider_isNoWord() {
    waits(world.provider.token(claims -> claims.claim("azp", "portal")), world.provider.issuer);
    Subject alice = new Subject(world.provider.issuer, "alice-1");
    String id = issuer.pending().of(alice).get(0).id();
    assertThat(issuer.pending().confirm(id, new Subject(other.issuer, "alice-1"))).isFalse();
    assertThat(issuer.pending().of(alice)).hasSize(1);
  }
}
