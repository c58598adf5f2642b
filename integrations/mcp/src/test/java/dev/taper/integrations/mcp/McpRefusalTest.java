package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.AgentClient;
import dev.taper.agent.CallDecision;
import dev.taper.agent.Refusal;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.integrations.mcp.McpRefusal.Words;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model is told when its call was refused. */
class McpRefusalTest {
  private static final String KEY = "ed25519/" + "ab".repeat(32);

  private static Refusal decision(
      String code, Refusal.@Nullable Suggested suggestion, Refusal.@Nullable Missing missing) {
    return new Refusal(
        code, "no", "svc:jira", "jira.close", null, null, List.of(), suggestion, missing);
  }

  private static Refusal waitsFor(String... approvers) {
    return decision(
        "approval_required", null, new Refusal.Missing(List.of(), List.of(approvers), false));
  }

  private static String words(Words words, int status, @Nullable Refusal decision) {
    return words.of("close", new McpRefusal(status, "a_code", null, decision));
  }

  @Test
  void of_approvalMissing_saysByWhom() {
    Words words = Words.naming(key -> key.equals(KEY) ? "boss" : null);

    assertThat(words(words, 403, waitsFor(KEY, "user:eve@acme.com", "ed25519/" + "cd".repeat(32))))
        .isEqualTo(
            "The call of close was refused, and nothing was done (a_code). It needs an approval by"
                + " boss or user:eve@acme.com. Tell the user so, and do not call again before it is"
                + " given.");
    assertThat(words(words, 403, waitsFor()))
        .endsWith(
            " It needs an approval. Tell the user so, and do not call again before it is given.");
    assertThat(words.approvers(decision("approval_required", null, null))).isEmpty();
  }

  @Test
  void of_suggestion_saysWhomAndWhat() {
    Refusal refusal =
        decision(
            "out_of_scope", new Refusal.Suggested(KEY, "jira.close on " + KEY, List.of()), null);

    assertThat(words(Words.plain(), 403, refusal))
        .endsWith(
            " (a_code). Only a known key could allow it, by: jira.close on a known key. Do not call"
                + " again with the same arguments.");
  }

  @Test
  void of_statusAlone_saysWhetherToGoOn() {
    String same = " Do not call again with the same arguments.";
    assertThat(words(Words.plain(), 401, null))
        .endsWith(" The agent's credentials were not accepted: stop, and tell the user.");
    assertThat(words(Words.plain(), 503, null))
        .endsWith(" It cannot be decided now; the same call may be allowed later.");
    assertThat(words(Words.plain(), 403, null)).endsWith(same);
    assertThat(words(Words.plain(), 403, decision("out_of_scope", null, null))).endsWith(same);
  }

  @Test
  void what_detail_isOneSentenceThatCannotHide() {
    assertThat(Words.plain().what("a\nb", new McpRefusal(403, "c", "it\u202e is", null)))
        .isEqualTo("The call of a\\nb was refused, and nothing was done (c). it\\u{202e} is.");
    assertThat(Words.plain().what("a", new McpRefusal(403, "c", "it is.", null)))
        .endsWith("(c). it is.");
  }

  @Test
  void of_error_saysItsCodeAndMessage() {
    assertThat(
            Words.plain()
                .of("close", new TaperException(ErrorCode.INVALID_REQUEST, "the id is no text")))
        .isEqualTo(
            "The call of close was refused, and nothing was done (invalid_request). the id is no"
                + " text. Do not call again with the same arguments.");
  }

  @Test
  void of_denialOfThisProcess_saysWhatTheHolderIsTold() {
    World world = new World();
    SentMcp sent = SentMcp.of("tools/call", "{\"name\":\"close\",\"arguments\":{\"id\":\"7\"}}");
    ToolCall call = World.catalog().call(sent);
    AgentClient.Credentials credentials = world.agent.prove(sent, SentApprovals.NONE);
    CallDecision decision =
        world
            .verifier()
            .build()
            .decide(credentials.token(), call, credentials.proof(), credentials.approvals());

    String words =
        Words.naming(key -> key.equals(world.boss.publicKey().toString()) ? "the boss" : null)
            .of("close", (CallDecision.Denied) decision);

    assertThat(words)
        .contains("(approval_required)")
        .contains("It needs an approval by the boss. Tell the user so");
  }

  @Test
  void of_whatIsNoRefusal_isNone() {
    assertThat(McpRefusal.of(null)).isNull();
    assertThat(McpRefusal.of(Map.of("code", 7))).isNull();
    assertThat(
            McpRefusal.of(
                Map.<String, Object>of("code", "c", "status", "x", "detail", 1, "decision", "d")))
        .isEqualTo(new McpRefusal(0, "c", null, null));
  }
}
