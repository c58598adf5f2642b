package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether whoever sent something is its token's holder, which is no decision about it. */
class UnprovenTest {
  private static final SentCall SENT = Story.search().sent();
  private static final ToolCall DELETE = ToolCall.of("jira.delete").on("jira:project/ACME/1");

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final Verifier verifier = story.verifier().build();
  private final AgentToken token = story.atPlanner();

  private String proof(AgentToken of, PrivateKey holder, SentCall sent) {
    return of.prove(holder, sent, Story.JIRA, SentApprovals.NONE, story.clock).encodeBase64();
  }

  /** By somebody who has the token and not its key. */
  private String proofByAnother() {
    byte[] state = Bare.state(token.token().revocationIds());
    return Proof.make(story.researcherKey, state, Story.JIRA, SentApprovals.NONE, SENT, story.clock)
        .encodeBase64();
  }

  private @Nullable DenialCode unproven(AgentToken of, SentCall sent, @Nullable String proof) {
    return verifier.unproven(Credentials.of(of.encodeBase64(), proof), sent);
  }

  @Test
  void unproven_holder_isNullAsOftenAsOneAsks() {
    String good = proof(token, story.plannerKey, SENT);

    for (int i = 0; i < 3; i++) {
      assertThat(unproven(token, SENT, good)).isNull();
    }
  }

  @Test
  void unproven_anybodyElse_saysWhatTheProofLacks() {
    String good = proof(token, story.plannerKey, SENT);

    assertThat(unproven(token, SENT, null)).isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(unproven(token, SENT, proofByAnother())).isEqualTo(DenialCode.PROOF_MISMATCH);
    assertThat(unproven(story.atResearcher(), SENT, good)).isEqualTo(DenialCode.PROOF_MISMATCH);
    assertThat(unproven(token, DELETE.sent(), good)).isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(unproven(token, SentTool.of("jira.search", "{\"limit\":50}"), good))
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(
            verifier.unproven(
                new Credentials(
                    token.encodeBase64(), good, List.of(e.approval(token, e.boss).encodeBase64())),
                SENT))
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    Verifier another = story.verifier().audience("svc:wiki").build();
    assertThat(another.unproven(Credentials.of(token.encodeBase64(), good), SENT))
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    String question = token.proveOffer(story.plannerKey, Story.JIRA, story.clock).encodeBase64();
    assertThat(unproven(token, SENT, question)).isNotNull();
  }

  @Test
  void unproven_proofOutOfItsWindow_isSaid() {
    String good = proof(token, story.plannerKey, SENT);
    story.clock.forward(Duration.ofSeconds(61));
    assertThat(unproven(token, SENT, good)).isEqualTo(DenialCode.PROOF_EXPIRED);
    story.clock.set(Story.NOON.minusSeconds(31));
    assertThat(unproven(token, SENT, good)).isEqualTo(DenialCode.PROOF_NOT_YET_VALID);
  }

  @Test
  void unproven_tokenOfAKindThatIsNotTaken_isRefusedAndOneThatNeedsNoProofIsNot() {
    AgentToken bearer = token.delegate(story.plannerKey, Hop.toBearer(), story.clock);
    AgentToken sealed = token.seal(story.plannerKey);

    assertThat(unproven(bearer, SENT, null)).isEqualTo(DenialCode.BEARER_NOT_ACCEPTED);
    assertThat(unproven(sealed, SENT, null)).isEqualTo(DenialCode.SEALED_NOT_ACCEPTED);
    Verifier all = story.verifier().acceptBearer().acceptSealed().build();
    assertThat(all.unproven(Credentials.of(bearer.encodeBase64(), null), SENT)).isNull();
    assertThat(all.unproven(Credentials.of(sealed.encodeBase64(), null), SENT)).isNull();
  }

  @Test
  void unproven_revokedOrNobodyKnows_isSaidBeforeTheProofIsLookedAt() {
    for (RevocationStatus status : RevocationStatus.values()) {
      Verifier by =
          Verifier.trusting(RootKeys.of(story.root.publicKey()))
              .callerStatesMeaning()
              .audience(Story.JIRA)
              .clock(story.clock)
              .approvalUsesOfOneProcess()
              .revocations((fingerprints, now) -> new RevocationCheck(status, 0, 1, null))
              .build();
      DenialCode code = by.unproven(Credentials.of(token.encodeBase64(), null), SENT);
      boolean isGood =
          codeOf(by.decide(Credentials.of(token.encodeBase64(), null), Story.search())) == code;
      assertThat(isGood).as("%s: %s, as a decision says", status, code).isTrue();
    }
  }

  @Test
  void unproven_whatIsNoTokenOrProof_isMalformed() {
    Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, () -> unproven(token, SENT, "AAAA"));
    Refused.with(
        ErrorCode.INVALID_SIGNATURE,
        () ->
            Verifier.trusting(RootKeys.of(story.researcherKey.publicKey()))
                .callerStatesMeaning()
                .audience(Story.JIRA)
                .clock(story.clock)
                .approvalUsesOfOneProcess()
                .withoutRevocation()
                .build()
                .unproven(Credentials.of(token.encodeBase64(), null), SENT));
  }

  /** Nothing of what it looks at is used up, counted, recorded or remembered. */
  @Test
  void unproven_holder_leavesEverythingAsItIs() {
    List<DecisionEvent> told = new ArrayList<>();
    ReplayMemory proofs = ReplayMemory.inMemory();
    Budgets budgets = Budgets.forThisProcessOnly();
    AgentToken counted =
        story.issuer.mint(story.delegation().budget("at most 1 calls from acme as a"));
    Verifier by =
        story.verifier().replayMemory(proofs).budgets("acme", budgets).listener(told::add).build();
    String good = proof(counted, story.plannerKey, SENT);

    for (int i = 0; i < 3; i++) {
      assertThat(by.unproven(Credentials.of(counted.encodeBase64(), good), SENT)).isNull();
    }

    assertThat(told).isEmpty();
    assertThat(proofs.fill()).isNotNull().satisfies(fill -> assertThat(fill.size()).isZero());
    assertThat(budgets.fill()).isNotNull().satisfies(fill -> assertThat(fill.size()).isZero());
    assertThat(by.decide(Credentials.of(counted.encodeBase64(), good), Story.search()).allowed())
        .isTrue();
  }

  /** It says who sent something, never that it may: each call is decided all the same, once. */
  @Test
  void decide_afterItsHolderWasKnown_isNoDifferent() {
    String good = proof(token, story.plannerKey, SENT);
    String forbidden = proof(token, story.plannerKey, DELETE.sent());
    assertThat(unproven(token, DELETE.sent(), forbidden)).isNull();
    assertThat(unproven(token, SENT, good)).isNull();

    assertThat(codeOf(verifier.decide(Credentials.of(token.encodeBase64(), forbidden), DELETE)))
        .isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(codeOf(verifier.decide(Credentials.of(token.encodeBase64(), good), DELETE)))
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(codeOf(verifier.decide(Credentials.of(token.encodeBase64(), null), Story.search())))
        .isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(
            verifier.decide(Credentials.of(token.encodeBase64(), good), Story.search()).allowed())
        .isTrue();
    assertThat(codeOf(verifier.decide(Credentials.of(token.encodeBase64(), good), Story.search())))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
    assertThat(unproven(token, SENT, good)).isEqualTo(DenialCode.PROOF_REPLAYED);
  }

  @Test
  void useProof_again_isReplayedThereAndForACall() {
    String text = token.encodeBase64();
    String good = proof(token, story.plannerKey, SENT);

    assertThat(verifier.useProof(Credentials.of(text, null), SENT))
        .isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(verifier.useProof(Credentials.of(text, good), SENT)).isNull();
    assertThat(verifier.useProof(Credentials.of(text, good), SENT))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
    assertThat(codeOf(verifier.decide(Credentials.of(text, good), Story.search())))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
  }

  /** What its first block alone says is said before anybody's proof is looked at. */
  @Test
  void unproven_tokenThatHasEnded_isRefusedAsADecisionRefusesIt() {
    story.clock.forward(Duration.ofMinutes(61));
    String good = proof(token, story.plannerKey, SENT);

    assertThat(unproven(token, SENT, good)).isEqualTo(DenialCode.EXPIRED);
    assertThat(codeOf(verifier.decide(Credentials.of(token.encodeBase64(), good), Story.search())))
        .isEqualTo(DenialCode.EXPIRED);
  }

  /** What the catalog refuses has no meaning: its holder may read why, and nobody can call it. */
  @Test
  void unproven_whatTheCatalogRefuses_canNotBeDecided() {
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA)
            .origin("https://jira.example.com")
            .tool(
                CatalogTool.of("jira.status")
                    .operation("read")
                    .http(new CatalogTool.HttpRoute("GET", "/status")))
            .build();
    Verifier by = story.verifier().catalog(catalog).build();
    SentHttp sent = SentHttp.of("GET", "https://jira.example.com", "/status?verbose=1");
    String good = proof(token, story.plannerKey, sent);

    assertThat(by.unproven(Credentials.of(token.encodeBase64(), good), sent)).isNull();
    Refused.with(ErrorCode.UNKNOWN_ARGUMENT, () -> catalog.call(sent));
    ToolCall stated = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/1");
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            by.decide(
                Credentials.of(token.encodeBase64(), Proof.decode(good).encodeBase64()), stated));
  }

  /** A verifier that only observes lets calls go ahead; it takes nobody for the holder. */
  @Test
  void unproven_onlyObserved_isSaidAllTheSame() throws TaperException {
    Verifier by = story.verifier().observeOnly().build();

    assertThat(by.unproven(Credentials.of(token.encodeBase64(), null), SENT))
        .isEqualTo(DenialCode.PROOF_REQUIRED);
  }
}
