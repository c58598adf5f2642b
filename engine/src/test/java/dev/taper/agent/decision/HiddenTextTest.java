package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that people read show hidden characters; what is signed stays as it is. */
class HiddenTextTest {
  private final Escalated e = new Escalated();

  @ParameterizedTest
  @ValueSource(ints = {0x9b, 0x202e, 0x2028, 0x2029, 0x200b, 0x2066, 0xe0041})
  void json_ofDecisionsAndRequests_escapesShownText(int point) {
    String hidden = Character.toString(point);
    ToolCall call = Escalated.call().text("note", "a" + hidden + "b");
    AgentToken token = e.ifBossApproves();
    String escape = String.format("\\u%04x", (int) hidden.charAt(0));

    CallDecision decision = e.story.decide(e.verifier, token, e.story.plannerKey, call);
    assertThat(decision.toOperatorJson()).doesNotContain(hidden).contains("a" + escape);

    String asked = token.requestApproval(call, Story.JIRA, "a duplicate").encode();
    assertThat(asked).doesNotContain(hidden).contains("a" + escape);
    assertThat(call.toJson()).contains(hidden);
    assertThat(ApprovalRequest.decode(asked).call().digest()).isEqualTo(call.digest());
  }

  /** Who puts them into a log gets no line of the token's or the caller's own. */
  @ParameterizedTest
  @ValueSource(ints = {'\n', '\r', 0x1b, 0x9b, 0x202e, 0x2028, 0xe0041})
  void explanations_ofRefusals_escapeShownText(int point) {
    String hidden = Character.toString(point);
    Story story = new Story();
    Hop hop =
        Hop.to(story.scraper)
            .grant(Grant.tools("jira.search").where(Constraint.arg("x").is("w" + hidden)))
            .check(Datalog.check("check if s(\"o" + hidden + "\")"));
    AgentToken token = story.atResearcher().delegate(story.researcherKey, hop, story.clock);
    ToolCall call = Story.search().text("x", "f" + hidden + "g");

    CallDecision decision = story.decide(story.verifier().build(), token, story.scraperKey, call);

    for (String text : List.of(decision.explanation(), decision.operatorExplanation())) {
      assertThat(text.replace("\n  ", "")).doesNotContain(hidden);
      assertThat(text)
          .contains("argument x is \"f\\", "check if s(\"o\\")
          .containsPattern("needed: x = \"?w\\\\");
    }
  }

  /** A name may hold an empty Braille pattern, with which it would look like another one. */
  @Test
  void explanations_ofNamesThatLookLikeOthers_showTheDifference() {
    Story story = new Story();
    Agent like = Agent.of("agent:planner\u2800", story.scraperKey.publicKey());
    AgentToken token =
        story
            .atResearcher()
            .delegate(story.researcherKey, Hop.to(like).grant("jira.search read"), story.clock);
    Verifier verifier = story.verifier().build();

    CallDecision allowed = story.decide(verifier, token, story.scraperKey, Story.search());
    CallDecision denied =
        story.decide(verifier, token, story.scraperKey, ToolCall.of("jira.delete"));

    assertThat(allowed.allowed()).isTrue();
    for (CallDecision decision : List.of(allowed, denied)) {
      for (String text : List.of(decision.explanation(), decision.operatorExplanation())) {
        assertThat(text).contains("agent:planner\\u{2800}").doesNotContain("\u2800");
      }
    }
  }
}
