package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Statements.CALL;
import static dev.taper.testvectors.profile.Statements.justify;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a holder says itself. */
final class JustificationCases extends ActivationCases {
  static final long LAST_DATE = 253_402_300_799L;

  JustificationCases(Cases cases) {
    super(cases);
  }

  @Override
  void add() {
    addJustifications();
  }

  static Chain ifJustified() {
    return Story.granted(DELETE + " if justified within 15m");
  }

  /** A token with a justification that ends at a date. */
  static Chain justifiedUntil(long end) {
    return Statements.justifyUntil(ifJustified(), end);
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
    all.put("justification that ends in the year 10000", justifiedUntil(LAST_DATE + 1));
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

  private void justified(
      String name, String tools, long from, long until, @Nullable String attack, String code) {
    single(
        name,
        attack,
        justify(ifJustified(), tools, from, until),
        code.isEmpty() ? allowed() : refused(code));
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
