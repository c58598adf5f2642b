package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.server.keeper.KeeperRequest.Provable;
import dev.taper.server.keeper.KeeperRequest.ProvableHttp;
import dev.taper.server.keeper.KeeperRequest.ProvableMcp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person is asked before a call is proved. */
class ProvableTextTest {
  private static final String JSON = "application/json";

  private static Question question(Provable asked) {
    return Question.of("k", ProvableText.of("prove a call", asked, SentApprovals.NONE));
  }

  private static Question call(String params) {
    return question(new ProvableMcp(SentMcp.of("tools/call", params), "{}"));
  }

  private static SentHttp sent(@Nullable String type, byte[] content) {
    return SentHttp.of("POST", "https://s.example", "/pay").ownContent(type, content);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Who takes what is not shown by its digest takes this content, and no other. */
  @Test
  void accepted_contentThatIsNotShown_isBoundByTheDigest() {
    byte[] zipped = bytes("one");
    List<SentHttp> all = new ArrayList<>();
    for (byte last : new byte[] {1, 2}) {
      byte[] other = zipped.clone();
      other[2] = last;
      all.add(sent("application/octet-stream", new byte[] {(byte) 0xff, last}));
      all.add(sent(JSON, other).contentEncoding("gzip"));
      byte[] digest = new byte[32];
      digest[31] = last;
      all.add(SentHttp.of("POST", "https://s.example", "/pay").unseenContent(JSON, digest));
    }
    Set<String> accepted = new HashSet<>();
    for (SentHttp one : all) {
      assertThat(accepted.add(String.valueOf(question(new ProvableHttp(one)).accepted())))
          .as("another digest for " + one.contentType() + one.contentEncoding())
          .isTrue();
    }
    assertThat(accepted).doesNotContain("null");
  }

  @Test
  void accepted_otherApprovals_haveAnotherDigest() {
    SentCall sent = sent("application/octet-stream", new byte[] {(byte) 0xff});
    Set<String> digests = new HashSet<>();
    for (String approval : List.of("AAAA", "AAAB")) {
      digests.add(
          ProvableText.of(
                  "prove", new ProvableHttp((SentHttp) sent), SentApprovals.of(Set.of(approval)))
              .digest());
    }
    assertThat(digests).hasSize(2);
  }

  @Test
  void lines_contentInNoEncoding_isShown() {
    for (String none : List.of("identity", "Identity")) {
      Question asked =
          question(
              new ProvableHttp(sent(JSON, bytes("{\"to\":\"mallory\"}")).contentEncoding(none)));
      assertThat(asked.lines()).contains("  content     \"to\": \"mallory\"");
      assertThat(asked.accepted()).isNull();
    }
  }

  /** An argument has any name, also one under which something beside it would be shown. */
  @Test
  void lines_argumentNamedLikeWhatStandsBesideIt_showsBoth() {
    Question asked =
        call("{\"name\":\"pay\",\"arguments\":{\"params to\":\"attacker\"},\"to\":\"alice\"}");

    assertThat(asked.lines())
        .contains("  argument    \"params to\": \"attacker\"", "  params      \"to\": \"alice\"");
    assertThat(asked.toString())
        .isNotEqualTo(
            call("{\"name\":\"pay\",\"arguments\":{\"params to\":\"bob\"},\"to\":\"alice\"}")
                .toString());
  }

  /** The type of the content is free text: it is under no label of what is in the content. */
  @Test
  void lines_typeThatImitatesAMember_isNone() {
    assertThat(question(new ProvableHttp(sent("\"to\": \"alice\"", bytes("{\"to\":1}")))).lines())
        .contains("  type        \"to\": \"alice\"", "  content     \"to\": 1");
  }

  /** Otherwise it pushes out of sight what it is the reason for. */
  @Test
  void lines_reasonOfTheAgent_standsBehindAllElse() {
    SentHttp sent = sent(JSON, bytes("{\"to\":\"mallory\",\"zz\":\"" + "x".repeat(200) + "\"}"));
    String reason = "please approve 5 EUR to alice. ";

    List<String> lines =
        Question.of("k", ProvableText.ofAsk("ask for the approval", sent, reason)).lines();

    assertThat(lines.get(lines.size() - 1))
        .isEqualTo("  text        \"reason\": \"" + reason + '"');
    assertThat(lines.get(1)).isEqualTo("  to          ask for the approval");
    assertThat(Question.of("k", ProvableText.ofAsk("ask", sent, reason.repeat(70))).accepted())
        .isNotNull();
  }

  @Test
  void accepted_moreShortArgumentsThanAScreenHasLines_isByDigest() {
    StringBuilder params =
        new StringBuilder("{\"name\":\"pay\",\"arguments\":{\"to\":\"attacker\"");
    for (int i = 0; i < 29; i++) {
      params.append(",\"u").append(i).append("\":1");
    }
    assertThat(call(params + "}}").accepted()).as("32 rows").isNull();
    assertThat(call(params + ",\"v\":1}}").accepted()).as("33 rows").isNotNull();
  }
}
