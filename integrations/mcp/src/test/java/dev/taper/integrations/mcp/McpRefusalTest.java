package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.Refusal;
import dev.taper.agent.decision.CallDecision;
import dev.taper.integrations.mcp.McpRefusal.Words;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model is told when its call was refused. */
class McpRefusalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T13:59:01Z"), ZoneOffset.UTC);
  private static final String AGAIN =
      " The same signed call could still be made until 14:00:31 UTC by anyone who has it.";
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
    Words words = Words.naming(key -> key.equals(KEY) ? "boss" : null, CLOCK);

    assertThat(words(words, 403, waitsFor(KEY, "user:eve@acme.com", "ed25519/" + "cd".repeat(32))))
        .isEqualTo(
            "The call of close was refused (a_code): this answer did not carry it out."
                + AGAIN
                + " It needs an approval by boss or user:eve@acme.com. Tell the user so, and do not call again before it is"
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

    assertThat(words(Words.plain(CLOCK), 403, refusal))
        .endsWith(
            " UTC by anyone who has it. Only a known key could allow it, by: jira.close on a known key. Do not call"
                + " again with the same arguments.");
  }

  @Test
  void of_statusAlone_saysWhetherToGoOn() {
    String same = " Do not call again with the same arguments.";
    assertThat(words(Words.plain(CLOCK), 401, null))
        .endsWith(" The agent's credentials were not accepted: stop, and tell the user.");
    assertThat(words(Words.plain(CLOCK), 503, null))
        .isEqualTo(
            "The call of close failed (a_code), and it is not known whether it was carried out."
                + " Find out whether it was carried out before you call again.");
    assertThat(words(Words.plain(CLOCK), 403, null)).endsWith(same);
    assertThat(words(Words.plain(CLOCK), 403, decision("out_of_scope", null, null))).endsWith(same);
  }

  @Test
  void what_detail_isOneSentenceThatCannotHide() {
    assertThat(Words.plain(CLOCK).what("a\nb", new McpRefusal(403, "c", "it\u202e is", null)))
        .isEqualTo(
            "The call of a\\nb was refused (c): this answer did not carry it out. it\\u{202e} is."
                + AGAIN);
    assertThat(Words.plain(CLOCK).what("a", new McpRefusal(403, "c", "it is.", null)))
        .endsWith("carry it out. it is." + AGAIN);
  }

  @Test
  void of_error_saysItsCodeAndMessage() {
    assertThat(
            Words.plain(CLOCK)
                .of("close", new TaperException(ErrorCode.INVALID_REQUEST, "the id is no text")))
        .isEqualTo(
            "The call of close was refused and not made (invalid_request). the id is no"
                + " text. Do not call again with the same arguments.");
  }

  @Test
  void of_denialOfThisProcess_saysWhatTheHolderIsTold() {
    World world = new World();
    SentMcp sent = SentMcp.of("tools/call", "{\"name\":\"close\",\"arguments\":{\"id\":\"7\"}}");
    ToolCall call = World.catalog().call(sent);
    Credentials credentials = world.agent.prove(sent, SentApprovals.NONE);
    CallDecision decision = world.verifier().build().decide(credentials, call);

    String words =
        Words.naming(
                key -> key.equals(world.boss.publicKey().toString()) ? "the boss" : null, CLOCK)
            .of("close", (CallDecision.Denied) decision);

    assertThat(words)
        .contains("(approval_required)")
        .contains("It needs an approval by the boss. Tell the user so");
  }

  /** What is not known, nobody says: a model that reads "not done" does it again. */
  @Test
  void what_mayHaveBeenCarriedOut_isNotSaidToBeRefused() {
    for (McpRefusal one :
        List.of(
            new McpRefusal(503, "audit_unavailable", null, null),
            new McpRefusal(0, "odd", null, null),
            new McpRefusal(399, "odd", null, null),
            new McpRefusal(500, "odd", null, null),
            new McpRefusal(401, "proof_replayed", null, null))) {
      assertThat(Words.plain(CLOCK).of("close", one))
          .contains("it is not known whether it was carried out")
          .endsWith("Find out whether it was carried out before you call again.")
          .doesNotContain("refused");
    }
    for (int known : new int[] {400, 499}) {
      assertThat(Words.plain(CLOCK).of("close", new McpRefusal(known, "odd", null, null)))
          .contains("this answer did not carry it out");
    }
    assertThat(Words.plain(CLOCK).of("close", new McpRefusal(401, "proof_expired", null, null)))
        .contains("this answer did not carry it out")
        .doesNotContain("could still be made");
  }

  @Test
  void unconfirmed_text_isNotSaidToBeRefused() {
    Words words = Words.plain(CLOCK);
    String head = "The call of close failed, and it is not known whether it was carried out.";
    assertThat(words.unconfirmed("close", new McpRefusal(403, "out_of_scope", "no", null)))
        .isEqualTo(
            head
                + " The answer reads as a refusal (out_of_scope), but it may be the tool's own"
                + " text. no. Find out whether it was carried out before you call again.");
    assertThat(words.unconfirmed("close", new McpRefusal(403, "a", null, waitsFor())))
        .startsWith(head)
        .endsWith(" It needs an approval. Tell the user so.");
    assertThat(words.unconfirmed("close", new McpRefusal(401, "revoked", null, null)))
        .startsWith(head)
        .endsWith(" Stop, and tell the user.");
  }

  @Test
  void in_memberOfOurs_isARefusal_andNothingElse() {
    Map<String, Object> refusal = Map.of("status", 403, "code", "out_of_scope");
    assertThat(McpRefusal.in(Map.of(McpMeta.REFUSAL, refusal)))
        .isEqualTo(new McpRefusal(403, "out_of_scope", null, null));
    assertThat(McpRefusal.in(refusal)).isNull();
    assertThat(McpRefusal.in(Map.of("data", refusal))).isNull();
    assertThat(McpRefusal.in(null)).isNull();
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
