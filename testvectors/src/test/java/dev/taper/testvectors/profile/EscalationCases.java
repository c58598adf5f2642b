package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Inactive grants: what activates them, and what does not. */
final class EscalationCases {
  /** A grant for each form of an activation. */
  static final String INACTIVE =
      "jira.close if justified or jira.move if justified within 15m or jira.delete if approved by "
          + Cast.BOSS.publicKey()
          + " or jira.drop if justified and approved by 2 of "
          + ActivationCases.threeKeys()
          + " or jira.pay if approved by 2 of group \"finance\"";

  private EscalationCases() {}

  static JsonNode file() {
    Cases cases =
        new Cases(
            "decisions",
            "Calls that inactive grants cover (docs/profile.md, section 12): activated by"
                + " justifications in the token and approvals beside it, or not.");
    List<ActivationCases> all =
        List.of(
            new ApproverCases(cases),
            new ApprovalUseCases(cases),
            new ApprovalStateCases(cases),
            new JustificationCases(cases),
            new ServiceApprovalCases(cases));
    all.forEach(ActivationCases::add);
    return cases.file();
  }
}
