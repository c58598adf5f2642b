package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who approves, what, and when. */
final class ApproverCases extends ActivationCases {
  ApproverCases(Cases cases) {
    super(cases);
  }

  @Override
  void add() {
    addApprovers();
    addGroups();
    addScopes();
    addWindows();
    addAlternatives();
  }

  private void addApprovers() {
    single("approved", null, approved(ifBoss(), Cast.BOSS), allowed());
    single("not approved", null, ifBoss(), refused("approval_required"));
    new Decision("what is active needs no approval", null)
        .call(ifBoss(), Cast.PLANNER, Story.SEARCH, allowed())
        .addTo(cases);
    for (PrivateKey stranger : new PrivateKey[] {Cast.PLANNER, Cast.MALLORY}) {
      String who = stranger.equals(Cast.PLANNER) ? "the holder itself" : "a stranger";
      single(
          "approved by " + who,
          "self_approval",
          approved(ifBoss(), stranger),
          refused("approval_unknown_key"));
    }
    single("one of two", null, approved(ifTwo(), Cast.BOSS), refused("approval_required"));
    single("two of two", null, approved(ifTwo(), Cast.BOSS, Cast.AUDITOR), allowed());
    single(
        "two of two, sent in the other order",
        null,
        approved(ifTwo(), Cast.AUDITOR, Cast.BOSS),
        allowed());
    single(
        "one key twice",
        "approver_counted_twice",
        approved(ifTwo(), Cast.BOSS).and(said(ifTwo()).other().by(Cast.BOSS)),
        refused("approval_required"));
    single(
        "one of two, and a stranger",
        "self_approval",
        approved(ifTwo(), Cast.BOSS, Cast.MALLORY),
        refused("approval_unknown_key"));
    single(
        "a block that looks like an approval",
        null,
        Story.third(ifBoss(), Cast.BOSS, "approval(\"jira.delete\");", "taper/1 approval"),
        refused("approval_required"));
  }

  private void grouped(String name, @Nullable String attack, Beside beside, ObjectNode expect) {
    with(new Decision(name, attack).with("names", names()), beside, CALL, expect).addTo(cases);
  }

  private void addGroups() {
    Chain two = Story.granted(DELETE + " if approved by 2 of group \"finance\"");
    grouped("two persons of a group", null, approved(two, Cast.BOSS, Cast.AUDITOR), allowed());
    grouped(
        "two persons of a group, one with two keys",
        null,
        approved(two, Cast.BOSS, Cast.LAWYER, Cast.AUDITOR),
        allowed());
    grouped(
        "two keys of one person of a group",
        "approver_counted_twice",
        approved(two, Cast.BOSS, Cast.LAWYER),
        refused("approval_required"));
    grouped(
        "one person of a group, and a stranger",
        "self_approval",
        approved(two, Cast.BOSS, Cast.MALLORY),
        refused("approval_required"));
    single(
        "two persons of a group whom the verifier does not know",
        null,
        approved(two, Cast.BOSS, Cast.AUDITOR),
        refused("approval_required"));
    Chain keys =
        Story.granted(
            DELETE
                + " if approved by 2 of "
                + Cast.BOSS.publicKey()
                + ", "
                + Cast.LAWYER.publicKey());
    grouped(
        "two named keys of one person",
        "approver_counted_twice",
        approved(keys, Cast.BOSS, Cast.LAWYER),
        refused("approval_required"));
    with(
            new Decision("an unknown key, where approvers are published", "self_approval")
                .with("names", names())
                .with("publishesApprovers", true),
            approved(two, Cast.BOSS, Cast.MALLORY),
            CALL,
            refused("approval_unknown_key"))
        .addTo(cases);
  }

  private void addScopes() {
    Chain base = ifBoss();
    Beside other = Beside.of(base, Said.of(base, OTHER).by(Cast.BOSS));
    with(
            with(
                new Decision("other arguments approved", "approval_stretched"),
                other,
                CALL,
                refused("approval_mismatch")),
            other,
            OTHER,
            allowed())
        .addTo(cases);
    for (String request :
        List.of(
            CALL.replace("jira.delete", "jira.close"),
            CALL.replace("Q3/12", "Q3/13"),
            "{\"tool\":\"jira.delete\",\"args\":{\"limit\":1}}",
            CALL.replace("\"resource\"", "\"operation\":\"write\",\"resource\""))) {
      single(
          "another call approved: " + request,
          "approval_stretched",
          Beside.of(base, Said.of(base, request).by(Cast.BOSS)),
          refused("approval_mismatch"));
    }
    single(
        "approval at another service",
        "approval_at_another_audience",
        Beside.of(base, said(base).at("svc:wiki").by(Cast.BOSS)),
        refused("approval_mismatch"));
    single(
        "approval at several services",
        null,
        Beside.of(base, said(base).at("svc:jira", "svc:wiki").by(Cast.BOSS)),
        allowed());
    String crm = "{\"tool\":\"crm.delete\"}";
    with(
            new Decision("approval of what is not granted", "approval_stretched"),
            Beside.of(base, Said.of(base, crm).by(Cast.BOSS)),
            crm,
            refused("out_of_scope"))
        .addTo(cases);
    Chain dropped =
        base.then(Story.block(null, "", DELETE, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    single(
        "requirement left out by a later block",
        "requirement_dropped",
        dropped,
        refused("approval_required"));
    Chain swapped =
        base.then(
            Story.block(null, "", DELETE + " if approved by " + Cast.MALLORY.publicKey(), null),
            Cast.PLANNER,
            Cast.PLANNER.publicKey(),
            1);
    single(
        "approver exchanged by a later block",
        "requirement_dropped",
        approved(swapped, Cast.MALLORY),
        refused("approval_unknown_key"));
  }

  private void window(String name, Said said, @Nullable String code) {
    with(
            counting(name, code == null ? null : "approval_out_of_window"),
            Beside.of(ifBoss(), said.by(Cast.BOSS)),
            CALL,
            code == null ? allowed() : refused(code))
        .addTo(cases);
  }

  private void addWindows() {
    Said said = said(ifBoss());
    window("approval that ends in a second", said.between(-900, 1), null);
    window("approval that ended just now", said.between(-900, 0), "approval_expired");
    window("approval that begins in 30 seconds", said.between(30, 900), null);
    window("approval that begins in 31 seconds", said.between(31, 900), "approval_not_yet_valid");
    window("approval for one call within a day", said.times(1).between(0, 86_400), null);
    window(
        "approval for one call within more than a day",
        said.times(1).between(0, 86_401),
        "approval_too_long");
    window("lasting approval for more than a day", said.between(0, 86_401), null);
  }

  private void addAlternatives() {
    String boss = " if approved by " + Cast.BOSS.publicKey();
    single(
        "of two inactive grants, the one that misses the fewest decides",
        null,
        Story.granted(
            "jira.delete if justified and approved by "
                + Cast.AUDITOR.publicKey()
                + " or jira.delete"
                + boss),
        refused("approval_required"));
    single(
        "of two that miss as many, the first decides",
        null,
        Story.granted("jira.delete if justified or jira.delete" + boss),
        refused("justification_required"));
  }
}
