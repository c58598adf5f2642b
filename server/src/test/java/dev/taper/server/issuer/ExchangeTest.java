package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.ALICE;
import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static dev.taper.server.issuer.IssuerWorld.details;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.server.oidc.SignInProvider;
import dev.taper.store.registry.RegistryQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent gets a token of its own in exchange for a person's, or is refused. */
class ExchangeTest extends IssuerTests {
  private static CallDecision call(
      IssuerWorld world, AgentToken token, PrivateKey key, String tool) {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience("svc:jira")
            .callerStatesMeaning()
            .withoutRevocation()
            .budgets("default", Budgets.forThisProcessOnly())
            .clock(world.clock)
            .build();
    ToolCall call = ToolCall.of(tool).operation("read").on("jira:project/ACME/7");
    return verifier.decide(
        Credentials.of(
            token.encodeBase64(), token.prove(key, call, "svc:jira", world.clock).encodeBase64()),
        call);
  }

  @Test
  void exchange_byTheAgentThatTheTokenWasIssuedTo_givesATokenOfItsOwn() throws Exception {
    Issued issued = issuer.exchange(world.request(DETAILS));
    AgentToken token = issued.token();
    DelegationChain chain = token.chain();
    assertThat(chain.delegator()).isEqualTo(ALICE);
    assertThat(chain.task().id()).isEqualTo("T-4711");
    assertThat(Objects.requireNonNull(chain.holder()).name()).isEqualTo("agent:planner");
    assertThat(token.token().holderKey()).isEqualTo(world.planner.publicKey());
    EffectiveAuthority authority = chain.effectiveAuthority();
    assertThat(authority.expiry()).isEqualTo(world.clock.instant().plus(Duration.ofHours(1)));
    assertThat(authority.maxDepth()).hasValue(1);
    assertThat(authority.audiences()).containsExactly("svc:jira", "svc:wiki");
    assertThat(authority.budgets()).hasSize(1);
    assertThat(authority.alternatives()).hasSize(2);
    assertThat(call(world, token, world.planner, "jira.search").allowed()).isTrue();
    assertThat(call(world, token, world.planner, "jira.delete").allowed()).isFalse();
    assertThatThrownBy(() -> call(world, token, world.stranger, "jira.search"))
        .hasMessageContaining("only agent:planner"); // nobody else can even make a proof
  }

  @Test
  void exchange_isRecordedAndRegistered() throws Exception {
    issuer.exchange(world.request(DETAILS));
    assertThat(world.records())
        .anySatisfy(
            record ->
                assertThat(record)
                    .contains("\"kind\":\"mint\"", "\"delegator\":\"" + ALICE + "\"", "T-4711")
                    .contains("exchange", "read", "azp"));
    assertThat(world.registry.find(RegistryQuery.living()))
        .singleElement()
        .satisfies(one -> assertThat(one.delegator()).isEqualTo(ALICE));
  }

  @Test
  void exchange_thatCannotBeRecorded_givesNothing() {
    world.log.close();
    refused("temporarily_unavailable", "unavailable", world.request(DETAILS));
    assertThat(world.registry.find(RegistryQuery.living())).isEmpty();
  }

  @Test
  void exchange_thatCannotBeRegistered_givesNothing() {
    world.database.close();
    refused("temporarily_unavailable", "unavailable", world.request(DETAILS));
    refused("temporarily_unavailable", "unavailable", world.request(DETAILS)); // nobody is stuck
  }

  @Test
  void exchanges_atOnce_areAllRegistered() {
    List<ExchangeRequest> asked = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      asked.add(world.request(DETAILS.replace("T-4711", "T-" + i)));
    }
    long given =
        asked.parallelStream()
            .filter(
                request -> {
                  try {
                    return issuer.exchange(request) != null;
                  } catch (ExchangeException e) {
                    return false;
                  }
                })
            .count();
    assertThat(given).isEqualTo(40);
    assertThat(world.registry.find(RegistryQuery.living())).hasSize(40);
  }

  // The subject token.

  @ParameterizedTest
  @CsvSource({
    "https://other.example.com, subject_audience",
    "planner-app, subject_audience",
    "https://issuer.example.com/, subject_audience"
  })
  void exchange_ofATokenForAnotherAudience_isRefused(String audience, String code) {
    refused("invalid_request", code, world.request(DETAILS, claims -> claims.audience(audience)));
  }

  @Test
  void exchange_ofATokenForSeveral_isTakenIfOneIsThisIssuer() throws Exception {
    List<String> others = List.of("x", IssuerWorld.ISSUER + "/", "planner-app");
    refusedFor("subject_audience", claims -> claims.audience(others));
    refusedFor("subject_audience", claims -> claims.audience(List.of()));
    assertThat(world.registry.find(RegistryQuery.living())).isEmpty();
    Issued issued =
        issuer.exchange(
            world.request(DETAILS, claims -> claims.audience(List.of("x", IssuerWorld.ISSUER))));
    assertThat(issued.token().chain().delegator()).isEqualTo(ALICE);
    assertThat(issued.token().token().holderKey()).isEqualTo(world.planner.publicKey());
    assertThat(world.registry.find(RegistryQuery.living())).hasSize(1);
  }

  private void refusedFor(String code, Consumer<JWTClaimsSet.Builder> changes) {
    refused("invalid_request", code, world.request(DETAILS, changes));
  }

  @Test
  void exchange_ofATokenOutsideItsTime_isRefused() {
    Date now = Date.from(world.clock.instant());
    Date later = Date.from(world.clock.instant().plusSeconds(61));
    refusedFor("subject_expired", claims -> claims.expirationTime(now));
    refusedFor("subject_not_yet_valid", claims -> claims.issueTime(later));
    refusedFor("subject_not_yet_valid", claims -> claims.notBeforeTime(later));
    refusedFor("subject_malformed", claims -> claims.expirationTime(null));
    refusedFor("subject_malformed", claims -> claims.issueTime(null));
    refusedFor("subject_malformed", claims -> claims.subject(null));
  }

  @Test
  void exchange_ofATokenThatLastsForYears_countsForADay() throws Exception {
    Date made = Date.from(world.clock.instant());
    Date years = Date.from(world.clock.instant().plus(Duration.ofDays(3650)));
    String used = world.provider.token(claims -> claims.expirationTime(years));
    String token = world.provider.token(claims -> claims.issueTime(made).expirationTime(years));
    issuer.exchange(world.request(world.planner, used, DETAILS));
    world.clock.forward(SubjectTokens.LONGEST.minusSeconds(1));
    refused("invalid_request", "subject_replayed", world.request(world.planner, used, DETAILS));
    world.clock.forward(Duration.ofSeconds(1));
    refused("invalid_request", "subject_expired", world.request(world.planner, used, DETAILS));
    refused("invalid_request", "subject_expired", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_ofAnotherIssuersToken_isRefused() {
    refusedFor("subject_issuer", claims -> claims.issuer("https://evil.example.com"));
    refusedFor("subject_issuer", claims -> claims.issuer(world.provider.issuer + "/"));
    refusedFor("subject_malformed", claims -> claims.issuer(null));
  }

  @Test
  void exchange_ofATokenThatAnotherKeySigned_isRefused() {
    String token = world.provider.token(SignInProvider.key("k1"), claims -> {});
    refused("invalid_request", "subject_signature", world.request(world.planner, token, DETAILS));
    String unknown = world.provider.token(SignInProvider.key("k2"), claims -> {});
    refused("invalid_request", "subject_signature", world.request(world.planner, unknown, DETAILS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "..", "{}", "eyJhbGciOiJub25lIn0.e30."})
  void exchange_ofNoToken_isRefused(String token) {
    refused("invalid_request", "subject_malformed", world.request(world.planner, token, DETAILS));
  }

  @Test
  void exchange_ofAReplayedToken_isRefused() throws Exception {
    String token = world.provider.token(claims -> {});
    issuer.exchange(world.request(world.planner, token, DETAILS));
    refused("invalid_request", "subject_replayed", world.request(world.planner, token, DETAILS));
    // Signed anew, with the same id; and with another id and the same nonce.
    Consumer<JWTClaimsSet.Builder> same = claims -> claims.jwtID("7");
    issuer.exchange(world.request(DETAILS, same));
    refused("invalid_request", "subject_replayed", world.request(DETAILS, same));
    Consumer<JWTClaimsSet.Builder> nonce = claims -> claims.claim("nonce", "n");
    issuer.exchange(world.request(DETAILS, nonce));
    refused("invalid_request", "subject_replayed", world.request(DETAILS, nonce));
  }

  @ParameterizedTest
  @ValueSource(strings = {" %s", "\t%s", "\n%s", "%s "})
  void exchange_ofAReplayedTokenWithSpacesAround_isRefused(String spaced) throws Exception {
    String token = world.provider.token(claims -> claims.jwtID(null));
    issuer.exchange(world.request(world.planner, token, DETAILS));
    String again = String.format(spaced, token);
    refused("invalid_request", "subject_malformed", world.request(world.planner, again, DETAILS));
  }

  @Test
  void exchange_thatWasRefused_usesNoTokenUp() throws Exception {
    String token = world.provider.token(claims -> {});
    refused(
        "access_denied", "not_granted", world.request(world.planner, token, details("secret", "")));
    assertThat(issuer.exchange(world.request(world.planner, token, DETAILS))).isNotNull();
  }

  @Test
  void exchange_ofSomebodyWhoIsNotMapped_isRefused() {
    // The e-mail and the user name are Alice's: neither names anybody.
    refusedFor(
        "unknown_subject",
        claims ->
            claims
                .subject("mallory-1")
                .claim("email", "alice@acme.com")
                .claim("email_verified", true)
                .claim("preferred_username", "alice-1"));
    refusedFor("unknown_subject", claims -> claims.subject("alice@acme.com"));
    refusedFor("unknown_subject", claims -> claims.subject(ALICE));
  }

  @Test
  void exchange_ofSomebodyWhoIsSuspended_isRefused() {
    TokenIssuer strict = world.issuer(world.people(ALICE), IssuerWorld.templates());
    refused(strict, "invalid_request", "unknown_subject", world.request(DETAILS));
  }

  @Test
  void exchange_whileTheProviderIsAway_isNotDecided() {
    world.provider.keys = "";
    refused("temporarily_unavailable", "unavailable", world.request(DETAILS));
  }

  // The agent's proof.

  @Test
  void exchange_withAProofForOtherDetails_isRefused() {
    ExchangeRequest asked = world.request(DETAILS);
    refused(
        "invalid_request",
        "request_mismatch",
        new ExchangeRequest(asked.subjectToken(), asked.proof(), details("once", ""), null));
    refused(
        "invalid_request",
        "request_mismatch",
        new ExchangeRequest(
            world.provider.token(claims -> {}), asked.proof(), asked.details(), null));
    String other =
        ExchangeProof.make(
                world.planner,
                new ExchangeProof.Subject(
                    "https://evil.example.com", asked.subjectToken(), DETAILS),
                world.clock)
            .encodeBase64();
    refused(
        "invalid_request",
        "request_mismatch",
        new ExchangeRequest(asked.subjectToken(), other, DETAILS, null));
  }

  @Test
  void exchange_withAReplayedProof_isRefused() throws Exception {
    ExchangeRequest asked = world.request(DETAILS);
    issuer.exchange(asked);
    refused("invalid_request", "proof_replayed", asked);
  }

  @Test
  void exchange_withAnOldProof_isRefused() {
    ExchangeRequest asked = world.request(DETAILS);
    world.clock.forward(Duration.ofSeconds(61));
    refused("invalid_request", "proof_expired", asked);
    world.clock.forward(Duration.ofSeconds(-61 - 31));
    refused("invalid_request", "proof_not_yet_valid", asked);
  }

  @Test
  void exchange_byAnAgentThatNobodyEnrolled_isRefused() {
    String token = world.provider.token(claims -> {});
    refused("invalid_client", "unknown_agent", world.request(world.stranger, token, DETAILS));
    ExchangeRequest asked = world.request(DETAILS);
    refused(
        "invalid_client",
        "other_client",
        new ExchangeRequest(asked.subjectToken(), asked.proof(), DETAILS, "janitor-app"));
    refused(
        "invalid_request",
        "malformed_holder_proof",
        new ExchangeRequest(asked.subjectToken(), "AAAA", DETAILS, null));
  }

  @Test
  void exchange_tooOften_isPutOff() throws Exception {
    TokenIssuer slow = world.issuer(world.people(), IssuerWorld.templates(), "allow if true;", 2);
    slow.exchange(world.request(DETAILS));
    slow.exchange(world.request(DETAILS));
    refused(slow, "slow_down", "agent_too_often", world.request(DETAILS));
    world.clock.forward(Duration.ofMinutes(1));
    assertThat(slow.exchange(world.request(DETAILS))).isNotNull();
  }

  // What is asked for, and what is granted.

  /** What one writes the other reads: no agent takes a token that it could not present. */
  @Test
  void exchange_forMoreThanAFieldHolds_isRefused() {
    List<String> grants = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      grants.add("\"jira.search read on jira:project/ACME/Q3/" + i + "x".repeat(960) + "\"");
    }
    refused(
        "invalid_authorization_details",
        "token_too_large",
        world.request(details("read", ",\"grants\":[" + String.join(",", grants) + "]")));
  }

  @Test
  void exchange_forLess_givesLess() throws Exception {
    Issued issued =
        issuer.exchange(
            world.request(
                details(
                    "read",
                    ",\"purpose\":\"triage\",\"grants\":[\"jira.* read on"
                        + " jira:project/ACME/Q3/*\"],\"audience\":[\"svc:jira\",\"svc:x\"],"
                        + "\"expires_in\":60,\"max_depth\":0")));
    EffectiveAuthority authority = issued.token().chain().effectiveAuthority();
    assertThat(authority.alternatives())
        .containsExactly(Grant.parse("jira.search read on jira:project/ACME/Q3/*"));
    assertThat(authority.audiences()).containsExactly("svc:jira");
    assertThat(authority.maxDepth()).hasValue(0);
    assertThat(authority.expiry()).isEqualTo(world.clock.instant().plusSeconds(60));
    assertThat(issued.token().chain().task().purpose()).isEqualTo("triage");
  }

  @Test
  void exchange_forMore_givesTheTemplate() throws Exception {
    Issued issued =
        issuer.exchange(
            world.request(
                details(
                    "read",
                    ",\"grants\":[\"*\"],\"audience\":[\"svc:jira\",\"svc:bank\"],"
                        + "\"expires_in\":90000,\"max_depth\":9")));
    EffectiveAuthority authority = issued.token().chain().effectiveAuthority();
    assertThat(authority.alternatives())
        .containsExactlyInAnyOrderElementsOf(
            IssuerWorld.templates().get(0).grants().alternatives());
    assertThat(authority.audiences()).containsExactly("svc:jira");
    assertThat(authority.maxDepth()).hasValue(1);
    assertThat(authority.expiry()).isEqualTo(world.clock.instant().plus(Duration.ofHours(1)));
  }

  @Test
  void exchange_forSomethingElse_givesNothing() {
    refused(
        "invalid_authorization_details",
        "nothing_granted",
        world.request(details("read", ",\"grants\":[\"bank.pay\"]")));
    refused(
        "invalid_authorization_details",
        "nothing_granted",
        world.request(details("read", ",\"audience\":[\"svc:bank\"]")));
  }

  @Test
  void exchange_forWhatTheRoleDoesNotHave_isRefused() {
    refused("access_denied", "not_granted", world.request(details("secret", "")));
    refused("access_denied", "not_granted", world.request(details("unheard-of", "")));
    refused(
        "access_denied", "not_granted", world.request(DETAILS, claims -> claims.subject("bob-1")));
    // Nor is there another answer for what the template does not have: asking would find that out.
    String nothing = ",\"grants\":[\"bank.pay\"]";
    refused("access_denied", "not_granted", world.request(details("secret", nothing)));
    refused("access_denied", "not_granted", world.request(details("unheard-of", nothing)));
    refused(
        "access_denied",
        "not_granted",
        world.request(
            details("read", ",\"audience\":[\"svc:bank\"]"), claims -> claims.subject("bob-1")));
  }

  @Test
  void exchange_withARoleThatTheProviderStates_isGranted() throws Exception {
    ExchangeRequest asked =
        world.request(
            details("secret", ""),
            claims -> claims.claim("realm", Map.of("roles", List.of("lead"))));
    assertThat(issuer.exchange(asked).grants()).containsExactly("vault.read");
  }

  @Test
  void exchange_byAnAgentThatMayNot_isRefused() {
    String token = world.provider.token(claims -> claims.claim("azp", "janitor-app"));
    refused("access_denied", "not_granted", world.request(world.janitor, token, DETAILS));
  }

  @Test
  void exchange_forWhatNeedsAHuman_givesGrantsThatNeedApproval() throws Exception {
    Issued issued = issuer.exchange(world.request(details("close", "")));
    assertThat(issued.grants())
        .containsExactly("jira.close close if approved by 1 of group \"leads\"");
    assertThat(call(world, issued.token(), world.planner, "jira.close").allowed()).isFalse();
  }

  @Test
  void exchange_bySomebodyWhoIsRevoked_isRefused() {
    world.revoked.add(Fingerprint.ofDelegator(ALICE));
    refused("access_denied", "revoked", world.request(DETAILS));
    world.revoked.clear();
    world.revoked.add(Fingerprint.ofHolder(world.planner.publicKey()));
    refused("access_denied", "revoked", world.request(DETAILS));
    world.revoked.clear();
    world.revoked.add(Fingerprint.ofTask("T-4711"));
    refused("access_denied", "revoked", world.request(DETAILS));
  }

  @Test
  void exchange_withoutAListThatCanBeReliedOn_isNotDecided() {
    world.list = Revocations.RevocationStatus.STALE;
    refused("temporarily_unavailable", "unavailable", world.request(DETAILS));
  }

  @Test
  void exchange_thatIsRefused_isRecorded() {
    refused("access_denied", "not_granted", world.request(details("secret", "")));
    assertThat(world.records())
        .anySatisfy(
            record ->
                assertThat(record)
                    .contains("\"kind\":\"refuse\"", ALICE, "agent:planner", "not_granted"));
  }

  @Test
  void requireTrusted_ofAVerifierWithOtherKeys_isRefused() {
    issuer.requireTrusted();
    IssuerParts parts =
        new IssuerParts(
            IssuerWorld.ISSUER,
            new IssuerParts.Trusted(List.of(), world.people(), EnrolledAgents.of(List.of())),
            new IssuerParts.Offered(List.of(), PolicySet.of(List.of()), 1),
            new IssuerParts.Signing(world.stranger, OptionalInt.empty(), () -> world.verifier),
            new IssuerParts.Kept(
                ReplayMemory.inMemory(),
                ReplayMemory.inMemory(),
                new Records(world.log, world.registry, world.clock)),
            world.clock);
    assertThatThrownBy(() -> TokenIssuer.of(parts).requireTrusted())
        .hasMessageContaining("none of its configuration's root-keys");
  }
}
