package dev.taper.agent;

import static dev.taper.agent.Attack.assertAllowed;
import static dev.taper.agent.Attack.assertDenied;
import static dev.taper.agent.Attack.assertThrows;
import static dev.taper.agent.Attack.assertViolation;
import static dev.taper.agent.Attack.present;
import static dev.taper.agent.Escalated.QUARTER;
import static dev.taper.agent.Escalated.call;
import static dev.taper.agent.Escalated.delete;
import static dev.taper.agent.Escalated.otherArguments;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.ThirdPartyBlock;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to make a dormant grant cover a call that nobody approved, or that was not justified. */
class EscalationAttackTest {
  private static final String ID = "hex:000102030405060708090a0b0c0d0e0f";

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
    AgentToken token = e.approved(e.ifBossApproves(), story.plannerKey, call());

    assertDenied(e.decide(token), DenialCode.APPROVAL_UNKNOWN_KEY);
  }

  @Test
  void decide_approvalByAKeyThatIsNotNamed_isByAnUnknownKey() {
    assertDenied(
        e.decide(e.approved(e.ifBossApproves(), e.stranger, call())),
        DenialCode.APPROVAL_UNKNOWN_KEY);
    AgentToken one = e.approved(e.ifTwoApprove(), e.boss, call());
    assertDenied(e.decide(e.approved(one, e.stranger, call())), DenialCode.APPROVAL_UNKNOWN_KEY);
  }

  @Test
  void decide_firstPartyBlockThatLooksLikeAnApproval_isRefused() {
    Block block =
        Datalog.block(
                "approval("
                    + ID
                    + ", \"jira.delete\", null, \"jira:project/ACME/Q3/12\", null,"
                    + " 2026-11-24T12:00:00Z, 2027-01-01T00:00:00Z, false);")
            .withContext("taper/1 approval");
    ForgedChain forged =
        ForgedChain.of(e.ifBossApproves()).then(block, story.plannerKey, story.planner.key(), 1);

    assertViolation(
        () -> present(story, e.verifier, forged.held(), story.plannerKey, call()),
        "no third party signed");
    ForgedChain unmarked =
        ForgedChain.of(e.ifBossApproves())
            .then(block.withContext(null), story.plannerKey, story.planner.key(), 1);
    assertDenied(
        present(story, e.verifier, unmarked.held(), story.plannerKey, call()),
        DenialCode.APPROVAL_REQUIRED);
  }

  @Test
  void decide_approvalUnderAnotherKeysName_hasNoValidSignature() {
    AgentToken token = e.approved(e.ifBossApproves(), e.stranger, call());
    String from = hex(e.stranger.publicKey());
    AgentToken forged =
        AgentToken.decode(
            HexFormat.of()
                .parseHex(
                    HexFormat.of()
                        .formatHex(token.encode())
                        .replace(from, hex(e.auditor.publicKey()))));

    assertThrows(
        () -> present(story, e.verifier, forged.token(), story.plannerKey, call()),
        ErrorCode.INVALID_SIGNATURE);
  }

  private static String hex(PublicKey key) {
    return HexFormat.of().formatHex(key.bytes());
  }

  @Test
  void decide_sameKeyTwice_countsOnce() {
    AgentToken token = e.ifTwoApprove();
    token = e.approved(token, e.boss, call());
    token = e.approved(token, e.boss, call(), ApprovalTerms.lasting(QUARTER).withAnyArguments());
    token = e.approved(token, e.boss, call(), ApprovalTerms.lasting(QUARTER).once());

    assertDenied(e.decide(token), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(e.decide(e.approved(token, e.auditor, call())));
  }

  @Test
  void decide_refusedCall_isRefused() {
    assertDenied(
        e.decide(e.refused(e.ifBossApproves(), e.boss, call())), DenialCode.APPROVAL_REFUSED);
    AgentToken first = e.approved(e.ifBossApproves(), e.boss, call());
    assertDenied(e.decide(e.refused(first, e.boss, call())), DenialCode.APPROVAL_REFUSED);
    // Somebody else's refusal takes nothing away, nor does one of another call.
    assertAllowed(e.decide(e.refused(first, e.stranger, call())));
    assertAllowed(e.decide(e.refused(first, e.boss, otherArguments())));
  }

  // What was approved

  @Test
  void decide_approvalOfOtherArguments_isAMismatch() {
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, otherArguments());

    assertDenied(e.decide(token), DenialCode.APPROVAL_MISMATCH);
    assertAllowed(e.decide(token, otherArguments()));
  }

  @Test
  void decide_approvalOfAnotherToolResourceOrOperation_isAMismatch() {
    for (ToolCall other :
        new ToolCall[] {
          ToolCall.of("jira.close").on("jira:project/ACME/Q3/12").arg("limit", 1),
          ToolCall.of("jira.delete").on("jira:project/ACME/Q3/13").arg("limit", 1),
          ToolCall.of("jira.delete").arg("limit", 1),
          call().operation("write")
        }) {
      ApprovalTerms any = ApprovalTerms.lasting(QUARTER).withAnyArguments();
      AgentToken token = e.approved(e.ifBossApproves(), e.boss, other, any);
      assertDenied(e.decide(token), DenialCode.APPROVAL_MISMATCH);
    }
  }

  @Test
  void decide_approvalOfWhatIsNotGranted_allowsNothing() {
    ToolCall ungranted = ToolCall.of("crm.delete").on("crm:contact/1");
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, ungranted);

    assertDenied(e.decide(token, ungranted), DenialCode.OUT_OF_SCOPE);
  }

  // When

  @Test
  void decide_approvalPastItsWindow_isExpired() {
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call());
    story.clock.forward(QUARTER);

    assertDenied(e.decide(token), DenialCode.APPROVAL_EXPIRED);
  }

  @Test
  void decide_approvalOfTheFuture_isNotYetValid() {
    story.clock.forward(Escalation.AHEAD.plusSeconds(1));
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call());
    story.clock.set(Story.NOON);

    assertDenied(e.decide(token), DenialCode.APPROVAL_NOT_YET_VALID);
    story.clock.forward(Duration.ofSeconds(1)); // the approver's clock may be ahead a little
    assertAllowed(e.decide(token));
  }

  @Test
  void decide_singleUseApprovalAgain_isUsed() {
    AgentToken base = e.ifBossApproves();
    ThirdPartyBlock approval =
        base.requestApproval(call(), Story.JIRA, "a duplicate")
            .approve(e.boss, ApprovalTerms.lasting(QUARTER).once(), story.clock);
    AgentToken token = base.append(approval, story.plannerKey);

    assertAllowed(e.decide(token));
    assertDenied(e.decide(token), DenialCode.APPROVAL_USED);
    // The same approval in another token, and in a longer one: all of them are the same use.
    assertDenied(e.decide(base.append(approval, story.plannerKey)), DenialCode.APPROVAL_USED);
    assertDenied(
        e.decide(token.delegate(story.plannerKey, Hop.toSelf(), story.clock)),
        DenialCode.APPROVAL_USED);
  }

  // For which token, and for whom

  private AgentToken otherToken() {
    return e.granted(delete().ifApproved(e.boss.publicKey()), Grant.tools("jira.close"));
  }

  @Test
  void append_approvalForAnotherToken_isRefused() {
    ThirdPartyBlock approval =
        e.ifBossApproves()
            .requestApproval(call(), Story.JIRA, "a duplicate")
            .approve(e.boss, ApprovalTerms.lasting(QUARTER), story.clock);

    assertThrows(
        () -> otherToken().append(approval, story.plannerKey), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_approvalMovedToAnotherToken_hasNoValidSignature() {
    ForgedChain approved = ForgedChain.of(e.approved(e.ifBossApproves(), e.boss, call()));
    ForgedChain other = ForgedChain.of(otherToken());

    assertThrows(
        () ->
            present(
                story, e.verifier, other.then(approved.block(1)).held(), story.plannerKey, call()),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_approvalKeptAfterDelegation_isForAnEarlierHolder() {
    AgentToken handedOn =
        e.approved(e.ifBossApproves(), e.boss, call())
            .delegate(story.plannerKey, Hop.to(story.researcher), story.clock);

    assertDenied(
        story.decide(e.verifier, handedOn, story.researcherKey, call()),
        DenialCode.APPROVAL_FOR_EARLIER_HOLDER);
    AgentToken again =
        handedOn.append(
            handedOn
                .requestApproval(call(), Story.JIRA, "still a duplicate")
                .approve(e.boss, ApprovalTerms.lasting(QUARTER), story.clock),
            story.researcherKey);
    assertAllowed(story.decide(e.verifier, again, story.researcherKey, call()));
  }

  @Test
  void decide_approvalInASealedOrBearerToken_wakesNothing() {
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call());
    Verifier everything = Attack.everything(story);

    assertDenied(
        everything.decide(token.seal(story.plannerKey).encodeBase64(), call(), null),
        DenialCode.APPROVAL_REQUIRED);
    assertDenied(
        everything.decide(
            token.delegate(story.plannerKey, Hop.toBearer(), story.clock).encodeBase64(),
            call(),
            null),
        DenialCode.APPROVAL_REQUIRED);
  }

  @Test
  void decide_approvedCallWithoutTheHoldersProof_isRefused() {
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call());

    assertDenied(e.verifier.decide(token.encodeBase64(), call(), null), DenialCode.PROOF_REQUIRED);
    assertDenied(
        present(story, e.verifier, token.token(), e.boss, call()), DenialCode.PROOF_MISMATCH);
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
        "a justification by a third party");
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
    AgentToken byItself = e.approved(replaced, story.plannerKey, call());
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "right(1);",
        "approval(1);",
        "approval(ID, \"jira.delete\", null, null, null, FROM, UNTIL);",
        "approval(ID, \"jira.delete\", null, null, null, FROM, UNTIL, false, 1);",
        "approval(ID, \"jira.delete\", null, null, null, UNTIL, FROM, false);",
        "approval(ID, \"jira.*\", null, null, null, FROM, UNTIL, false);",
        "approval(ID, null, null, null, null, FROM, UNTIL, false);",
        "approval(ID, \"jira.delete\", null, \"a//b\", null, FROM, UNTIL, false);",
        "approval(ID, \"jira.delete\", null, null, hex:00, FROM, UNTIL, false);",
        "approval(hex:00, \"jira.delete\", null, null, null, FROM, UNTIL, false);",
        "approval(ID, \"jira.delete\", null, null, null, 1, UNTIL, false);",
        "approval(ID, \"jira.delete\", null, null, null, FROM, UNTIL, 0);",
        "approval(ID, \"a\", null, null, null, FROM, UNTIL, false);"
            + " approval(ID, \"b\", null, null, null, FROM, UNTIL, false);",
      })
  void append_malformedApproval_isRefused(String datalog) {
    String text =
        datalog
            .replace("ID", ID)
            .replace("FROM", "2026-11-24T12:00:00Z")
            .replace("UNTIL", "2026-11-24T12:05:00Z");

    assertThrows(
        () -> withBlock(e.ifBossApproves(), e.boss, text, "taper/1 approval"),
        ErrorCode.PROFILE_VIOLATION);
  }
}
