package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.token.EcdsaTwin;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an ancestor stands on, once revoked, ends every descendant on its next call. */
class RevocationTest {
  private final Story story = new Story();
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationList list =
      RevocationList.trusting(revoker.publicKey()).clock(story.clock).forgottenAtRestart().build();
  private final Verifier verifier = story.verifier().revocations(list).build();
  private final AgentToken token = story.atScraper();
  private long sequence;

  @Test
  void decide_nothingRevoked_isAllowed() {
    revoke();

    assertThat(call().allowed()).isTrue();
  }

  @Test
  void decide_withoutList_isUnavailable() {
    assertThat(codeOf(call())).isEqualTo(DenialCode.REVOCATION_UNAVAILABLE);
  }

  @Test
  void decide_staleList_isStale() {
    revoke();
    story.clock.forward(Duration.ofMinutes(6));

    CallDecision decision = call();

    assertThat(codeOf(decision)).isEqualTo(DenialCode.REVOCATION_STALE);
    assertThat(denied(decision).operatorReason())
        .contains("number 1", "issued at ", "cannot be relied on any more");
  }

  @Test
  void health_noListOrAStaleOne_isNotReady() {
    assertThat(verifier.health().ready()).isFalse();
    revoke();
    assertThat(verifier.health().ready()).isTrue();
    story.clock.forward(Duration.ofMinutes(6));

    assertThat(verifier.health().ready()).isFalse();
    assertThat(story.verifier().build().health().ready()).isTrue();
  }

  /**
   * An operator reads what to do from it, whether the issuer, a source or the clock is to blame.
   */
  @Test
  void health_notReady_saysWhy() {
    assertThat(verifier.health().reasons())
        .containsExactly(
            new VerifierHealth.Reason(
                "revocation_unavailable",
                "there is no revocation list, or none of one of its issuers"));
    revoke();
    assertThat(verifier.health().reasons()).isEmpty();
    Instant good = story.clock.instant();
    story.clock.forward(Duration.ofHours(3));
    assertThat(verifier.health().reasons())
        .singleElement()
        .satisfies(
            reason -> {
              assertThat(reason.code()).isEqualTo("revocation_stale");
              assertThat(reason.text())
                  .startsWith("the revocation list 1 of ed25519/")
                  .contains(" could be relied on until " + good.plus(Duration.ofMinutes(5)))
                  .endsWith("the clock shows " + story.clock.instant());
            });

    story.clock.set(good);
    assertThat(verifier.health().reasons())
        .singleElement()
        .satisfies(
            reason ->
                assertThat(reason.text())
                    .contains("the clock was ahead by 10800 s and was set back"));
  }

  @Test
  void decide_revokedOnAStaleList_isRevoked() {
    revoke(entry(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711")));
    story.clock.forward(Duration.ofMinutes(6));

    assertThat(codeOf(call())).isEqualTo(DenialCode.REVOKED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void decide_anyBlockRevoked_isRevoked(int block) {
    assertThat(allowedAtFirst()).isTrue();
    revoke(entry(RevocationEntry.Kind.BLOCK, block(token, block)));

    CallDecision decision = call();

    assertThat(codeOf(decision)).isEqualTo(DenialCode.REVOKED);
    assertThat(denied(decision).failingHop()).isEqualTo(decision.chain().hops().get(block));
    assertThat(denied(decision).reason()).contains("(block " + block + ") is revoked");
  }

  @Test
  void decide_taskRevoked_isRevoked() {
    assertThat(allowedAtFirst()).isTrue();
    revoke(entry(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711")));

    assertThat(denied(call()).reason()).isEqualTo("task T-4711 is revoked");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void decide_keyOfAnyHolderRevoked_isRevoked(int hop) {
    assertThat(allowedAtFirst()).isTrue();
    PublicKey key = token.chain().hops().get(hop).holderKey();
    revoke(entry(RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(key)));

    CallDecision decision = call();

    assertThat(codeOf(decision)).isEqualTo(DenialCode.REVOKED);
    assertThat(denied(decision).reason())
        .isEqualTo("the key of " + token.chain().hops().get(hop).holder() + " is revoked");
    assertThat(denied(decision).failingHop()).isEqualTo(decision.chain().hops().get(hop));
  }

  @Test
  void decide_delegatorRevoked_isRevoked() {
    assertThat(allowedAtFirst()).isTrue();
    revoke(entry(RevocationEntry.Kind.DELEGATOR, Fingerprint.ofDelegator("user:alice@acme.com")));

    assertThat(denied(call()).reason()).isEqualTo("user:alice@acme.com is revoked");
  }

  @Test
  void decide_rootKeyRevoked_isRevoked() {
    assertThat(allowedAtFirst()).isTrue();
    revoke(entry(RevocationEntry.Kind.ROOT, Fingerprint.ofRoot(story.root.publicKey())));

    CallDecision decision = call();

    assertThat(codeOf(decision)).isEqualTo(DenialCode.REVOKED);
    assertThat(denied(decision).reason()).startsWith("the root key ed25519/");
  }

  @Test
  void decide_keyOfAThirdPartyRevoked_isRevoked() {
    PrivateKey third = PrivateKey.generate(Algorithm.ED25519);
    AgentToken carrying =
        token.append(
            token.thirdPartyRequest().sign(third, Block.builder().build()), story.scraperKey);
    revoke();
    assertThat(story.decide(verifier, carrying, story.scraperKey, Story.search()).allowed())
        .isTrue();

    revoke(entry(RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(third.publicKey())));

    assertThat(codeOf(story.decide(verifier, carrying, story.scraperKey, Story.search())))
        .isEqualTo(DenialCode.REVOKED);
    assertThat(call().allowed()).isTrue();
  }

  @Test
  void decide_siblingRevoked_isAllowed() {
    Hop other = Hop.to(story.researcher).grant("jira.list").expiresIn(Duration.ofMinutes(10));
    AgentToken sibling = story.atPlanner().delegate(story.plannerKey, other, story.clock);
    revoke(entry(RevocationEntry.Kind.BLOCK, block(sibling, 1)));

    assertThat(call().allowed()).isTrue();
  }

  @Test
  void decide_sealedDescendantOfARevokedBlock_isRevoked() {
    Verifier taking = story.verifier().revocations(list).acceptSealed().build();
    String sealed = token.seal(story.scraperKey).encodeBase64();
    revoke();
    assertThat(taking.decide(Credentials.of(sealed, null), Story.search()).allowed()).isTrue();

    revoke(entry(RevocationEntry.Kind.BLOCK, block(token, 1)));

    assertThat(codeOf(taking.decide(Credentials.of(sealed, null), Story.search())))
        .isEqualTo(DenialCode.REVOKED);
  }

  @Test
  void decide_twinOfARevokedEcdsaSignature_isRevoked() {
    AgentToken own =
        token.delegate(story.scraperKey, Hop.toSelf().grant("jira.search"), story.clock);
    RawToken raw = RawToken.decode(own.encode(), DecodeLimits.DEFAULT);
    List<SignedBlock> blocks = new ArrayList<>(raw.blocks());
    SignedBlock last = blocks.remove(3);
    blocks.add(
        SignedBlock.of(last.payload(), last.nextKey(), EcdsaTwin.of(last.signature()), null, 1));
    AgentToken twin = AgentToken.decode(RawToken.of(raw.rootKeyId(), blocks, raw.proof()).encode());
    revoke();
    assertThat(story.decide(verifier, twin, story.scraperKey, Story.search()).allowed()).isTrue();

    revoke(entry(RevocationEntry.Kind.BLOCK, block(own, 3)));

    assertThat(twin.encode()).isNotEqualTo(own.encode());
    assertThat(codeOf(story.decide(verifier, twin, story.scraperKey, Story.search())))
        .isEqualTo(DenialCode.REVOKED);
  }

  @Test
  void decide_entryThatEndedAgain_isAllowed() {
    revoke(
        new RevocationEntry(
            RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"), Story.NOON.plusSeconds(2)));
    assertThat(codeOf(call())).isEqualTo(DenialCode.REVOKED);

    story.clock.forward(Duration.ofSeconds(3));

    assertThat(call().allowed()).isTrue();
  }

  @Test
  void explanation_revoked_namesTheHopAndNoTokenThatWouldDo() {
    revoke(
        entry(RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(story.researcherKey.publicKey())));

    assertThat(call().explanation())
        .startsWith("DENIED  revoked  svc:jira refused jira.search read")
        .contains("hop 1  agent:researcher  granted by agent:planner")
        .contains("✗ the key of agent:researcher is revoked")
        .doesNotContain("would allow it");
    assertThat(call().toJson())
        .contains("\"code\":\"revoked\"")
        .contains("{\"block\":1,\"added_by\":\"agent:planner\",\"details\":[\"the key of ");
  }

  @Test
  void listener_everyDecision_isToldOfTheListsNumberAndAge() {
    List<DecisionEvent> events = new ArrayList<>();
    Verifier heard = story.verifier().revocations(list).listener(events::add).build();
    story.decide(heard, token, story.scraperKey, Story.search());
    revoke();
    story.clock.forward(Duration.ofSeconds(7));
    story.decide(heard, token, story.scraperKey, Story.search());
    revoke(entry(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711")));
    story.decide(heard, token, story.scraperKey, Story.search());

    assertThat(events)
        .extracting(DecisionEvent::revocationSequence, DecisionEvent::revocationAge)
        .containsExactly(
            tuple(null, null), tuple(1L, Duration.ofSeconds(7)), tuple(2L, Duration.ZERO));
  }

  @Test
  void offer_listMissingThenStale_isOfNothing() {
    ToolCatalog catalog = ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.search")).build();
    Verifier offering = story.verifier().revocations(list).catalog(catalog).build();

    assertThat(offer(offering).code()).isEqualTo(DenialCode.REVOCATION_UNAVAILABLE);
    revoke();
    assertThat(offer(offering).code()).isNull();
    story.clock.forward(Duration.ofMinutes(6));
    assertThat(offer(offering).code()).isEqualTo(DenialCode.REVOCATION_STALE);
  }

  private ToolOffer offer(Verifier verifier) {
    String asked = token.proveOffer(story.scraperKey, Story.JIRA, story.clock).encodeBase64();
    return verifier.offer(Credentials.of(token.encodeBase64(), asked));
  }

  /** So a holder can find its blocks in the records of services. */
  @Test
  void blockDigests_ofAToken_areThoseOfWhatItsBlocksAreRevokedBy() {
    List<byte[]> digests =
        token.token().verifyHeld(RootKeys.of(story.root.publicKey())).revocationKeys().stream()
            .map(Digests::sha256)
            .toList();

    assertThat(token.blockDigests()).hasSize(3).containsExactlyElementsOf(digests);
  }

  private boolean allowedAtFirst() {
    revoke();
    return call().allowed();
  }

  private CallDecision call() {
    return story.decide(verifier, token, story.scraperKey, Story.search());
  }

  private Fingerprint block(AgentToken of, int block) {
    return Fingerprint.ofBlock(
        of.token().verifyHeld(RootKeys.of(story.root.publicKey())).revocationKeys().get(block));
  }

  private static RevocationEntry entry(RevocationEntry.Kind kind, Fingerprint fingerprint) {
    return RevocationEntry.forever(kind, fingerprint);
  }

  private void revoke(RevocationEntry... entries) {
    Validity validity = Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofMinutes(5));
    list.apply(RevocationIssuer.of(revoker).snapshot(++sequence, List.of(entries), validity));
  }

  /** A look-up that answers so, and says so of its health. */
  private record Answering(RevocationCheck answer, @Nullable RevocationHealth health)
      implements Revocations {
    @Override
    public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
      return answer;
    }
  }

  private Verifier answering(
      RevocationStatus status, @Nullable Instant issued, @Nullable RevocationHealth health) {
    return story
        .verifier()
        .revocations(new Answering(new RevocationCheck(status, -1, 1, issued), health))
        .build();
  }

  @Test
  void decide_listThatCannotBeReadAnyMore_isNotCalledMissing() {
    assertThat(denied(decide(RevocationStatus.UNAVAILABLE, null)).operatorReason())
        .contains("has no list");
    assertThat(denied(decide(RevocationStatus.UNAVAILABLE, Story.NOON)).operatorReason())
        .doesNotContain("has no list")
        .isNotEqualTo(denied(decide(RevocationStatus.STALE, Story.NOON)).operatorReason());
  }

  private CallDecision decide(RevocationStatus status, @Nullable Instant issued) {
    return story.decide(answering(status, issued, null), token, story.scraperKey, Story.search());
  }

  @Test
  void health_listIsLateOrItsSourceFails_isToldInWords() {
    RevocationHealth.Issued late =
        new RevocationHealth.Issued(
            "ed25519/1", 7, Story.NOON.minusSeconds(60), Story.NOON, Story.NOON.plusSeconds(60));
    List<RevocationHealth.Source> sources =
        List.of(
            new RevocationHealth.Source("first", Story.NOON, null, null),
            new RevocationHealth.Source(
                "second", null, new FailureLog.Failure("k", "it is away", Story.NOON), null));

    RevocationHealth fresh =
        new RevocationHealth(RevocationStatus.FRESH, List.of(late), sources, Duration.ZERO);
    Verifier verifier = answering(RevocationStatus.FRESH, Story.NOON, fresh);
    assertThat(verifier.health().warnings()).as("it is due now").isEmpty();
    story.clock.forward(Duration.ofSeconds(1));
    assertThat(verifier.health().warnings())
        .containsExactly(
            "the revocation list of ed25519/1 should be newer since 2026-11-24T12:00:00Z; it can"
                + " be relied on until 2026-11-24T12:01:00Z");

    RevocationHealth stale =
        new RevocationHealth(RevocationStatus.STALE, List.of(), sources, Duration.ZERO);
    assertThat(answering(RevocationStatus.STALE, Story.NOON, stale).health().reasons())
        .extracting(VerifierHealth.Reason::text)
        .containsExactly(
            "there is no revocation list, or none of one of its issuers; second: it is away");
    assertThat(answering(RevocationStatus.STALE, Story.NOON, stale).health().warnings()).isEmpty();
  }

  @Test
  void offer_lookUpFails_isOfNothing() {
    ToolCatalog catalog = ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.search")).build();
    Verifier offering =
        story
            .verifier()
            .revocations(
                (fingerprints, now) -> {
                  throw new TaperException(ErrorCode.TIMEOUT, "no");
                })
            .catalog(catalog)
            .build();

    assertThat(offering.standing(token.encodeBase64()).code()).isEqualTo(DenialCode.TIMEOUT);
  }
}
