package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.agent.decision.Attack.present;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.agent.decision.Escalated.otherArguments;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to make an inactive grant cover a call that nobody approved, or that was not justified. */
class EscalationAttackTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  /** A third party's block of any content, added by the planner. */
  private AgentToken withBlock(
      AgentToken token, PrivateKey signer, String datalog, @Nullable String context) {
    Block block = Datalog.block(datalog).withContext(context);
    return token.append(token.thirdPartyRequest().sign(signer, block), story.plannerKey);
  }

  // Who approved

  @Test
  void decide_approvalSignedByTheAgentItself_isByAnUnknownKey() {
    assertDenied(
        e.decide(e.approved(e.ifBossApproves(), story.plannerKey, call())),
        DenialCode.APPROVAL_UNKNOWN_KEY);
  }

  @Test
  void decide_approvalByAKeyThatIsNotNamed_isByAnUnknownKey() {
    assertDenied(
        e.decide(e.approved(e.ifBossApproves(), e.stranger, call())),
        DenialCode.APPROVAL_UNKNOWN_KEY);
    Approved one = e.approved(e.ifTwoApprove(), e.boss, call());
    assertDenied(e.decide(e.approved(one, e.stranger, call())), DenialCode.APPROVAL_UNKNOWN_KEY);
  }

  /** What a holder writes into its own token is no approval, whatever it looks like. */
  @Test
  void decide_blockThatLooksLikeAnApproval_meansNothing() {
    String fact = "approval(\"jira.delete\", 2026-11-24T12:00:00Z, 2027-01-01T00:00:00Z);";
    ForgedChain own =
        ForgedChain.of(e.ifBossApproves())
            .then(
                Datalog.block(fact).withContext("taper/1 approval"),
                story.plannerKey,
                story.planner.key(),
                1);

    assertDenied(
        present(story, e.verifier, own.held(), story.plannerKey, call()),
        DenialCode.APPROVAL_REQUIRED);
    assertDenied(
        e.decide(withBlock(e.ifBossApproves(), e.boss, fact, "taper/1 approval")),
        DenialCode.APPROVAL_REQUIRED);
  }

  @Test
  void decide_approvalUnderAnotherKeysName_hasNoValidSignature() {
    AgentToken token = e.ifBossApproves();
    Approval forged =
        replaced(e.approval(token, e.stranger), e.stranger.publicKey(), e.auditor.publicKey());

    assertThrows(() -> e.decide(Escalated.with(token, forged)), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_statementChangedAfterSigning_hasNoValidSignature() {
    AgentToken token = e.ifBossApproves();
    Approval once = e.approval(token, e.boss, call(), Approval.Terms.lasting(QUARTER).once());
    String bytes = HexFormat.of().formatHex(once.encode());
    String uses = HexFormat.of().formatHex(",\"uses\":1".getBytes(StandardCharsets.US_ASCII));

    Approval lasting = Approval.decode(HexFormat.of().parseHex(bytes.replace(uses, "")));

    assertThrows(() -> e.decide(Escalated.with(token, lasting)), ErrorCode.INVALID_SIGNATURE);
  }

  private static Approval replaced(Approval approval, PublicKey from, PublicKey to) {
    String bytes = HexFormat.of().formatHex(approval.encode());
    return Approval.decode(HexFormat.of().parseHex(bytes.replace(hex(from), hex(to))));
  }

  private static String hex(PublicKey key) {
    return HexFormat.of().formatHex(key.bytes());
  }

  @Test
  void decide_sameKeySeveralTimes_countsOnce() {
    Approved token = Escalated.with(e.ifTwoApprove());
    token = e.approved(token, e.boss, call());
    token = e.approved(token, e.boss, call());
    token = e.approved(token, e.boss, call(), Approval.Terms.lasting(QUARTER).once());

    assertDenied(e.decide(token), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(e.decide(e.approved(token, e.auditor, call())));
  }

  // What was approved

  @Test
  void decide_approvalOfOtherArguments_isAMismatch() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, otherArguments());

    assertDenied(e.decide(token), DenialCode.APPROVAL_MISMATCH);
    assertAllowed(e.decide(token, otherArguments()));
  }

  @Test
  void decide_approvalOfAnotherToolResourceOrOperation_isAMismatch() {
    for (ToolCall other :
        List.of(
            ToolCall.of("jira.close").on("jira:project/ACME/Q3/12").arg("limit", 1),
            ToolCall.of("jira.delete").on("jira:project/ACME/Q3/13").arg("limit", 1),
            ToolCall.of("jira.delete").arg("limit", 1),
            call().operation("write"))) {
      assertDenied(
          e.decide(e.approved(e.ifBossApproves(), e.boss, other)), DenialCode.APPROVAL_MISMATCH);
    }
  }

  @Test
  void decide_approvalOfWhatIsNotGranted_allowsNothing() {
    ToolCall ungranted = ToolCall.of("crm.delete").on("crm:contact/1");

    assertDenied(
        e.decide(e.approved(e.ifBossApproves(), e.boss, ungranted), ungranted),
        DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_approvalForAnotherService_isAMismatch() {
    Approval.Terms elsewhere = Approval.Terms.lasting(QUARTER).at(List.of("svc:wiki"));

    CallDecision decision = e.decide(e.approved(e.ifBossApproves(), e.boss, call(), elsewhere));

    assertDenied(decision, DenialCode.APPROVAL_MISMATCH);
    assertThat(decision.explanation()).contains("is for another service: svc:wiki");
  }

  // When

  @Test
  void decide_approvalPastItsWindow_isExpired() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call());
    story.clock.forward(QUARTER);

    assertDenied(e.decide(token), DenialCode.APPROVAL_EXPIRED);
  }

  @Test
  void decide_approvalOfTheFuture_isNotYetValid() {
    story.clock.forward(Escalation.AHEAD.plusSeconds(1));
    Approved token = e.approved(e.ifBossApproves(), e.boss, call());
    story.clock.set(Story.NOON);

    assertDenied(e.decide(token), DenialCode.APPROVAL_NOT_YET_VALID);
    story.clock.forward(Duration.ofSeconds(1)); // the approver's clock may be ahead a little
    assertAllowed(e.decide(token));
  }

  @Test
  void decide_countedApprovalInALongerToken_isTheSameUse() {
    AgentToken base = e.ifBossApproves();
    Approval once = e.approval(base, e.boss, call(), Approval.Terms.lasting(QUARTER).once());
    AgentToken longer = base.delegate(story.plannerKey, Hop.toSelf(), story.clock);

    assertAllowed(e.decide(Escalated.with(base, once)));
    assertDenied(e.decide(Escalated.with(base, once)), DenialCode.APPROVAL_USED);
    assertDenied(e.decide(Escalated.with(longer, once)), DenialCode.APPROVAL_USED);
  }

  // For which token, and for whom

  @Test
  void decide_approvalOfAnotherToken_isAMismatch() {
    AgentToken other =
        e.granted(delete().ifApproved(e.boss.publicKey()), Grant.tools("jira.close"));
    Approval approval = e.approval(e.ifBossApproves(), e.boss);

    assertDenied(e.decide(Escalated.with(other, approval)), DenialCode.APPROVAL_MISMATCH);
  }

  @Test
  void decide_approvalOfASibling_isAMismatch() {
    AgentToken parent = e.ifBossApproves();
    AgentToken one = parent.delegate(story.plannerKey, Hop.to(story.researcher), story.clock);
    story.clock.forward(Duration.ofSeconds(1));
    AgentToken other =
        parent.delegate(story.plannerKey, Hop.to(story.researcher).expiresIn(QUARTER), story.clock);
    Approval approval = e.approval(one, e.boss);

    assertAllowed(e.decide(e.verifier, Escalated.with(one, approval), story.researcherKey, call()));
    assertDenied(
        e.decide(e.verifier, Escalated.with(other, approval), story.researcherKey, call()),
        DenialCode.APPROVAL_MISMATCH);
  }

  @Test
  void decide_approvalOfAChildUsedByItsParent_isAMismatch() {
    AgentToken parent = e.ifBossApproves();
    AgentToken child = parent.delegate(story.plannerKey, Hop.to(story.researcher), story.clock);

    assertDenied(
        e.decide(Escalated.with(parent, e.approval(child, e.boss))), DenialCode.APPROVAL_MISMATCH);
  }

  @Test
  void decide_approvalAfterAHandOver_isForAnEarlierHolder() {
    AgentToken parent = e.ifBossApproves();
    AgentToken handedOn = parent.delegate(story.plannerKey, Hop.to(story.researcher), story.clock);
    Approved kept = Escalated.with(handedOn, e.approval(parent, e.boss));

    assertDenied(
        e.decide(e.verifier, kept, story.researcherKey, call()),
        DenialCode.APPROVAL_FOR_EARLIER_HOLDER);
    assertAllowed(
        e.decide(e.verifier, e.approved(kept, e.boss, call()), story.researcherKey, call()));
  }

  @Test
  void decide_approvalBesideASealedOrBearerToken_activatesNothing() {
    AgentToken token = e.ifBossApproves();
    SentApprovals sent = e.approved(token, e.boss, call()).sent();
    Verifier everything = Attack.everything(story);

    for (AgentToken anyones :
        List.of(
            token.seal(story.plannerKey),
            token.delegate(story.plannerKey, Hop.toBearer(), story.clock))) {
      assertDenied(
          everything.decide(anyones.token(), call(), null, sent), DenialCode.APPROVAL_REQUIRED);
    }
  }

  @Test
  void decide_approvedCallWithoutTheHoldersProof_isRefused() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call());
    Proof bosses =
        Proof.make(
            e.boss,
            Bare.state(token.token().token().revocationIds()),
            Story.JIRA,
            token.sent(),
            call().sent(),
            story.clock);

    assertDenied(
        e.verifier.decide(token.token().token(), call(), null, token.sent()),
        DenialCode.PROOF_REQUIRED);
    assertDenied(
        e.verifier.decide(token.token().token(), call(), bosses, token.sent()),
        DenialCode.PROOF_MISMATCH);
  }

  // What the proof covers, and what comes with a token

  @Test
  void decide_approvalAddedToOrTakenFromASignedCall_isAnotherRequest() {
    Approved none = Escalated.with(e.granted(delete()));
    Approved one = e.approved(none, e.boss, call());
    Approved two = e.approved(one, e.auditor, call());
    List<Approved> all = List.of(none, one, two, e.approved(none, e.lawyer, call()));
    for (Approved signed : all) {
      for (Approved sent : all) {
        Proof proof = e.proof(signed, story.plannerKey, call());
        CallDecision decision = e.verifier.decide(sent.token().token(), call(), proof, sent.sent());
        if (signed.equals(sent)) {
          assertAllowed(decision);
        } else {
          assertDenied(decision, DenialCode.REQUEST_MISMATCH);
          assertThat(denied(decision).operatorReason()).contains("approvals");
        }
      }
    }
  }

  @Test
  void decide_approvalsThatAreNone_areMalformed() {
    AgentToken token = e.ifBossApproves();
    String good = e.approval(token, e.boss).encodeBase64();
    List<String> tooMany = new ArrayList<>();
    for (int i = 0; i < SentApprovals.MAX + 1; i++) {
      tooMany.add(e.approval(token, e.stranger).encodeBase64());
    }
    for (List<String> bad :
        List.of(
            List.of(good, good),
            tooMany,
            List.of(""),
            List.of(good + "="),
            List.of(good + "A"),
            List.of(good.substring(4)),
            List.of(Base64.getEncoder().withoutPadding().encodeToString(new byte[] {-1, -1, -2})),
            List.of("A".repeat(7000)))) {
      assertThrows(
          () -> e.verifier.decide(new Credentials(token.encodeBase64(), null, bad), call()),
          ErrorCode.MALFORMED_APPROVAL);
    }
    assertThrows(
        () -> e.verifier.decide(new Credentials("%", null, List.of(good, good)), call()),
        ErrorCode.INVALID_BASE64);
  }

  @Test
  void decide_mostApprovals_areTaken() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call());
    for (int i = 1; i < SentApprovals.MAX; i++) {
      token = e.approved(token, PrivateKey.generate(Algorithm.ED25519), call());
    }

    assertAllowed(e.decide(token));
  }

  /** Nobody makes a service verify what could not count anyway. */
  @Test
  void decide_forgedApprovalThatDoesNotFit_isNotEvenVerified() {
    AgentToken token = e.ifBossApproves();
    Approval forged =
        replaced(
            e.approval(token, e.stranger, otherArguments(), Approval.Terms.lasting(QUARTER)),
            e.stranger.publicKey(),
            e.auditor.publicKey());

    CallDecision decision = e.decide(Escalated.with(token, forged));

    assertDenied(decision, DenialCode.APPROVAL_MISMATCH);
    assertThat(decision.operatorExplanation()).contains("in the name of " + e.auditor.publicKey());
  }

  // Justifications

  @Test
  void decide_justificationByAnEarlierHolder_doesNotCount() {
    AgentToken handedOn =
        e.justified(e.ifJustified(), "jira.delete", QUARTER)
            .delegate(story.plannerKey, Hop.to(story.researcher), story.clock);

    assertDenied(
        story.decide(e.verifier, handedOn, story.researcherKey, call()),
        DenialCode.JUSTIFICATION_BY_EARLIER_HOLDER);
    assertAllowed(
        story.decide(
            e.verifier,
            handedOn.justify(
                story.researcherKey,
                Justification.of("jira.delete", "a duplicate", QUARTER, story.clock)),
            story.researcherKey,
            call()));
  }

  @Test
  void decide_justificationWithAWiderWindowThanGranted_doesNotCount() {
    AgentToken token = e.justified(e.ifJustified(), "jira.delete", QUARTER.plusSeconds(1));

    assertDenied(e.decide(token), DenialCode.JUSTIFICATION_TOO_LONG);
  }

  @Test
  void decide_justificationWithAWiderWindowThanTheVerifierTakes_doesNotCount() {
    AgentToken token = e.granted(delete().ifJustified());
    Verifier strict = story.verifier().longestJustification(Duration.ofMinutes(5)).build();

    assertAllowed(e.decide(e.justified(token, "jira.delete", Duration.ofHours(1))));
    assertDenied(
        e.decide(e.justified(token, "jira.delete", Duration.ofSeconds(3601))),
        DenialCode.JUSTIFICATION_TOO_LONG);
    assertDenied(
        story.decide(strict, e.justified(token, "jira.delete", QUARTER), story.plannerKey, call()),
        DenialCode.JUSTIFICATION_TOO_LONG);
  }

  @Test
  void decide_justificationOfAnotherTool_isAMismatch() {
    assertDenied(
        e.decide(e.justified(e.ifJustified(), "jira.close", QUARTER)),
        DenialCode.JUSTIFICATION_MISMATCH);
  }

  @Test
  void decide_justificationOfTheFuture_isNotYetValid() {
    story.clock.forward(Duration.ofHours(1));
    AgentToken token = e.justified(e.ifJustified(), "jira.delete", QUARTER);
    story.clock.set(Story.NOON);

    assertDenied(e.decide(token), DenialCode.JUSTIFICATION_NOT_YET_VALID);
  }

  @Test
  void decide_justificationByAThirdParty_isRefused() {
    String fact =
        "justification(\"jira.delete\", \"why\", 2026-11-24T12:00:00Z, 2026-11-24T12:05:00Z);";

    assertViolation(
        () -> withBlock(e.ifJustified(), e.boss, fact, "taper/1 justification"),
        "a justification is by a third party");
    // Without the context it is a fact like any other.
    assertDenied(
        e.decide(withBlock(e.ifJustified(), e.boss, fact, null)),
        DenialCode.JUSTIFICATION_REQUIRED);
  }

  // The requirement itself

  @Test
  void decide_requirementDroppedByALaterBlock_holdsAllTheSame() {
    AgentToken dropped =
        e.ifBossApproves().delegate(story.plannerKey, Hop.toSelf().grant(delete()), story.clock);

    assertDenied(e.decide(dropped), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(e.decide(e.approved(dropped, e.boss, call())));
  }

  @Test
  void decide_requirementReplacedByALaterBlock_holdsAllTheSame() {
    AgentToken replaced =
        e.ifBossApproves()
            .delegate(
                story.plannerKey,
                Hop.toSelf().grant(delete().ifApproved(story.planner.key())),
                story.clock);

    assertDenied(e.decide(replaced), DenialCode.APPROVAL_REQUIRED);
    Approved byItself = e.approved(replaced, story.plannerKey, call());
    assertDenied(e.decide(byItself), DenialCode.APPROVAL_UNKNOWN_KEY);
    assertAllowed(e.decide(e.approved(byItself, e.boss, call())));
  }

  @Test
  void decide_fewerApproversAskedForByALaterBlock_needsAllOfTheFirst() {
    AgentToken fewer =
        e.ifTwoApprove()
            .delegate(
                story.plannerKey,
                Hop.toSelf().grant(delete().ifApproved(e.boss.publicKey())),
                story.clock);

    assertDenied(e.decide(e.approved(fewer, e.boss, call())), DenialCode.APPROVAL_REQUIRED);
  }

  // What a block may not state

  @ParameterizedTest
  @ValueSource(
      strings = {
        "approvers({\"ed25519/00\"});",
        "justified(\"jira.delete\", \"why\");",
        "justified_for(1);",
        "approvers($k) <- keys($k);",
        "approved_by(\"finance\", {\"user:boss\"});",
        "approved_by($g, $p) <- groups($g, $p);",
        "justified_for($n) <- n($n);",
      })
  void check_blockThatStatesWhatOnlyAVerifierMay_isRefused(String datalog) {
    assertThrows(
        () -> withBlock(e.ifBossApproves(), e.boss, datalog, null), ErrorCode.PROFILE_VIOLATION);
    assertThrows(
        () ->
            present(
                story,
                e.verifier,
                ForgedChain.of(e.ifBossApproves())
                    .then(datalog, story.plannerKey, story.planner.key())
                    .held(),
                story.plannerKey,
                call()),
        ErrorCode.PROFILE_VIOLATION);
  }

  @Test
  void append_thirdPartysBlockThatNamesAHolder_isRefused() {
    assertViolation(
        () -> withBlock(e.ifBossApproves(), e.boss, "holder(\"agent:boss\");", null),
        "a third party's block names a holder");
  }

  @Test
  void decide_thirdPartysBlockWithGrants_onlyNarrows() {
    AgentToken wider =
        withBlock(e.ifBossApproves(), e.boss, "check if tool(\"jira.delete\");", null);

    assertDenied(e.decide(wider), DenialCode.APPROVAL_REQUIRED);
    assertDenied(e.decide(wider, ToolCall.of("jira.search")), DenialCode.OUT_OF_SCOPE);
  }

  /** Nobody can find out then whether only the holder itself asked for it. */
  @Test
  void decide_workEndsBeforeItIsKnownWhoAsksForAnApproval_usesItUp() {
    Hop narrower = Hop.toSelf().expiresAt(Story.NOON.plus(Duration.ofMinutes(30)));
    AgentToken token = e.ifBossApproves().delegate(story.plannerKey, narrower, story.clock);
    Approved once = e.approved(token, e.boss, call(), Approval.Terms.lasting(QUARTER).once());
    long least = 1;
    long enough = 1 << 20;
    while (least < enough) {
      long middle = (least + enough) / 2;
      if (e.decide(withSteps(middle), once, story.plannerKey, call()).allowed()) {
        enough = middle;
      } else {
        least = middle + 1;
      }
    }
    Verifier verifier = withSteps(least);

    assertAllowed(e.decide(verifier, once, story.plannerKey, call()));
    assertDenied(e.decide(verifier, once, story.plannerKey, call()), DenialCode.APPROVAL_USED);
  }

  private Verifier withSteps(long steps) {
    return story.verifier().limits(RunLimits.defaults().withMaxSteps(steps)).build();
  }

  /** It could fill a memory that others share, by approvals of its own making. */
  @Test
  void decide_approvalThatOnlyTheHoldersJustificationAsksFor_isNotRemembered() {
    Block justified = Justification.of("jira.delete", "a duplicate", QUARTER, story.clock).block();
    Block asking =
        Datalog.block("check if approvers($a), $a.contains(\"" + e.stranger.publicKey() + "\");");
    Block own =
        new Block(justified.context(), List.of(), justified.facts(), List.of(), asking.checks());
    AgentToken token =
        AgentToken.decode(
            ForgedChain.of(e.granted(delete()))
                .then(own, story.plannerKey, story.planner.key(), 1)
                .held()
                .encode());
    Approved once = e.approved(token, e.stranger, call(), Approval.Terms.lasting(QUARTER).once());
    ApprovalUses uses = ApprovalUses.inMemory();
    Verifier verifier = story.verifier().approvalUses(uses).build();

    assertThat(e.decide(verifier, Escalated.with(token), story.plannerKey, call()).allowed())
        .isFalse();
    assertAllowed(e.decide(verifier, once, story.plannerKey, call()));
    assertThat(uses.known(List.of(once.approvals().get(0).use()))).isEmpty();
  }
}
