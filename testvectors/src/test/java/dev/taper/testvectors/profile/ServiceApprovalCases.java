package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import org.jspecify.annotations.Nullable;

/** What a verifier's own checks and policies ask for, and who is told. */
final class ServiceApprovalCases extends ActivationCases {
  ServiceApprovalCases(Cases cases) {
    super(cases);
  }

  @Override
  void add() {
    addVerifiers();
    addHidden();
  }

  /** That one of some keys has approved, as a verifier asks for it. */
  private static String approvedBy(PrivateKey key) {
    return "approvers($a), {\"" + key.publicKey() + "\"}.intersection($a).length() >= 1";
  }

  private void verifiers(
      String name, @Nullable String attack, String policies, Beside beside, ObjectNode expect) {
    with(new Decision(name, attack).with("policies", policies), beside, CALL, expect).addTo(cases);
  }

  private void verifiers(
      String name, @Nullable String attack, String policies, Chain chain, ObjectNode expect) {
    verifiers(name, attack, policies, Beside.of(chain), expect);
  }

  /** What the verifier's own checks and policies require. */
  private void addVerifiers() {
    String check = "check if " + approvedBy(Cast.AUDITOR) + "; allow if true;";
    String policy =
        "allow if tool(\"jira.get\"), "
            + approvedBy(Cast.LAWYER)
            + "; allow if audience(\"svc:jira\"), "
            + approvedBy(Cast.AUDITOR)
            + ";";
    ObjectNode required = denied("approval_required");
    Chain plain = Story.granted(DELETE);
    verifiers("a check of the verifier requires an approval", null, check, plain, required);
    verifiers("a policy of the verifier requires an approval", null, policy, plain, required);
    Beside approved = approved(plain, Cast.AUDITOR);
    verifiers("approved as a check requires", null, check, approved, allowed());
    verifiers("approved as a policy requires", null, policy, approved, allowed());
    verifiers(
        "approved by a stranger, not as a check requires",
        "self_approval",
        check,
        approved(plain, Cast.MALLORY),
        required);
    verifiers(
        "approved as a grant requires, not as a check does",
        null,
        check,
        approved(ifBoss(), Cast.BOSS),
        required);
    verifiers(
        "approved as neither a grant nor a check requires",
        null,
        check,
        ifBoss(),
        refused("approval_required"));
    verifiers(
        "approved as a check requires, not as a grant does",
        null,
        check,
        approved(ifBoss(), Cast.AUDITOR),
        refused("approval_unknown_key"));
    verifiers(
        "a check lacks more than an approval",
        null,
        "check if member(1), " + approvedBy(Cast.AUDITOR) + "; allow if true;",
        plain,
        denied("check_failed"));
    verifiers(
        "a policy lacks more than an approval",
        null,
        "allow if member(1), " + approvedBy(Cast.AUDITOR) + ";",
        plain,
        denied("no_matching_policy"));
    verifiers(
        "a policy denies what another would allow if it was approved",
        null,
        "deny if true; " + policy,
        plain,
        denied("policy_denied"));
    String known =
        "humans({\""
            + Cast.AUDITOR.publicKey()
            + "\"}); check if operation(\"read\") or approvers($a), humans($h),"
            + " $a.intersection($h).length() >= 1; allow if true;";
    verifiers("a check requires an approver whom a fact names", null, known, plain, required);
    verifiers("approved by whom a fact names", null, known, approved, allowed());
    Beside once = Beside.of(plain, said(plain).times(1).by(Cast.AUDITOR));
    Decision spent =
        counting("approval for one call, which a policy requires", "approval_reused")
            .with("policies", policy);
    with(spent, once, CALL, allowed());
    with(spent, once, CALL, denied("approval_used")).addTo(cases);
    String group = "check if approved_by(\"finance\", $p), $p.length() >= 2; allow if true;";
    for (boolean enough : new boolean[] {false, true}) {
      PrivateKey[] approvers =
          enough
              ? new PrivateKey[] {Cast.BOSS, Cast.AUDITOR}
              : new PrivateKey[] {Cast.BOSS, Cast.LAWYER};
      with(
              new Decision(
                      (enough ? "two persons" : "one person") + " of a group that a check requires",
                      enough ? null : "approver_counted_twice")
                  .with("policies", group)
                  .with("names", names()),
              approved(plain, approvers),
              CALL,
              enough ? allowed() : required)
          .addTo(cases);
    }
  }

  /** What no approval tells of approvers whom only the verifier knows. */
  private void addHidden() {
    Chain plain = Story.granted(DELETE);
    String check = "check if " + approvedBy(Cast.AUDITOR) + "; allow if true;";
    for (PrivateKey approver : new PrivateKey[] {Cast.AUDITOR, Cast.MALLORY}) {
      String who = approver.equals(Cast.AUDITOR) ? "a hidden approver" : "a stranger";
      verifiers(
          "an approval of " + who + " that has ended",
          "approval_out_of_window",
          check,
          Beside.of(plain, said(plain).between(-900, 0).by(approver)),
          denied("approval_expired"));
      verifiers(
          "an approval of " + who + " that nobody counts",
          null,
          check,
          Beside.of(plain, said(plain).times(1).by(approver)),
          denied("approval_not_counted"));
      String both =
          "check if approvers($a), {\"%s\", \"%s\"}.intersection($a).length() >= 2; allow if true;"
              .formatted(Cast.AUDITOR.publicKey(), Cast.BOSS.publicKey());
      verifiers(
          "an approval of " + who + ", of two that are required",
          null,
          both,
          approved(plain, approver),
          denied("approval_required"));
    }
    with(
            new Decision("an unknown key, where a check's approvers are published", "self_approval")
                .with("policies", check)
                .with("publishesApprovers", true),
            approved(plain, Cast.MALLORY),
            CALL,
            denied("approval_unknown_key"))
        .addTo(cases);
  }
}
