package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.ALICE;
import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static dev.taper.server.issuer.IssuerWorld.details;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.RefusedException;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder has its token renewed without the person, or is refused. */
class RenewalTest {
  @TempDir Path folder;
  private IssuerWorld world;
  private TokenIssuer issuer;

  @BeforeEach
  void open() {
    world = new IssuerWorld(folder);
    issuer = world.issuer();
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(world);
  }

  private AgentToken issued(String details) throws ExchangeException {
    return issuer.exchange(world.request(details)).token();
  }

  private void refused(int status, String code, AgentToken token, PrivateKey holder) {
    refused(issuer, status, code, token, holder);
  }

  private void refused(
      TokenIssuer by, int status, String code, AgentToken token, PrivateKey holder) {
    RefusedException refusal =
        catchThrowableOfType(RefusedException.class, () -> world.renew(by, token, holder));
    assertThat(refusal).as(code).isNotNull();
    assertThat(refusal.refusal().code()).as(refusal.refusal().toJson()).isEqualTo(code);
    assertThat(refusal.refusal().status()).isEqualTo(status);
  }

  private static Instant end(AgentToken token) {
    return Objects.requireNonNull(token.chain().effectiveAuthority().expiry());
  }

  @Test
  void renew_givesTheSameWithALaterEnd() throws Exception {
    AgentToken first = issued(DETAILS);
    world.clock.forward(Duration.ofMinutes(31));
    AgentToken next = world.renew(issuer, first, world.planner);
    EffectiveAuthority before = first.chain().effectiveAuthority();
    EffectiveAuthority after = next.chain().effectiveAuthority();
    assertThat(next.token().holderKey()).isEqualTo(first.token().holderKey());
    assertThat(next.chain().holder()).isEqualTo(first.chain().holder());
    assertThat(next.chain().delegator()).isEqualTo(ALICE);
    assertThat(next.chain().task()).isEqualTo(first.chain().task());
    assertThat(after.alternatives()).isEqualTo(before.alternatives());
    assertThat(after.audiences()).isEqualTo(before.audiences());
    assertThat(after.maxDepth()).isEqualTo(before.maxDepth());
    assertThat(after.budgets()).isEqualTo(before.budgets()).isNotEmpty();
    assertThat(after.opaqueChecks()).isEmpty();
    assertThat(end(next)).isEqualTo(world.clock.instant().plus(Duration.ofHours(1)));
    assertThat(next.token().blocks()).hasSize(1);
  }

  @Test
  void renew_isRecordedAndRegistered() throws Exception {
    AgentToken first = issued(DETAILS);
    world.clock.forward(Duration.ofMinutes(31));
    world.renew(issuer, first, world.planner);
    assertThat(world.records())
        .anySatisfy(
            record ->
                assertThat(record)
                    .contains("\"kind\":\"mint\"", "\"renewal\"", "renewed", ALICE)
                    .contains(HexFormat.of().formatHex(first.blockDigests().get(0))));
    assertThat(world.registry.find(RegistryQuery.living())).hasSize(2);
  }

  @Test
  void renew_asOftenAsOneLikes_endsWithTheTimeAltogether() throws Exception {
    Instant start = world.clock.instant();
    AgentToken token = issued(DETAILS);
    List<Instant> ends = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      world.clock.forward(Duration.ofMinutes(40));
      token = world.renew(issuer, token, world.planner);
      ends.add(end(token));
    }
    assertThat(ends).isSorted().last().isEqualTo(start.plus(Duration.ofHours(3)));
    world.clock.forward(Duration.ofMinutes(10));
    refused(403, "not_renewable", token, world.planner);
  }

  @Test
  void renew_ofAShorterToken_givesAsLittleTime() throws Exception {
    AgentToken token = issued(details("read", ",\"expires_in\":60"));
    world.clock.forward(Duration.ofSeconds(40));
    assertThat(end(world.renew(issuer, token, world.planner)))
        .isEqualTo(world.clock.instant().plusSeconds(60));
  }

  @Test
  void renew_ofATokenThatIsNotRenewed_isRefused() throws Exception {
    refused(403, "not_renewable", issued(details("once", "")), world.planner);
  }

  @Test
  void renew_ofATokenThatSomebodyElseMinted_isRefused() {
    Delegation delegation =
        Delegation.by(ALICE)
            .to(Agent.of("agent:planner", world.planner.publicKey()))
            .task("T-1")
            .grant("jira.search")
            .expiresIn(Duration.ofHours(1));
    // With the same key, by hand; and with another key.
    AgentToken byHand = Issuer.of(world.root).clock(world.clock).mint(delegation);
    refused(403, "not_renewable", byHand, world.planner);
    AgentToken other = Issuer.of(world.stranger).clock(world.clock).mint(delegation);
    refused(401, "invalid_signature", other, world.planner);
  }

  @Test
  void renew_ofATokenThatWasHandedOnOrAddedTo_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    AgentToken handedOn =
        token.delegate(
            world.planner,
            Hop.to(Agent.of("agent:janitor", world.janitor.publicKey())),
            world.clock);
    refused(403, "not_renewable", handedOn, world.janitor);
    AgentToken narrowed =
        token.delegate(world.planner, Hop.toSelf().grant("jira.list list"), world.clock);
    refused(403, "not_renewable", narrowed, world.planner);
    AgentToken rotated =
        token.delegate(world.planner, Hop.rotateTo(world.stranger.publicKey()), world.clock);
    refused(403, "not_renewable", rotated, world.stranger);
  }

  @Test
  void renew_ofNobodysToken_isRefused() throws Exception {
    AgentToken bearer = issued(DETAILS).delegate(world.planner, Hop.toBearer(), world.clock);
    assertThat(code(bearer.encodeBase64(), null)).isEqualTo("bearer_not_accepted");
    AgentToken sealed = issued(DETAILS).seal(world.planner);
    assertThat(code(sealed.encodeBase64(), null)).isEqualTo("sealed_not_accepted");
    assertThat(code(issued(DETAILS).encodeBase64(), null)).isEqualTo("proof_required");
    assertThat(code("AAAA", null)).isEqualTo("malformed_token");
  }

  private String code(String token, @Nullable String proof) {
    SentHttp sent = SentHttp.of("POST", IssuerWorld.ISSUER, "/v1/renew");
    return catchThrowableOfType(
            RefusedException.class,
            () -> issuer.renew(new Credentials(token, proof, List.of()), sent))
        .refusal()
        .code();
  }

  @Test
  void renew_withAProofThatIsNotGood_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    SentHttp sent = SentHttp.of("POST", IssuerWorld.ISSUER, "/v1/renew");
    String proof =
        token
            .prove(world.planner, sent, "svc:issuer", SentApprovals.NONE, world.clock)
            .encodeBase64();
    world.clock.forward(Duration.ofSeconds(1));
    assertThat(issuer.renew(new Credentials(token.encodeBase64(), proof, List.of()), sent))
        .isNotNull();
    assertThat(code(token.encodeBase64(), proof)).isEqualTo("proof_replayed");
    String forJira =
        token
            .prove(world.planner, sent, "svc:jira", SentApprovals.NONE, world.clock)
            .encodeBase64();
    assertThat(code(token.encodeBase64(), forJira)).isEqualTo("request_mismatch");
    String ofAnother =
        issued(DETAILS)
            .prove(world.planner, sent, "svc:issuer", SentApprovals.NONE, world.clock)
            .encodeBase64();
    assertThat(code(token.encodeBase64(), ofAnother)).isEqualTo("proof_mismatch");
  }

  @Test
  void renew_ofATokenThatHasEnded_isRefusedAndUsesNoProof() throws Exception {
    AgentToken token = issued(DETAILS);
    world.clock.forward(Duration.ofHours(1));
    refused(401, "expired", token, world.planner);
  }

  @Test
  void renew_ofWhatIsRevoked_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    for (Fingerprint each :
        List.of(
            Fingerprint.ofDelegator(ALICE),
            Fingerprint.ofHolder(world.planner.publicKey()),
            Fingerprint.ofTask("T-4711"),
            Fingerprint.ofRoot(world.root.publicKey()),
            Fingerprint.ofBlock(token.revocationKeys().get(0)))) {
      world.revoked.clear();
      world.revoked.add(each);
      refused(401, "revoked", token, world.planner);
    }
    world.revoked.clear();
    world.list = Revocations.RevocationStatus.STALE;
    refused(503, "revocation_stale", token, world.planner);
  }

  @Test
  void renew_forSomebodyWhoIsSuspended_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    TokenIssuer strict = world.issuer(world.people(ALICE), IssuerWorld.templates());
    refused(strict, 403, "not_renewable", token, world.planner);
  }

  @Test
  void renew_forSomebodyWhoLostTheRole_isRefused() throws Exception {
    String template = details("read", ",\"purpose\":\"x\"");
    AgentToken token =
        issuer
            .exchange(
                world.request(
                    template,
                    claims ->
                        claims
                            .subject("bob-1")
                            .claim("realm", Map.of("roles", List.of("engineer")))))
            .token();
    world.clock.forward(Duration.ofMinutes(30));
    AgentToken next = world.renew(issuer, token, world.planner); // in the roles last seen
    // The provider vouches for Bob again, without the role.
    ExchangeException refusal =
        catchThrowableOfType(
            ExchangeException.class,
            () -> issuer.exchange(world.request(template, claims -> claims.subject("bob-1"))));
    assertThat(refusal.code()).isEqualTo("not_granted");
    world.clock.forward(Duration.ofMinutes(10));
    refused(403, "not_renewable", next, world.planner);
  }

  @Test
  void renew_byAnAgentThatIsNotEnrolledAnyMore_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    List<EnrolledAgent> before = world.enrolled;
    world.enrolled = before.subList(1, 2);
    refused(403, "not_renewable", token, world.planner);
    world.enrolled = List.of(new EnrolledAgent("agent:other", world.planner.publicKey(), Set.of()));
    refused(403, "not_renewable", token, world.planner);
  }

  @Test
  void renew_wherePoliciesGrantItNoMore_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    TokenIssuer strict =
        world.issuer(world.people(), IssuerWorld.templates(), "deny if true; allow if true;");
    refused(strict, 403, "not_renewable", token, world.planner);
  }

  @Test
  void renew_ofWhatNeedsApproval_needsItAfterwards() throws Exception {
    AgentToken token = issued(details("close", ""));
    world.clock.forward(Duration.ofMinutes(30));
    assertThat(
            world.renew(issuer, token, world.planner).chain().effectiveAuthority().alternatives())
        .containsExactly(Grant.parse("jira.close close if approved by group leads"));
  }

  @Test
  void renew_underATemplateThatHasBecomeNarrower_isNarrower() throws Exception {
    AgentToken token = issued(DETAILS);
    world.clock.forward(Duration.ofMinutes(30));
    Template less =
        IssuerWorld.template(
            "read", "jira.search read on jira:project/ACME/*", 0, Duration.ofHours(3));
    TokenIssuer narrower = world.issuer(world.people(), List.of(less));
    AgentToken next = world.renew(narrower, token, world.planner);
    EffectiveAuthority authority = next.chain().effectiveAuthority();
    assertThat(authority.alternatives())
        .containsExactly(Grant.parse("jira.search read on jira:project/ACME/*"));
    assertThat(authority.maxDepth()).hasValue(0);
    assertThat(authority.budgets()).isEqualTo(token.chain().effectiveAuthority().budgets());
    world.clock.forward(Duration.ofMinutes(30));
    AgentToken again = world.renew(narrower, next, world.planner);
    assertThat(again.token().blocks().get(0).block().checks())
        .hasSameSizeAs(next.token().blocks().get(0).block().checks()); // it does not grow
    Template other = IssuerWorld.template("read", "bank.pay", 0, Duration.ofHours(3));
    refused(
        world.issuer(world.people(), List.of(other)), 403, "not_renewable", next, world.planner);
  }

  @Test
  void renew_ofATemplateThatIsGone_isRefused() throws Exception {
    AgentToken token = issued(DETAILS);
    refused(world.issuer(world.people(), List.of()), 403, "not_renewable", token, world.planner);
  }

  @Test
  void renew_thatCannotBeRecorded_givesNothing() throws Exception {
    AgentToken token = issued(DETAILS);
    world.clock.forward(Duration.ofMinutes(30));
    world.log.close();
    refused(503, "unavailable", token, world.planner);
  }
}
