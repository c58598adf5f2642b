package dev.taper.agent.decision;

import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is suggested to ask for. */
class SuggestionTest {
  private final Story story = new Story();

  private Suggestion suggestion(Constraint granted, ToolCall call) {
    AgentToken token =
        story.issuer.mint(
            Bare.of(story.delegation())
                .grant(Grant.tools("jira.list").where(granted))
                .expiresIn(Duration.ofMinutes(60)));
    CallDecision decision = story.decide(story.verifier().build(), token, story.plannerKey, call);
    return Objects.requireNonNull(denied(decision).suggestion());
  }

  @Test
  void of_argumentThatDoesNotFit_asksForItsValueWhateverItsType() {
    Grant tool = Grant.tools("jira.list");

    Suggestion flag =
        suggestion(
            Constraint.arg("closed").is(false), ToolCall.of("jira.list").arg("closed", true));
    assertThat(flag.grant()).isEqualTo(tool.where(Constraint.arg("closed").is(true)));
    Suggestion number =
        suggestion(Constraint.arg("limit").is(5), ToolCall.of("jira.list").arg("limit", 6));
    assertThat(number.grant()).isEqualTo(tool.where(Constraint.arg("limit").is(6)));
    Suggestion text =
        suggestion(Constraint.arg("by").is("a"), ToolCall.of("jira.list").arg("by", "b"));
    assertThat(text.grant()).isEqualTo(tool.where(Constraint.arg("by").is("b")));

    assertThat(List.of(flag, number, text))
        .allSatisfy(one -> assertThat(one.unnamed()).isEmpty())
        .allSatisfy(one -> assertThat(one).hasToString("Suggestion(user:alice@acme.com)"));
  }

  @Test
  void of_argumentThatNoGrantCanName_saysWhich() {
    Suggestion list =
        suggestion(Constraint.arg("by").is("a"), ToolCall.of("jira.list").argJson("by", "[1]"));

    assertThat(list.grant()).isEqualTo(Grant.tools("jira.list"));
    assertThat(list.unnamed()).containsExactly("by");
  }

  @Test
  void toString_whoMayGrantItNeedsSomethingFirst_saysWhat() {
    MissingActivation missing = new MissingActivation(null, null, List.of(), List.of());

    assertThat(new Suggestion("agent:planner", Grant.anyTool(), List.of(), missing))
        .hasToString("Suggestion(agent:planner, " + missing + ")");
  }
}
