package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.ALICE;
import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static dev.taper.server.issuer.IssuerWorld.details;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.revocation.Fingerprint;
import dev.taper.server.oidc.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a person has to agree to, and what needs no word of theirs. */
class ConsentTest extends IssuerTests {
  private static String waits(TokenIssuer issuer, ExchangeRequest request) {
    ExchangeException refusal =
        catchThrowableOfType(ExchangeException.class, () -> issuer.exchange(request));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo("consent_required");
    assertThat(refusal.error().text()).isEqualTo("authorization_pending");
    return refusal.confirmation();
  }

  private Subject alice() {
    return new Subject(world.provider.issuer, "alice-1");
  }

  private String tokenOfAnother() {
    return world.provider.token(claims -> claims.claim("azp", "portal"));
  }

  @Test
  void exchange_withoutConsent_waitsForTheUser() throws Exception {
    String token = tokenOfAnother();
    String id = waits(issuer, world.request(world.planner, token, DETAILS));
    assertThat(waits(issuer, world.request(world.planner, token, DETAILS))).isEqualTo(id);
    PendingExchange waiting = Objects.requireNonNull(issuer.pending().find(id, alice()));
    assertThat(waiting.delegator()).isEqualTo(ALICE);
    assertThat(waiting.agent().name()).isEqualTo("agent:planner");
    assertThat(waiting.grants())
        .containsExactly("jira.search read on jira:project/ACME/*", "jira.list list");
    assertThat(issuer.pending().confirm(id, new Subject(world.provider.issuer, "bob-1"))).isFalse();
    assertThat(issuer.pending().find(id, new Subject(world.provider.issuer, "bob-1"))).isNull();
    assertThat(issuer.pending().confirm(id, alice())).isTrue();
    assertThat(issuer.pending().confirm(id, alice())).isFalse();
    assertThat(issuer.pending().refuse(id, alice())).isFalse();
    assertThat(issuer.pending().of(alice())).isEmpty();
    world.clock.forward(Duration.ofMinutes(6)); // the subject token has ended meanwhile
    Issued issued = issuer.exchange(world.request(world.planner, token, DETAILS));
    assertThat(world.clock.instant().plus(issued.lifetime())) // as the person was told
        .isBeforeOrEqualTo(waiting.end());
    assertThat(issued.grants()).isEqualTo(waiting.grants());
    assertThat(world.records())
        .anySatisfy(
            record -> assertThat(record).contains("\"kind\":\"approve\"", ALICE, "exchange", id))
        .anySatisfy(record -> assertThat(record).contains("\"kind\":\"mint\"", "confirmed"));
    refused("invalid_request", "subject_expired", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_thatWaits_isForItsAgentAndDetailsAlone() throws Exception {
    String token = tokenOfAnother();
    String id = waits(issuer, world.request(world.planner, token, DETAILS));
    issuer.pending().confirm(id, alice());
    refused(
        "invalid_request",
        "subject_replayed",
        world.request(world.planner, token, details("once", "")));
    refused("access_denied", "not_granted", world.request(world.janitor, token, DETAILS));
    assertThat(issuer.exchange(world.request(world.planner, token, DETAILS))).isNotNull();
    refused("invalid_request", "subject_replayed", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_thatTheUserRefuses_isRefused() {
    String token = tokenOfAnother();
    String id = waits(issuer, world.request(world.planner, token, DETAILS));
    assertThat(issuer.pending().refuse(id, alice())).isTrue();
    refused("access_denied", "consent_refused", world.request(world.planner, token, DETAILS));
    assertThat(world.records())
        .anySatisfy(record -> assertThat(record).contains("\"kind\":\"refuse\"", ALICE, id));
  }

  @Test
  void exchange_thatTheUserDoesNotAnswer_ends() {
    String token = tokenOfAnother();
    String id = waits(issuer, world.request(world.planner, token, DETAILS));
    world.clock.forward(PendingBook.WAITS);
    assertThat(issuer.pending().confirm(id, alice())).isFalse();
    refused("expired_token", "consent_expired", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_thatWouldNotBeGranted_bothersNobody() {
    String token = tokenOfAnother();
    refused(
        "access_denied", "not_granted", world.request(world.planner, token, details("secret", "")));
    assertThat(issuer.pending().of(alice())).isEmpty();
  }

  @Test
  void exchange_ofWhatIsRevoked_bothersNobodyAndUsesNoTokenUp() throws Exception {
    String token = tokenOfAnother();
    world.revoked.add(Fingerprint.ofDelegator(ALICE));
    refused("access_denied", "revoked", world.request(world.planner, token, DETAILS));
    assertThat(issuer.pending().of(alice())).isEmpty();
    world.revoked.clear();
    assertThat(waits(issuer, world.request(world.planner, token, DETAILS))).isNotBlank();
  }

  @Test
  void exchange_thatWasConfirmedAndCannotBeRecorded_isStillConfirmed() {
    String token = tokenOfAnother();
    String id = waits(issuer, world.request(world.planner, token, DETAILS));
    issuer.pending().confirm(id, alice());
    world.database.close();
    ExchangeRequest asked = world.request(world.planner, token, DETAILS);
    refused("temporarily_unavailable", "unavailable", asked);
    refused("temporarily_unavailable", "unavailable", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_thatWaitsWithOldRoles_bringsThemBackForNobody() {
    String token =
        world.provider.token(
            claims ->
                claims
                    .subject("bob-1")
                    .claim("azp", "portal")
                    .claim("realm", Map.of("roles", List.of("engineer"))));
    waits(issuer, world.request(world.planner, token, DETAILS));
    world.clock.forward(Duration.ofSeconds(1));
    refused(
        "access_denied", "not_granted", world.request(DETAILS, claims -> claims.subject("bob-1")));
    waits(issuer, world.request(world.planner, token, DETAILS));
    assertThat(Objects.requireNonNull(world.people.again("user:bob")).roles()).isEmpty();
  }

  @Test
  void exchange_ofSomebodyWhoLostTheRoleMeanwhile_isRefused() {
    String token =
        world.provider.token(
            claims ->
                claims.claim("azp", "portal").claim("realm", Map.of("roles", List.of("lead"))));
    String id = waits(issuer, world.request(world.planner, token, details("secret", "")));
    issuer.pending().confirm(id, alice());
    world.revoked.add(Fingerprint.ofDelegator(ALICE));
    refused("access_denied", "revoked", world.request(world.planner, token, details("secret", "")));
  }

  @Test
  void exchange_wherePoliciesWantTheUsersWord_waitsThoughTheTokenNamesTheAgent() throws Exception {
    String token = world.provider.token(claims -> {});
    String id = waits(issuer, world.request(world.planner, token, details("careful", "")));
    issuer.pending().confirm(id, alice());
    assertThat(issuer.exchange(world.request(world.planner, token, details("careful", ""))))
        .isNotNull();
  }

  @Test
  void exchange_whoseTokenNamesWhoMayAct_needsNoOtherConsent() throws Exception {
    ExchangeRequest named =
        world.request(
            DETAILS,
            claims ->
                claims.claim("azp", "portal").claim("may_act", Map.of("sub", "agent:planner")));
    assertThat(issuer.exchange(named)).isNotNull();
    assertThat(world.records()).anySatisfy(record -> assertThat(record).contains("may_act"));
  }

  @Test
  void exchange_whoseTokenNamesAnotherActor_waitsThoughItWasIssuedToThisAgent() {
    for (Object actor :
        List.of(
            Map.of("sub", "agent:janitor"),
            Map.of("sub", "agent:planner", "iss", "https://evil.example.com"),
            Map.of(),
            "agent:planner")) {
      waits(issuer, world.request(DETAILS, claims -> claims.claim("may_act", actor)));
    }
  }

  @Test
  void exchanges_thatWait_areBounded() {
    for (int i = 0; i < PendingBook.MOST_OF_SUBJECT; i++) {
      waits(issuer, world.request(world.planner, tokenOfAnother(), DETAILS));
    }
    refused("slow_down", "consents_full", world.request(world.planner, tokenOfAnother(), DETAILS));
    world.clock.forward(PendingBook.WAITS.multipliedBy(2).plusSeconds(1));
    waits(issuer, world.request(world.planner, tokenOfAnother(), DETAILS));
  }
}
