package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** For which holder approvals count, and what else comes with a token. */
final class ApprovalStateCases extends ActivationCases {
  ApprovalStateCases(Cases cases) {
    super(cases);
  }

  @Override
  void add() {
    addStates();
    addSent();
  }

  private Decision byResearcher(Decision decision, Beside beside, ObjectNode expect) {
    return decision.call(beside.chain(), beside.approvals(), Cast.RESEARCHER, CALL, expect);
  }

  private void addStates() {
    Chain base = ifBoss();
    Chain handed = handed(base, "");
    String before = said(base).by(Cast.BOSS);
    byResearcher(
            new Decision("approval for an earlier holder", "approval_handed_on"),
            Beside.of(handed, before),
            refused("approval_for_earlier_holder"))
        .addTo(cases);
    byResearcher(
            new Decision("approval for the present holder", null),
            approved(handed, Cast.BOSS),
            allowed())
        .addTo(cases);
    RotationCases.addApproved(cases, base, before, CALL, refused("approval_for_earlier_holder"));
    single(
        "approval of a later state, used by an earlier holder",
        "approval_moved",
        Beside.of(base, said(handed).by(Cast.BOSS)),
        refused("approval_mismatch"));
    byResearcher(
            new Decision("approval of a sibling", "approval_moved"),
            Beside.of(handed(base, "check if true;"), said(handed).by(Cast.BOSS)),
            refused("approval_mismatch"))
        .addTo(cases);
    single(
        "approval of another token",
        "approval_moved",
        Beside.of(
            Story.granted("jira.get or " + DELETE + " if approved by " + Cast.BOSS.publicKey()),
            before),
        refused("approval_mismatch"));
    single(
        "approval of the token before its holder narrowed it",
        null,
        Beside.of(Story.own(base, "check if true;"), before),
        allowed());
    Chain narrowed =
        handed.then(
            Story.block(null, "", "jira.get", null),
            Cast.RESEARCHER,
            Cast.RESEARCHER.publicKey(),
            1);
    byResearcher(
            new Decision("approved, but narrowed", null),
            approved(narrowed, Cast.BOSS),
            denied("out_of_scope", 2, RESEARCHER))
        .addTo(cases);
    String onward = said(base).calls(2, "jira.delete").with("onward", true).by(Cast.BOSS);
    Decision shared = counting("approval onward, whose count all share", "approval_reused");
    with(shared, Beside.of(base, onward), OTHER, allowed());
    byResearcher(shared, Beside.of(handed, onward), allowed());
    byResearcher(shared, Beside.of(handed, onward), refused("approval_used"));
    with(shared, Beside.of(base, onward), CALL, refused("approval_used")).addTo(cases);
    byResearcher(
            counting("patterns approved for an earlier holder, not onward", "approval_handed_on"),
            Beside.of(handed, said(base).calls(2, "jira.*").by(Cast.BOSS)),
            refused("approval_for_earlier_holder"))
        .addTo(cases);
    Map<String, Object> pattern =
        Map.of(
            "tools",
            List.of("jira.*"),
            "operations",
            List.of("write"),
            "resources",
            List.of("jira:project/ACME/*"));
    with(
            counting(
                "patterns that name an operation, for a call without one", "approval_stretched"),
            Beside.of(base, said(base).calls(1, "x").with("calls", List.of(pattern)).by(Cast.BOSS)),
            CALL,
            refused("approval_mismatch"))
        .addTo(cases);
    new Decision("sealed token with an approval beside it", "approval_handed_on")
        .with("sealed", true)
        .call(base.sealed(Cast.PLANNER), null, List.of(before), CALL, refused("approval_required"))
        .addTo(cases);
    new Decision("approved call without its holder", "stolen_token")
        .call(base.held(), null, List.of(before), CALL, denied("proof_required"))
        .addTo(cases);
  }

  /** What the proof covers, and what is no approval at all. */
  private void addSent() {
    Chain base = ifBoss();
    String good = said(base).by(Cast.BOSS);
    String more = said(base).other().by(Cast.AUDITOR);
    for (List<List<String>> signedAndSent :
        List.of(
            List.of(List.of(good), List.<String>of()),
            List.of(List.<String>of(), List.of(good)),
            List.of(List.of(good), List.of(good, more)),
            List.of(List.of(good, more), List.of(good)),
            List.of(List.of(good), List.of(more)))) {
      List<String> signed = signedAndSent.get(0);
      List<String> sent = signedAndSent.get(1);
      Decision decision =
          new Decision(
              signed.size()
                  + " approvals signed, "
                  + sent.size()
                  + (sent.contains(good) || sent.isEmpty() ? "" : " other")
                  + " sent",
              "request_changed");
      String proof = decision.proof(base, Cast.PLANNER, CALL, signed);
      decision.call(base.held(), proof, sent, CALL, denied("request_mismatch")).addTo(cases);
    }
    byte[] forged = Said.bytes(Cast.MALLORY, said(base).json());
    System.arraycopy(Cast.AUDITOR.publicKey().bytes(), 0, forged, 2, 32);
    single(
        "approval under another key's name",
        "approval_forged",
        Beside.of(base, Messages.base64(forged)),
        Cases.code("invalid_signature"));
    byte[] elsewhere = Said.bytes(Cast.MALLORY, said(base).at("svc:wiki").json());
    System.arraycopy(Cast.AUDITOR.publicKey().bytes(), 0, elsewhere, 2, 32);
    single(
        "forged approval that does not fit, which nobody verifies",
        "approval_at_another_audience",
        Beside.of(base, Messages.base64(elsewhere)),
        refused("approval_mismatch"));
    new Decision("an approval twice", null)
        .call(base.held(), null, List.of(good, good), CALL, Cases.code("malformed_approval"))
        .addTo(cases);
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      many.add(said(base).with("id", "%032x".formatted(i)).by(Cast.AUDITOR));
    }
    new Decision("17 approvals", null)
        .call(base.held(), null, many, CALL, Cases.code("malformed_approval"))
        .addTo(cases);
    single("16 approvals", null, new Beside(base, many.subList(0, 15)).and(good), allowed());
  }
}
