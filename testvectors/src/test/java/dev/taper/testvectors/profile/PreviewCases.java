package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.Statements.CALL;
import static dev.taper.testvectors.profile.Story.SEARCH;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a service says that it would decide: without a proof, and using nothing up. */
final class PreviewCases {
  private static final String CATALOG =
      "{\"format\":\"taper/1 catalog\",\"audience\":\"svc:jira\",\"tools\":{"
          + "\"jira.search\":{\"operation\":\"read\",\"resource\":\"jira:project/ACME/{project}\","
          + "\"arguments\":{\"project\":{\"type\":\"string\",\"required\":true},"
          + "\"note\":{\"type\":\"any\",\"opaque\":true}}},"
          + "\"pay.transfer\":{\"operation\":\"write\",\"resource\":\"pay:account/{account}\","
          + "\"arguments\":{\"account\":{\"type\":\"string\",\"required\":true},"
          + "\"amount\":{\"type\":\"number\",\"unit\":\"EUR\"}}}}}";

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that a verifier says what it would decide about (docs/profile.md, section 11,"
              + " \"Asking\"), where preview is true: no proof is asked for, and nothing is used up."
              + " Between them calls are decided.");

  private PreviewCases() {}

  static JsonNode file() {
    PreviewCases all = new PreviewCases();
    all.addTokens();
    all.addScope();
    all.addMeaning();
    all.addApprovals();
    all.addBudgets();
    return all.cases.file();
  }

  private static Decision preview(String name) {
    return new Decision(name, null);
  }

  private static Chain paying(String budget) {
    return Story.stating(Story.STATED + budget + " check if budget_store(\"acme\");");
  }

  private void addTokens() {
    Chain planner = Story.planner();
    preview("a proof is not asked for, and not used")
        .preview(planner, SEARCH, allowed())
        .preview(planner, SEARCH, allowed())
        .call(planner, Cast.PLANNER, SEARCH, allowed())
        .preview(planner, SEARCH, allowed())
        .addTo(cases);
    Decision replayed = new Decision("a preview forgets no proof", "proof_replayed");
    String proof = replayed.proof(planner, Cast.PLANNER, SEARCH);
    replayed
        .call(planner.held(), proof, SEARCH, allowed())
        .preview(planner, SEARCH, allowed())
        .call(planner.held(), proof, SEARCH, denied("proof_replayed"))
        .addTo(cases);
    preview("a bearer token where none is taken")
        .preview(
            Story.bearer().bearer(Cast.THROW_AWAY),
            List.of(),
            SEARCH,
            denied("bearer_not_accepted"))
        .addTo(cases);
    preview("a sealed token where one is taken")
        .with("sealed", true)
        .preview(planner.sealed(Cast.PLANNER), List.of(), SEARCH, allowed())
        .addTo(cases);
    preview("a token of another root key")
        .with("roots", List.of(Decision.root(Cast.ROOT_P256.publicKey().toString(), null)))
        .preview(planner, SEARCH, denied("malformed_signature"))
        .preview(planner.held(), List.of("AAAA"), SEARCH, denied("malformed_approval"))
        .addTo(cases);
  }

  private void addScope() {
    Chain researcher = Story.researcher();
    preview("the hop to blame is named")
        .preview(researcher, SEARCH, allowed())
        .preview(researcher, SEARCH.replace("Q3", "Q4"), denied("out_of_scope", 1, RESEARCHER))
        .addTo(cases);
    preview("the verifier's policies are asked")
        .with("policies", "deny if tool(\"jira.search\"); allow if true;")
        .preview(researcher, SEARCH, denied("policy_denied"))
        .addTo(cases);
  }

  private void addMeaning() {
    Chain planner = Story.planner();
    preview("the catalog says what a call means")
        .with("catalog", CATALOG)
        .preview(planner, Sent.tool("jira.search", "{\"project\":\"Q3\"}"), allowed())
        .preview(planner, Sent.tool("jira.drop", "{}"), denied("unknown_tool"))
        .addTo(cases);
    Chain plain = Story.granted("jira.* where note = \"a\"");
    Sent deep = Sent.tool("jira.search", "{\"project\":\"Q3\",\"note\":{\"a\":[]}}");
    preview("an opaque argument that a grant constrains")
        .with("catalog", CATALOG)
        .preview(plain, deep, denied("out_of_scope", 0, PLANNER))
        .addTo(cases);
  }

  private void addApprovals() {
    Chain chain = ActivationCases.ifBoss();
    List<String> once = List.of(Said.of(chain, CALL).times(1).by(Cast.BOSS));
    preview("an approval is missing")
        .preview(chain, CALL, denied("approval_required", 0, PLANNER))
        .addTo(cases);
    new Decision("an approval for one call is not spent by a preview", "approval_reused")
        .with("countsApprovals", true)
        .preview(chain.held(), once, CALL, allowed())
        .preview(chain.held(), once, CALL, allowed())
        .call(chain, once, Cast.PLANNER, CALL, allowed())
        .preview(chain.held(), once, CALL, denied("approval_used", 0, PLANNER))
        .addTo(cases);
    byte[] bytes = Said.bytes(Cast.MALLORY, Said.of(chain, CALL).json());
    System.arraycopy(Cast.BOSS.publicKey().bytes(), 0, bytes, 2, 32);
    List<String> forged = List.of(Messages.base64(bytes));
    new Decision("a forged approval", "approval_forged")
        .preview(chain.held(), forged, CALL, denied("invalid_signature"))
        .addTo(cases);
  }

  private void addBudgets() {
    Chain one = paying("budget(\"a\", \"acme\", {\"*\"}, null, null, 1, null);");
    preview("a budget is looked at and not charged")
        .with("stores", List.of("acme"))
        .preview(one, SEARCH, allowed())
        .preview(one, SEARCH, allowed())
        .call(one, Cast.PLANNER, SEARCH, allowed())
        .preview(one, SEARCH, denied("budget_exhausted", 0, PLANNER))
        .addTo(cases);
    preview("a verifier that does not count a budget")
        .preview(one, SEARCH, denied("budget_unavailable", 0, PLANNER))
        .addTo(cases);
    Chain euros = paying("budget(\"trip\", \"acme\", {\"*\"}, \"amount\", \"EUR\", 500000, null);");
    preview("an amount that cannot be counted, and one that is too much")
        .with("stores", List.of("acme"))
        .with("catalog", CATALOG)
        .preview(euros, pay(""), denied("budget_amount", 0, PLANNER))
        .preview(euros, pay(",\"amount\":0.5"), allowed())
        .preview(euros, pay(",\"amount\":0.6"), denied("budget_exhausted", 0, PLANNER))
        .addTo(cases);
  }

  private static Sent pay(String more) {
    return Sent.tool("pay.transfer", "{\"account\":\"7\"" + more + "}");
  }
}
