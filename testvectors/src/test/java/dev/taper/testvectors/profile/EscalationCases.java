package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.Statements.CALL;
import static dev.taper.testvectors.profile.Statements.justify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inactive grants: what activates them, and what does not. */
final class EscalationCases {
  private static final String DELETE = "jira.search or jira.delete on jira:project/ACME/*";
  private static final String OTHER = CALL.replace("\"limit\":1", "\"limit\":2");

  /** A grant for each form of an activation. */
  static final String INACTIVE =
      "jira.close if justified or jira.move if justified within 15m or jira.delete if approved by "
          + Cast.BOSS.publicKey()
          + " or jira.drop if justified and approved by 2 of "
          + threeKeys()
          + " or jira.pay if approved by 2 of group \"finance\"";

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that inactive grants cover (docs/profile.md, section 12): activated by"
              + " justifications in the token and approvals beside it, or not.");

  private EscalationCases() {}

  /** A token and what its holder sends beside it. */
  private record Beside(Chain chain, List<String> approvals) {
    static Beside of(Chain chain, String... approvals) {
      return new Beside(chain, List.of(approvals));
    }

    Beside and(String approval) {
      List<String> more = new ArrayList<>(approvals);
      more.add(approval);
      return new Beside(chain, more);
    }
  }

  private static String threeKeys() {
    return String.join(
        ", ",
        Cast.BOSS.publicKey().toString(),
        Cast.AUDITOR.publicKey().toString(),
        Cast.LAWYER.publicKey().toString());
  }

  static Chain ifBoss() {
    return Story.granted(DELETE + " if approved by " + Cast.BOSS.publicKey());
  }

  private static Chain ifTwo() {
    return Story.granted(DELETE + " if approved by 2 of " + threeKeys());
  }

  static Chain ifJustified() {
    return Story.granted(DELETE + " if justified within 15m");
  }

  /** A token with a justification that ends at a date. */
  static Chain justifiedUntil(String end) {
    return justify(ifJustified(), "jira.*", "2030-01-01T12:00:00Z", end);
  }

  private static Said said(Chain chain) {
    return Said.of(chain, CALL);
  }

  private static Beside approved(Chain chain, PrivateKey... approvers) {
    Beside all = Beside.of(chain);
    for (PrivateKey approver : approvers) {
      all = all.and(said(chain).by(approver));
    }
    return all;
  }

  /** Justifications that are not of the form that they must have. */
  static Map<String, Chain> malformed() {
    Map<String, Chain> all = new LinkedHashMap<>();
    String why = "justification(\"jira.*\", \"x\", 2030-01-01T12:00:00Z, 2030-01-01T12:15:00Z);";
    Chain base = ifJustified();
    all.put(
        "justification by a third party",
        Story.third(base, Cast.BOSS, why, Statements.JUSTIFICATION));
    all.put(
        "justification by the holder, who hands on",
        base.then(
            Story.block(
                Statements.JUSTIFICATION, "holder(\"agent:researcher\"); " + why, null, null),
            Cast.PLANNER,
            Cast.RESEARCHER.publicKey(),
            1));
    all.put("justification of nothing", own(base, "note(1);"));
    all.put("justification twice in a block", own(base, why + why.replace("jira", "crm")));
    all.put("justification that ends before it begins", own(base, why.replace("12:15", "11:15")));
    all.put("justification that ends in the year 10000", justifiedUntil("+10000-01-01T00:00:00Z"));
    all.put("justification of all tools", own(base, why.replace("jira.*", "*")));
    all.put("justification with a term more", own(base, why.replace(");", ", 1);")));
    all.put(
        "justification with two lines for a reason", own(base, why.replace("\"x\"", "\"x\\ny\"")));
    return all;
  }

  private static Chain own(Chain chain, String datalog) {
    return chain.then(
        Story.block(Statements.JUSTIFICATION, datalog, null, null),
        Cast.PLANNER,
        Cast.PLANNER.publicKey(),
        1);
  }

  static JsonNode file() {
    EscalationCases all = new EscalationCases();
    all.addApprovers();
    all.addGroups();
    all.addScopes();
    all.addWindows();
    all.addCounts();
    all.addStates();
    all.addSent();
    all.addJustifications();
    all.addAlternatives();
    all.addVerifiers();
    all.addHidden();
    return all.cases.file();
  }

  private void single(String name, @Nullable String attack, Beside beside, ObjectNode expect) {
    with(new Decision(name, attack), beside, CALL, expect).addTo(cases);
  }

  private void single(String name, @Nullable String attack, Chain chain, ObjectNode expect) {
    single(name, attack, Beside.of(chain), expect);
  }

  private static Decision with(
      Decision decision, Beside beside, String request, ObjectNode expect) {
    return decision.call(beside.chain, beside.approvals, Cast.PLANNER, request, expect);
  }

  private Decision counting(String name, @Nullable String attack) {
    return new Decision(name, attack).with("countsApprovals", true);
  }

  private static ObjectNode refused(String code) {
    return denied(code, 0, PLANNER);
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
        "approval_forged",
        Story.third(ifBoss(), Cast.BOSS, "approval(\"jira.delete\");", "taper/1 approval"),
        refused("approval_required"));
  }

  private static ObjectNode names() {
    return Json.object(
        "persons",
        Json.object(
            "user:boss",
            List.of(Cast.BOSS.publicKey().toString(), Cast.LAWYER.publicKey().toString()),
            "user:auditor",
            List.of(Cast.AUDITOR.publicKey().toString())),
        "groups",
        Json.object("finance", List.of("user:boss", "user:auditor")));
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

  private void addCounts() {
    Chain base = ifBoss();
    Said once = said(base).times(1);
    Beside single = Beside.of(base, once.by(Cast.BOSS));
    Beside longer = Beside.of(Story.own(base, "check if true;"), once.by(Cast.BOSS));
    Decision reused = counting("approval for one call", "approval_reused");
    with(reused, single, CALL, allowed());
    with(reused, single, CALL, refused("approval_used"));
    with(reused, longer, CALL, refused("approval_used")).addTo(cases);
    Beside twice = Beside.of(base, said(base).times(2).by(Cast.BOSS));
    Decision counted = counting("approval for two calls", "approval_reused");
    with(counted, twice, CALL, allowed());
    with(counted, twice, CALL, allowed());
    with(counted, twice, CALL, refused("approval_used")).addTo(cases);
    single(
        "approval for one call, where nobody counts",
        "approval_reused",
        single,
        refused("approval_not_counted"));
    Decision lasting = counting("a lasting approval spends none for one call", null);
    with(lasting, single.and(said(base).other().by(Cast.BOSS)), CALL, allowed());
    with(lasting, single, CALL, allowed()).addTo(cases);
    Decision none = counting("a call that needs none spends none", null);
    with(none, single, Story.SEARCH, allowed());
    with(none, single, CALL, allowed()).addTo(cases);
    String later = once.other().between(1, 900).by(Cast.BOSS);
    Decision earliest =
        counting("of two approvals for one call the earliest is spent", "approval_reused");
    with(earliest, Beside.of(base, later, once.by(Cast.BOSS)), CALL, allowed());
    with(earliest, single, CALL, refused("approval_used"));
    with(earliest, Beside.of(base, later), CALL, allowed());
    with(earliest, Beside.of(base, later, once.by(Cast.BOSS)), CALL, refused("approval_used"))
        .addTo(cases);
    addFewest();
    addOwed();
    Chain two = ifTwo();
    Beside half = Beside.of(two, said(two).times(1).by(Cast.BOSS));
    Decision few = counting("too few for one call spend none", null);
    with(few, half, CALL, refused("approval_required"));
    with(few, half.and(said(two).by(Cast.AUDITOR)), CALL, allowed()).addTo(cases);
  }

  private void addFewest() {
    Chain two = ifTwo();
    Said once = said(two).times(1);
    String boss = once.by(Cast.BOSS);
    String auditor = once.between(1, 900).by(Cast.AUDITOR);
    String lawyer = once.between(2, 900).by(Cast.LAWYER);
    Decision fewest = counting("as few approvals for one call are spent as will do", null);
    with(fewest, Beside.of(two, lawyer, boss, auditor), CALL, allowed());
    with(fewest, Beside.of(two, once.other().by(Cast.BOSS), lawyer), CALL, allowed());
    with(
            fewest,
            Beside.of(two, auditor, once.other().by(Cast.LAWYER)),
            CALL,
            refused("approval_used"))
        .addTo(cases);
    Decision beside = counting("none is spent of a key that has a lasting approval", null);
    with(beside, Beside.of(two, boss, said(two).other().by(Cast.BOSS), auditor), CALL, allowed());
    with(beside, Beside.of(two, boss, once.other().by(Cast.AUDITOR)), CALL, allowed()).addTo(cases);
  }

  /** Whose approvals are remembered. */
  private void addOwed() {
    String mallory = DELETE + " if approved by " + Cast.MALLORY.publicKey();
    Chain own =
        Story.granted(DELETE)
            .then(Story.block(null, "", mallory, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    Beside ownApproved = Beside.of(own, said(own).times(1).by(Cast.MALLORY));
    Decision free = counting("what only the holder asks for is not claimed", null);
    with(free, ownApproved, CALL, allowed());
    with(free, ownApproved, CALL, allowed()).addTo(cases);
    Chain asked =
        ifBoss()
            .then(Story.block(null, "", mallory, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    Beside both =
        Beside.of(
            asked,
            said(asked).times(1).other().by(Cast.MALLORY),
            said(asked).times(1).by(Cast.BOSS));
    Decision claimed =
        counting("what others ask for is claimed, whatever the holder adds", "approval_reused");
    with(claimed, both, CALL, allowed());
    with(claimed, both, CALL, refused("approval_used")).addTo(cases);
  }

  private Decision byResearcher(Decision decision, Beside beside, ObjectNode expect) {
    return decision.call(beside.chain, beside.approvals, Cast.RESEARCHER, CALL, expect);
  }

  private static Chain handed(Chain chain, String more) {
    return chain.then(
        "holder(\"agent:researcher\"); " + more, Cast.PLANNER, Cast.RESEARCHER.publicKey());
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

  private void justified(
      String name, String tools, long from, long until, @Nullable String attack, String code) {
    single(
        name,
        attack,
        justify(ifJustified(), tools, from, until),
        code.isEmpty() ? allowed() : refused(code));
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

  private void addJustifications() {
    String window = "justification_out_of_window";
    single("not justified", null, ifJustified(), refused("justification_required"));
    justified("justified", "jira.delete", 0, 900, null, "");
    justified("justified for all tools below", "jira.*", 0, 900, null, "");
    justified(
        "justified for another tool",
        "jira.close",
        0,
        900,
        "justification_stretched",
        "justification_mismatch");
    justified("justified for too long", "jira.*", 0, 901, window, "justification_too_long");
    justified(
        "justification that ended just now", "jira.*", -900, 0, window, "justification_expired");
    justified("justification that begins in 30 seconds", "jira.*", 30, 900, null, "");
    justified(
        "justification that begins in 31 seconds",
        "jira.*",
        31,
        900,
        window,
        "justification_not_yet_valid");
    Chain open = Story.granted(DELETE + " if justified");
    single("the verifier's own limit", null, justify(open, "jira.*", 0, 3600), allowed());
    single(
        "beyond the verifier's own limit",
        window,
        justify(open, "jira.*", 0, 3601),
        refused("justification_too_long"));
    Chain both = Story.granted(DELETE + " if justified and approved by " + Cast.BOSS.publicKey());
    single(
        "approved, not justified",
        null,
        approved(both, Cast.BOSS),
        refused("justification_required"));
    Chain half = justify(both, "jira.*", 0, 900);
    single("justified, not approved", null, half, refused("approval_required"));
    Decision late = new Decision("justified and approved", null);
    with(late, approved(half, Cast.BOSS), CALL, allowed()).after(Duration.ofMinutes(15));
    with(late, approved(half, Cast.BOSS), CALL, refused("justification_expired")).addTo(cases);
    Chain justified = handed(justify(ifJustified(), "jira.*", 0, 900), "");
    new Decision("justification by an earlier holder", "justification_handed_on")
        .call(justified, Cast.RESEARCHER, CALL, refused("justification_by_earlier_holder"))
        .addTo(cases);
    RotationCases.addEscalation(
        cases,
        justify(ifJustified(), "jira.*", 0, 900),
        CALL,
        refused("justification_by_earlier_holder"));
  }
}
