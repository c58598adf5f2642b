package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.Statements.CALL;
import static dev.taper.testvectors.profile.Statements.approve;
import static dev.taper.testvectors.profile.Statements.justify;
import static dev.taper.testvectors.profile.Statements.refuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dormant grants: what wakes them, and what does not. */
final class EscalationCases {
  private static final String DELETE = "jira.search or jira.delete on jira:project/ACME/*";
  private static final String OTHER = CALL.replace("\"limit\":1", "\"limit\":2");

  /** A grant for each form of a requirement. */
  static final String DORMANT =
      "jira.close if justified or jira.move if justified within 15m or jira.delete if approved by "
          + Cast.BOSS.publicKey()
          + " or jira.drop if justified and approved by 2 of "
          + threeKeys();

  /** 9999-12-31T23:59:59Z. */
  static final long LAST_DATE = 253_402_300_799L;

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that dormant grants cover (docs/profile.md, section 12): woken by approvals and"
              + " justifications in the token, or not.");

  private EscalationCases() {}

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

  private static Chain ifJustified() {
    return Story.granted(DELETE + " if justified within 15m");
  }

  static Chain approved() {
    return approve(ifBoss(), Cast.BOSS);
  }

  /** A token with an approval that ends at a second since 1970. */
  static Chain approvedUntil(long end) {
    Block stated = Datalog.block(Statements.Approval.of(CALL).datalog());
    List<Term> terms = new ArrayList<>(stated.facts().get(0).predicate().terms());
    terms.set(7, new Term.Date(end));
    Fact fact = new Fact(new Predicate("approval", terms));
    Block block = Block.builder().fact(fact).context(Statements.APPROVAL).build();
    return ifBoss().third(block, Cast.BOSS, Cast.PLANNER);
  }

  /** Tokens whose second block is a statement. */
  static List<Chain> statements() {
    return List.of(
        approved(), refuse(ifBoss(), Cast.BOSS, CALL), justify(ifJustified(), "jira.*", 0, 900));
  }

  /** Statements that are not of the form that they must have. */
  static Map<String, Chain> malformed() {
    Map<String, Chain> all = new LinkedHashMap<>();
    String fact = Statements.Approval.of(CALL).datalog();
    Chain base = ifBoss();
    all.put("approval by the holder itself", own(base, fact, Statements.APPROVAL));
    all.put("approval of nothing", third(base, "note(1);"));
    all.put("approval twice in a block", third(base, fact + fact.replace("Q3", "Q4")));
    all.put("approval that ends before it begins", third(base, fact.replace("12:15", "11:15")));
    all.put("approval that ends in the year 10000", approvedUntil(LAST_DATE + 1));
    all.put(
        "approval of an operation that is no name",
        third(base, fact.replace("\"jira.delete\", null", "\"jira.delete\", \"a b\"")));
    all.put("approval of an ambiguous resource", third(base, fact.replace("Q3/12", "../Q3/12")));
    all.put("approval with a term more", third(base, fact.replace("false", "false, 1")));
    all.put("approval with a term less", third(base, fact.replace(", false", "")));
    String here = "{\"svc:jira\"}";
    all.put("approval that names no service", third(base, fact.replace(here, "{,}")));
    all.put("approval without its services", third(base, fact.replace(here + ", ", "")));
    all.put(
        "approval with a text for its services", third(base, fact.replace(here, "\"svc:jira\"")));
    all.put("approval at a service by a number", third(base, fact.replace(here, "{1}")));
    all.put(
        "approval at a service that is no label",
        third(base, fact.replace(here, "{\" svc:jira\"}")));
    all.put(
        "approval for one call at two services",
        third(
            base,
            Statements.Approval.of(CALL)
                .once()
                .atServices("\"svc:jira\", \"svc:wiki\"")
                .datalog()));
    all.put("approval with a text for its id", third(base, fact.replaceFirst("hex:\\w+", "\"x\"")));
    all.put(
        "approval of a tool that is no name", third(base, fact.replace("jira.delete", "jira.*")));
    String why = "justification(\"jira.*\", \"x\", 2030-01-01T12:00:00Z, 2030-01-01T12:15:00Z);";
    all.put(
        "justification by a third party",
        Story.third(base, Cast.BOSS, why, Statements.JUSTIFICATION));
    all.put(
        "approval by the holder, who hands on",
        base.then(
            Story.block(
                Statements.JUSTIFICATION, "holder(\"agent:researcher\"); " + why, null, null),
            Cast.PLANNER,
            Cast.RESEARCHER.publicKey(),
            1));
    return all;
  }

  private static Chain own(Chain chain, String datalog, String context) {
    return chain.then(
        Story.block(context, datalog, null, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
  }

  private static Chain third(Chain chain, String datalog) {
    return Story.third(chain, Cast.BOSS, datalog, Statements.APPROVAL);
  }

  static JsonNode file() {
    EscalationCases all = new EscalationCases();
    all.addApprovers();
    all.addScopes();
    all.addWindows();
    all.addSingleUse();
    all.addHandedOn();
    all.addJustifications();
    all.addAlternatives();
    all.addVerifiers();
    return all.cases.file();
  }

  private void single(String name, @Nullable String attack, Chain chain, ObjectNode expect) {
    new Decision(name, attack).call(chain, Cast.PLANNER, CALL, expect).addTo(cases);
  }

  private static ObjectNode refused(String code) {
    return denied(code, 0, PLANNER);
  }

  private void addApprovers() {
    single("approved", null, approved(), allowed());
    single("not approved", null, ifBoss(), refused("approval_required"));
    new Decision("what is not dormant needs no approval", null)
        .call(ifBoss(), Cast.PLANNER, Story.SEARCH, allowed())
        .addTo(cases);
    for (PrivateKey stranger : new PrivateKey[] {Cast.PLANNER, Cast.MALLORY}) {
      String who = stranger.equals(Cast.PLANNER) ? "the holder itself" : "a stranger";
      single(
          "approved by " + who,
          "self_approval",
          approve(ifBoss(), stranger),
          refused("approval_unknown_key"));
    }
    String fact = Statements.Approval.of(CALL).datalog();
    Chain unmarked = own(ifBoss(), fact, "a note");
    single(
        "approval under another context",
        "approval_forged",
        unmarked,
        refused("approval_required"));
    Chain one = approve(ifTwo(), Cast.BOSS);
    single("one of two", null, one, refused("approval_required"));
    single("two of two", null, approve(one, Cast.AUDITOR), allowed());
    Chain twice = approve(one, Cast.BOSS, Statements.Approval.of(CALL).anyArguments());
    single("one key twice", "approver_counted_twice", twice, refused("approval_required"));
    Chain then = approve(one, Cast.MALLORY);
    single("one of two, and a stranger", "self_approval", then, refused("approval_unknown_key"));
    single(
        "refused",
        "refusal_ignored",
        refuse(ifBoss(), Cast.BOSS, CALL),
        refused("approval_refused"));
    Chain undone = refuse(approved(), Cast.BOSS, CALL);
    single("approved, then refused", "refusal_ignored", undone, refused("approval_refused"));
    single("refused, then approved", null, approve(undone, Cast.BOSS), allowed());
    single("refused by somebody else", null, refuse(approved(), Cast.AUDITOR, CALL), allowed());
    single("another call refused", null, refuse(approved(), Cast.BOSS, OTHER), allowed());
  }

  private void addScopes() {
    Chain base = ifBoss();
    Chain other = approve(base, Cast.BOSS, Statements.Approval.of(OTHER));
    new Decision("other arguments approved", "approval_stretched")
        .call(other, Cast.PLANNER, CALL, refused("approval_mismatch"))
        .call(other, Cast.PLANNER, OTHER, allowed())
        .addTo(cases);
    Chain any = approve(base, Cast.BOSS, Statements.Approval.of(OTHER).anyArguments());
    single("any arguments approved", null, any, allowed());
    for (String request :
        List.of(
            CALL.replace("jira.delete", "jira.close"),
            CALL.replace("Q3/12", "Q3/13"),
            "{\"tool\":\"jira.delete\",\"args\":{\"limit\":1}}",
            CALL.replace("\"resource\"", "\"operation\":\"write\",\"resource\""))) {
      Statements.Approval approval = Statements.Approval.of(request).anyArguments();
      single(
          "another call approved: " + request,
          "approval_stretched",
          approve(base, Cast.BOSS, approval),
          refused("approval_mismatch"));
    }
    single(
        "approval at another service",
        "approval_at_another_audience",
        approve(base, Cast.BOSS, Statements.Approval.of(CALL).atServices("\"svc:wiki\"")),
        refused("approval_mismatch"));
    single(
        "approval for one call at another service",
        "approval_at_another_audience",
        approve(base, Cast.BOSS, Statements.Approval.of(CALL).once().atServices("\"svc:wiki\"")),
        refused("approval_mismatch"));
    single(
        "approval at several services",
        null,
        approve(
            base, Cast.BOSS, Statements.Approval.of(CALL).atServices("\"svc:jira\", \"svc:wiki\"")),
        allowed());
    single(
        "refused, then approved at another service",
        "refusal_ignored",
        approve(
            refuse(base, Cast.BOSS, CALL),
            Cast.BOSS,
            Statements.Approval.of(CALL).atServices("\"svc:wiki\"")),
        refused("approval_refused"));
    String crm = "{\"tool\":\"crm.delete\"}";
    new Decision("approval of what is not granted", "approval_stretched")
        .call(
            approve(base, Cast.BOSS, Statements.Approval.of(crm)),
            Cast.PLANNER,
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
        approve(swapped, Cast.MALLORY),
        refused("approval_unknown_key"));
  }

  private void window(String name, Statements.Approval approval, @Nullable String code) {
    single(
        name,
        code == null ? null : "approval_out_of_window",
        approve(ifBoss(), Cast.BOSS, approval),
        code == null ? allowed() : refused(code));
  }

  private void addWindows() {
    Statements.Approval approval = Statements.Approval.of(CALL);
    window("approval that ends in a second", approval.between(-900, 1), null);
    window("approval that ended just now", approval.between(-900, 0), "approval_expired");
    window("approval that begins in 30 seconds", approval.between(30, 900), null);
    window(
        "approval that begins in 31 seconds", approval.between(31, 900), "approval_not_yet_valid");
    window("approval for one call within a day", approval.once().between(0, 86_400), null);
    window(
        "approval for one call within more than a day",
        approval.once().between(0, 86_401),
        "approval_too_long");
    window("lasting approval for more than a day", approval.between(0, 86_401), null);
  }

  private void addSingleUse() {
    Chain once = approve(ifBoss(), Cast.BOSS, Statements.Approval.of(CALL).once());
    Chain longer = Story.own(once, "check if true;");
    new Decision("approval for one call", "approval_reused")
        .call(once, Cast.PLANNER, CALL, allowed())
        .call(once, Cast.PLANNER, CALL, refused("approval_used"))
        .call(longer, Cast.PLANNER, CALL, refused("approval_used"))
        .addTo(cases);
    Chain both = approve(once, Cast.BOSS);
    new Decision("a lasting approval spends none for one call", null)
        .call(both, Cast.PLANNER, CALL, allowed())
        .call(once, Cast.PLANNER, CALL, allowed())
        .addTo(cases);
    new Decision("a call that needs none spends none", null)
        .call(once, Cast.PLANNER, Story.SEARCH, allowed())
        .call(once, Cast.PLANNER, CALL, allowed())
        .addTo(cases);
    Statements.Approval single = Statements.Approval.of(CALL).once();
    Chain twin = approve(once, Cast.BOSS, single.other());
    new Decision("of two approvals for one call the earliest is spent", "approval_reused")
        .call(twin, Cast.PLANNER, CALL, allowed())
        .call(once, Cast.PLANNER, CALL, refused("approval_used"))
        .call(approve(ifBoss(), Cast.BOSS, single.other()), Cast.PLANNER, CALL, allowed())
        .call(twin, Cast.PLANNER, CALL, refused("approval_used"))
        .addTo(cases);
    new Decision("an approval for one call that is left is spent next", "approval_reused")
        .call(twin, Cast.PLANNER, CALL, allowed())
        .call(twin, Cast.PLANNER, CALL, allowed())
        .call(twin, Cast.PLANNER, CALL, refused("approval_used"))
        .addTo(cases);
    Chain three =
        approve(
            approve(approve(ifTwo(), Cast.BOSS, single), Cast.AUDITOR, single),
            Cast.LAWYER,
            single);
    new Decision("as few approvals for one call are spent as will do", null)
        .call(three, Cast.PLANNER, CALL, allowed())
        .call(
            approve(approve(ifTwo(), Cast.BOSS, single.other()), Cast.LAWYER, single),
            Cast.PLANNER,
            CALL,
            allowed())
        .call(
            approve(approve(ifTwo(), Cast.AUDITOR, single), Cast.LAWYER, single.other()),
            Cast.PLANNER,
            CALL,
            refused("approval_used"))
        .addTo(cases);
    Chain beside =
        approve(approve(approve(ifTwo(), Cast.BOSS, single), Cast.BOSS), Cast.AUDITOR, single);
    new Decision("none is spent of a key that has a lasting approval", null)
        .call(beside, Cast.PLANNER, CALL, allowed())
        .call(
            approve(approve(ifTwo(), Cast.BOSS, single), Cast.AUDITOR, single.other()),
            Cast.PLANNER,
            CALL,
            allowed())
        .addTo(cases);
    String mallory = DELETE + " if approved by " + Cast.MALLORY.publicKey();
    Chain own =
        Story.granted(DELETE)
            .then(Story.block(null, "", mallory, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    Chain ownApproved = approve(own, Cast.MALLORY, single);
    new Decision("what only the holder asks for is not claimed", null)
        .call(ownApproved, Cast.PLANNER, CALL, allowed())
        .call(ownApproved, Cast.PLANNER, CALL, allowed())
        .addTo(cases);
    Chain besideBoss =
        approve(
            approve(
                ifBoss()
                    .then(
                        Story.block(null, "", mallory, null),
                        Cast.PLANNER,
                        Cast.PLANNER.publicKey(),
                        1),
                Cast.MALLORY,
                single.other()),
            Cast.BOSS,
            single);
    new Decision("what others ask for is claimed, whatever the holder adds", "approval_reused")
        .call(besideBoss, Cast.PLANNER, CALL, allowed())
        .call(besideBoss, Cast.PLANNER, CALL, refused("approval_used"))
        .call(once, Cast.PLANNER, CALL, refused("approval_used"))
        .addTo(cases);
    Chain two = approve(ifTwo(), Cast.BOSS, Statements.Approval.of(CALL).once());
    new Decision("too few for one call spend none", null)
        .call(two, Cast.PLANNER, CALL, refused("approval_required"))
        .call(approve(two, Cast.AUDITOR), Cast.PLANNER, CALL, allowed())
        .addTo(cases);
  }

  private void addHandedOn() {
    Chain handed =
        approved().then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    new Decision("approval for an earlier holder", "approval_handed_on")
        .call(handed, Cast.RESEARCHER, CALL, refused("approval_for_earlier_holder"))
        .addTo(cases);
    Chain justified =
        justify(ifJustified(), "jira.*", 0, 900)
            .then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    new Decision("justification by an earlier holder", "justification_handed_on")
        .call(justified, Cast.RESEARCHER, CALL, refused("justification_by_earlier_holder"))
        .addTo(cases);
    RotationCases.addEscalation(
        cases,
        justify(ifJustified(), "jira.*", 0, 900),
        CALL,
        refused("justification_by_earlier_holder"));
    new Decision("sealed token with an approval", "approval_handed_on")
        .with("sealed", true)
        .call(approved().sealed(Cast.PLANNER), null, CALL, refused("approval_required"))
        .addTo(cases);
    new Decision("approved call without its holder", "stolen_token")
        .call(approved().held(), null, CALL, denied("proof_required"))
        .call(handed.held(), null, CALL, denied("proof_required"))
        .addTo(cases);
    Chain own =
        ifBoss().then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    Chain again =
        own.third(
            Datalog.block(Statements.Approval.of(CALL).datalog()).withContext(Statements.APPROVAL),
            Cast.BOSS,
            Cast.RESEARCHER);
    new Decision("approval for the present holder", null)
        .call(again, Cast.RESEARCHER, CALL, allowed())
        .call(
            again,
            Cast.RESEARCHER,
            CALL.replace("ACME", "OTHER"),
            denied("out_of_scope", 0, PLANNER))
        .addTo(cases);
    Chain narrowed =
        again.then(
            Story.block(null, "", "jira.get", null),
            Cast.RESEARCHER,
            Cast.RESEARCHER.publicKey(),
            1);
    new Decision("approved, but narrowed", null)
        .call(narrowed, Cast.RESEARCHER, CALL, denied("out_of_scope", 3, RESEARCHER))
        .addTo(cases);
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
        "of two dormant grants, the one that misses the fewest decides",
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
      String name, @Nullable String attack, String policies, Chain chain, ObjectNode expect) {
    new Decision(name, attack)
        .with("policies", policies)
        .call(chain, Cast.PLANNER, CALL, expect)
        .addTo(cases);
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
    Chain approved = approve(plain, Cast.AUDITOR);
    verifiers("approved as a check requires", null, check, approved, allowed());
    verifiers("approved as a policy requires", null, policy, approved, allowed());
    verifiers(
        "approved by a stranger, not as a check requires",
        "self_approval",
        check,
        approve(plain, Cast.MALLORY),
        denied("approval_unknown_key"));
    verifiers(
        "approved as a grant requires, not as a check does", null, check, approved(), required);
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
        approve(ifBoss(), Cast.AUDITOR),
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
    Chain once = approve(plain, Cast.AUDITOR, Statements.Approval.of(CALL).once());
    new Decision("approval for one call, which a policy requires", "approval_reused")
        .with("policies", policy)
        .call(once, Cast.PLANNER, CALL, allowed())
        .call(once, Cast.PLANNER, CALL, denied("approval_used"))
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
        approve(both, Cast.BOSS),
        refused("justification_required"));
    Chain half = justify(both, "jira.*", 0, 900);
    single("justified, not approved", null, half, refused("approval_required"));
    new Decision("justified and approved", null)
        .call(approve(half, Cast.BOSS), Cast.PLANNER, CALL, allowed())
        .after(Duration.ofMinutes(15))
        .call(approve(half, Cast.BOSS), Cast.PLANNER, CALL, refused("justification_expired"))
        .addTo(cases);
  }
}
