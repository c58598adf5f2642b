package dev.taper.agent.decision;

import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.Refusal;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Grant;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What stands where in a decision as JSON. */
class DecisionJsonTest {
  private static final String BEGINNING =
      "{\"format\":\"taper/1 decision\",\"version\":2,\"view\":";
  private static final String TOOL =
      "\"audience\":\"svc:jira\",\"call\":{\"tool\":\"jira.delete\"}";
  private static final ToolCall DELETE = ToolCall.of("jira.delete");
  private static final ToolCatalog CATALOG =
      ToolCatalog.of(Story.JIRA)
          .tool(CatalogTool.of("jira.list").operation("list").resource("jira:project/ACME/Q3"))
          .build();

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final AgentToken token = story.atPlanner();
  private final String chain =
      "\"delegator\":\"user:alice@acme.com\",\"task\":\"T-4711\",\"hops\":[{\"block\":0,"
          + "\"mode\":\"authority\",\"granted_by\":\"user:alice@acme.com\","
          + "\"holder\":\"agent:planner\",\"key\":\""
          + story.planner.key()
          + "\",\"grants\":\""
          + token.chain().hops().get(0).words()
          + "\"}]";

  private static PolicySet parts(String... codes) {
    List<PolicySet.Part> parts = new ArrayList<>();
    for (String code : codes) {
      parts.add(new PolicySet.Part("part" + parts.size(), Datalog.authorizer(code)));
    }
    return PolicySet.of(parts);
  }

  private CallDecision.Denied.Builder denial() {
    return CallDecision.Denied.of(DenialCode.OUT_OF_SCOPE, Story.JIRA, DELETE, token.chain())
        .because("not this", "not this, as of rule 7");
  }

  private MissingActivation missing(PublicKey... approvers) {
    List<Activation> activations = new ArrayList<>();
    for (PublicKey approver : approvers) {
      activations.addAll(Grant.anyTool().ifApproved(approver).activations());
    }
    return new MissingActivation(null, null, activations, List.of());
  }

  private static PublicKey[] keys(int count) {
    return Stream.generate(() -> PrivateKey.generate(Algorithm.ED25519).publicKey())
        .limit(count)
        .toArray(PublicKey[]::new);
  }

  @Test
  void json_allowedByAPartOfThePolicies_tellsTheOperatorWhichAndTheCatalog() {
    ToolCall call = CATALOG.call("jira.list", "{}");
    Verifier verifier =
        story
            .verifier()
            .catalog(CATALOG)
            .policies(parts("deny if false;", "allow if false; allow if tool(\"jira.list\");"))
            .build();

    CallDecision decision = story.decide(verifier, token, story.plannerKey, call);

    assertThat(decision.toOperatorJson())
        .isEqualTo(
            BEGINNING
                + "\"operator\",\"allowed\":true,\"audience\":\"svc:jira\",\"call\":"
                + call.toJson()
                + ",\"catalog\":\""
                + CATALOG.digest()
                + "\","
                + chain
                + ",\"policy\":{\"part\":\"part1\",\"index\":1,"
                + "\"text\":\"allow if tool(\\\"jira.list\\\")\"}}");
    assertThat(decision.toJson())
        .isEqualTo(
            BEGINNING
                + "\"caller\",\"allowed\":true,\"audience\":\"svc:jira\","
                + "\"call\":{\"tool\":\"jira.list\",\"operation\":\"list\","
                + "\"resource\":\"jira:project/ACME/Q3\"},"
                + chain
                + "}");
  }

  @Test
  void json_onlyObserved_tellsTheOperatorWhatItWouldBe() {
    CallDecision.Denied denied = denial().policy(decided("deny if true;").policy()).build();

    assertThat(CallDecision.Allowed.despite(denied).toOperatorJson())
        .isEqualTo(
            BEGINNING
                + "\"operator\",\"allowed\":true,\"audience\":\"svc:jira\",\"call\":"
                + DELETE.toJson()
                + ","
                + chain
                + ",\"observed_denial\":{\"code\":\"out_of_scope\","
                + "\"reason\":\"not this, as of rule 7\"},"
                + "\"policy\":{\"part\":\"part0\",\"index\":0,\"text\":\"deny if true\"}}");
  }

  private CallDecision decided(String policies) {
    Verifier verifier = story.verifier().policies(parts(policies)).build();
    return story.decide(verifier, token, story.plannerKey, Story.search());
  }

  @Test
  void json_deniedByAPolicy_tellsTheOperatorWhichBeforeTheReasons() {
    assertThat(decided("deny if true;").toOperatorJson())
        .contains(
            chain
                + ",\"policy\":{\"part\":\"part0\",\"index\":0,\"text\":\"deny if true\"},"
                + "\"reasons\":[{\"part\":\"part0\",")
        .endsWith("}]}");
  }

  /** All at once, which no call brings about. */
  @Test
  void json_allThatADenialMaySay_standsInItsPlace() {
    DelegationHop hop = token.chain().hops().get(0);
    MissingActivation missing = missing(story.researcher.key());
    String shown =
        "\"missing_activation\":{\"missing\":[\"approved by KEY\"],\"approvers\":[\"KEY\"]}"
            .replace("KEY", story.researcher.key().toString());
    Reason ofHop = Reason.of(hop, "check if false", "never", List.of("it is not", "nor was"));
    Reason ofPart = new Reason(null, "", "", List.of("nor here"), "part1");
    Suggestion suggestion =
        new Suggestion("user:alice", Grant.tools("jira.delete"), List.of("limit"), missing);

    CallDecision decision =
        denial()
            .reasons(List.of(ofHop, ofPart), List.of())
            .lastAllowed(hop, false)
            .suggestion(suggestion)
            .missing(missing)
            .build();

    assertThat(decision.toJson())
        .isEqualTo(
            BEGINNING
                + "\"caller\",\"allowed\":false,\"code\":\"out_of_scope\",\"reason\":\"not this\","
                + TOOL
                + ","
                + chain
                + ",\"reasons\":[{\"block\":0,\"added_by\":\"user:alice@acme.com\","
                + "\"check\":\"check if false\",\"details\":[\"it is not\",\"nor was\"]},"
                + "{\"part\":\"part1\",\"details\":[\"nor here\"]}],"
                + "\"last_allowed\":{\"block\":0,\"holder\":\"agent:planner\",\"kind\":\"held\"},"
                + "\"last_allowed_unknown\":true,"
                + "\"suggestion\":{\"whom\":\"user:alice\",\"grant\":\"jira.delete\","
                + "\"any_value_of\":[\"limit\"],"
                + shown
                + "},"
                + shown
                + "}");
  }

  @Test
  void json_leastThatADenialSays_hasNothingElse() {
    assertThat(denial().build().toJson())
        .isEqualTo(
            BEGINNING
                + "\"caller\",\"allowed\":false,\"code\":\"out_of_scope\",\"reason\":\"not this\","
                + TOOL
                + ","
                + chain
                + "}");
  }

  @Test
  void json_suggestionWhoseGrantNamesAllArguments_leavesNoneOpen() {
    CallDecision decision =
        story.decide(story.verifier().build(), token, story.plannerKey, DELETE.operation("delete"));

    assertThat(denied(decision).suggestion()).isNotNull();
    assertThat(decision.toJson()).contains("\"suggestion\":").doesNotContain("any_value_of");
  }

  @Test
  void json_moreApproversThanAreListed_saysHowManyMore() {
    CallDecision more = denial().missing(missing(keys(65))).build();
    CallDecision most = denial().missing(missing(keys(64))).build();

    assertThat(more.toJson()).contains("\"more_approvers\":1}");
    assertThat(most.toJson()).doesNotContain("more_approvers");
    assertThat(Objects.requireNonNull(Refusal.parse(more.toJson()).missing()).approvers())
        .hasSize(64);
    assertThat(Objects.requireNonNull(Refusal.parse(most.toJson()).missing()).approvers())
        .hasSize(64);
  }

  /** The words of one hop may be long; those of all hops together have a bound. */
  @Test
  void json_longWordsOfManyHops_areCutSoThatAllHaveRoom() {
    String[] resources = new String[40];
    for (int i = 0; i < resources.length; i++) {
      resources[i] = "jira:project/ACME/" + "q".repeat(100) + i;
    }
    Grant grant = Grant.tools("jira.search").resources(resources);
    AgentToken longest = token;
    for (int i = 0; i < 20; i++) {
      longest = longest.delegate(story.plannerKey, Hop.to(story.planner).grant(grant), story.clock);
    }

    CallDecision decision =
        CallDecision.Denied.of(DenialCode.OUT_OF_SCOPE, Story.JIRA, DELETE, longest.chain())
            .because("no")
            .build();

    List<Integer> lengths =
        Pattern.compile("\"grants\":\"([^\"]*)\"")
            .matcher(decision.toJson())
            .results()
            .map(MatchResult::group)
            .map(String::length)
            .toList();
    assertThat(lengths).hasSize(21);
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isBetween(60_000, 66_000);
  }
}
