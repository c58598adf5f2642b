package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditRecordTest {
  private final Trails trails = new Trails();

  private List<AuditContent> everyKind() {
    List<DecisionEvent> decisions = new ArrayList<>();
    var verifier = trails.verifier().listener(decisions::add).build();
    trails.call(verifier, Trails.search());
    trails.call(verifier, ToolCall.of("jira.delete"));
    List<AuditContent> all = new ArrayList<>();
    all.add(new AuditContent.LogStart(Trails.NOON, "0123456789abcdef".repeat(2)));
    all.add(new AuditContent.LogRecovery(Trails.NOON, 17, "ab".repeat(32)));
    all.add(AuditEvent.minted(trails.atPlanner, Trails.NOON));
    all.add(AuditEvent.delegated(trails.atResearcher, Trails.NOON));
    decisions.forEach(event -> all.add(AuditEvent.decided(event)));
    all.add(
        AuditEvent.of(AuditKind.FINDING, Trails.NOON)
            .about(decisions.get(0).chain())
            .subject(AuditEvent.Subject.of("finding", "repeated_denials")));
    for (AuditKind kind : AuditKind.values()) {
      if (!kind.ofTheLog()) {
        all.add(
            AuditEvent.of(kind, Trails.NOON)
                .by("user:bob — \"quoted\" \\ \u0001 \u2028 \uD83D\uDE00")
                .task("T-ü")
                .about(trails.atResearcher)
                .call(new AuditEvent.Call(null, "mail.send", "send", null, null))
                .subject(
                    AuditEvent.Subject.of("approval", "ff00")
                        .until(Trails.NOON.plus(Duration.ofMinutes(5)))
                        .reason("because\nof \t this")
                        .decision("certified")));
      }
    }
    return all;
  }

  @Test
  void json_everyKind_isCanonicalAndReadBackTheSame() throws Exception {
    String previous = AuditRecord.NO_PREVIOUS;
    long sequence = 0;
    for (AuditContent content : everyKind()) {
      AuditRecord record = AuditRecord.of(sequence++, previous, content);

      assertThat(record.json()).isEqualTo(new JsonCanonicalizer(record.json()).getEncodedString());
      AuditRecord read = AuditRecord.parse(record.json());
      assertThat(read.content()).isEqualTo(content);
      assertThat(read.hash()).isEqualTo(record.hash());
      previous = record.hash();
    }
  }

  @Test
  void json_decision_holdsDigestsAndNoArgumentsTokensOrProofs() {
    List<DecisionEvent> decisions = new ArrayList<>();
    trails.call(trails.verifier().listener(decisions::add).build(), Trails.search());

    String json = AuditRecord.of(7, "ab".repeat(32), AuditEvent.decided(decisions.get(0))).json();

    assertThat(json)
        .contains(
            "\"delegator\":\"user:alice@acme.com\"",
            "\"task\":\"T-4711\"",
            "\"holder\":\"agent:researcher\"",
            "\"tool\":\"jira.search\"",
            "\"resource\":\"jira:project/ACME/Q3/12\"",
            "\"kind\":\"allow\"",
            "\"proof_key\":\"" + trails.researcherKey.publicKey() + "\"",
            "\"root_key\":\"" + trails.root.publicKey() + "\"")
        .doesNotContain("secret words");
    byte[] token = trails.atResearcher.encode();
    String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    for (int at = 0; at + 32 < base64.length(); at += 16) {
      assertThat(json).doesNotContain(base64.substring(at, at + 32));
    }
  }

  @Test
  void decided_blocksAlreadyDescribed_areNotDescribedAgain() {
    List<DecisionEvent> decisions = new ArrayList<>();
    trails.call(trails.verifier().listener(decisions::add).build(), Trails.search());

    AuditEvent event = AuditEvent.decided(decisions.get(0), digest -> false);

    assertThat(event.hops()).allSatisfy(hop -> assertThat(hop.granted()).isNull());
    assertThat(event.purpose()).isNull();
    assertThat(event.hops().get(1).digest()).isEqualTo(event.token());
  }

  @Test
  void minted_tokenOfADelegatedOne_namesTheTokenItCameFrom() {
    AuditEvent minted = AuditEvent.minted(trails.atPlanner, Trails.NOON);
    AuditEvent delegated = AuditEvent.delegated(trails.atResearcher, Trails.NOON);

    assertThat(delegated.hops().get(0).digest()).isEqualTo(minted.token());
    assertThat(delegated.by()).isEqualTo("agent:planner");
    assertThat(minted.purpose()).isEqualTo("triage \"Q3\" tickets — größer");
  }

  @Test
  void delegated_moreThanWasHad_isRecordedWithWhatIsLeft() {
    AgentToken had =
        Issuer.of(trails.root)
            .clock(Trails.CLOCK)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", trails.plannerKey.publicKey()))
                    .task("T-4711")
                    .grant("jira.get")
                    .expiresIn(Duration.ofMinutes(60)));
    AgentToken handedOn =
        had.delegate(
            trails.plannerKey,
            Hop.to(Agent.of("agent:researcher", trails.researcherKey.publicKey()))
                .grant("*")
                .expiresIn(Duration.ofDays(30)),
            Trails.CLOCK);

    AuditHop hop = AuditEvent.delegated(handedOn, Trails.NOON).hops().get(1);

    assertThat(hop.granted()).isEqualTo("jira.get, until 2026-11-24T13:00:00Z");
    assertThat(hop.until()).isEqualTo("2026-11-24T13:00:00Z");
  }

  @Test
  void sealed_token_isRecordedAsSealedByItsHolder() {
    AgentToken sealed = trails.atResearcher.seal(trails.researcherKey);

    AuditEvent event = AuditEvent.sealed(sealed, Trails.NOON);

    assertThat(event.kind()).isEqualTo(AuditKind.SEAL);
    assertThat(event.by()).isEqualTo("agent:researcher");
    assertThat(event.hops()).hasSize(2);
  }

  private static String record() {
    return AuditRecord.of(3, "ab".repeat(32), Trails.event("T-1")).json();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":1}",
        "no json",
        "{\"kind\":\"task_end\"}",
      })
  void parse_noRecord_isRefused(String json) {
    assertMalformed(json);
  }

  @Test
  void parse_anotherForm_isRefused() {
    assertThat(AuditRecord.parse(record()).sequence()).isEqualTo(3);
    assertMalformed(record() + " ");
    assertMalformed(" " + record());
    assertMalformed(record().replace(",\"prev\"", ", \"prev\""));
    assertMalformed(record().replace("\"v\":2", "\"v\":1"));
    assertMalformed(record().replace("\"seq\":3", "\"seq\":3.0"));
    assertMalformed(record().replace("\"seq\":3", "\"seq\":-3"));
    assertMalformed(record().replace("T-1", "\\u0054-1"));
    assertMalformed(record().replace("task_end", "TASK_END"));
    assertMalformed(record().replace("\"seq\":3", "\"seq\":3,\"seq\":3"));
    assertMalformed(record().replace("\"task\":", "\"tusk\":"));
    assertMalformed(record().replace(".250Z", ".25Z"));
    assertMalformed(record().replace("abab", "ABAB"));
    assertMalformed(record().replace("\"T-1\"", "true"));
    assertMalformed(record().replace("\"T-1\"", "[[[[[[[[\"T-1\"]]]]]]]]"));
    assertMalformed("{" + " ".repeat(AuditRecord.MAX_BYTES) + record().substring(1));
  }

  private static void assertMalformed(String json) {
    assertThatThrownBy(() -> AuditRecord.parse(json))
        .as(json.substring(0, Math.min(200, json.length())))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_AUDIT_RECORD));
  }

  @Test
  void event_halfASurrogatePair_isRefused() {
    assertThatThrownBy(() -> Trails.event("T-\uD83D"))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_AUDIT_RECORD));
  }

  @Test
  void subject_longReason_isCutBetweenCharacters() {
    String reason = "x".repeat(AuditEvent.Subject.MAX_REASON - 2) + "\uD83D\uDE00\uD83D\uDE00";

    String cut = AuditEvent.Subject.of("justification", "1").reason(reason).reason();

    assertThat(cut).endsWith("x…").hasSizeLessThanOrEqualTo(AuditEvent.Subject.MAX_REASON);
  }

  @Test
  void hash_isTheDigestOfATagAndTheJson() {
    AuditRecord record = AuditRecord.parse(record());
    byte[] tagged = ("\0TAPER\0AUDIT\0" + record.json()).getBytes(StandardCharsets.UTF_8);

    assertThat(record.hash())
        .isEqualTo(java.util.HexFormat.of().formatHex(dev.taper.crypto.Digests.sha256(tagged)));
  }

  /** No signature of the key over anything else is one of a checkpoint. */
  @Test
  void checkpoint_signature_isOfATagAndTheJsonWithoutIt() {
    AuditRecord.Head head = AuditRecord.parse(record()).head();
    AuditRecord good = AuditRecord.checkpoint(head, Trails.NOON, trails.auditKey);
    String signature = ((AuditContent.Checkpoint) good.content()).signature();
    String unsigned = good.json().replace("\"sig\":\"" + signature + "\",", "");

    assertThat(signs("\0TAPER\0CHECKPOINT\0" + unsigned, signature)).isTrue();
    for (String payload : List.of(unsigned, "\0TAPER\0AUDIT\0" + unsigned)) {
      byte[] other = trails.auditKey.sign(payload.getBytes(StandardCharsets.UTF_8));
      String untagged = Base64.getUrlEncoder().withoutPadding().encodeToString(other);
      assertThat(AuditRecord.parse(good.json().replace(signature, untagged)).signed()).isFalse();
    }
  }

  private boolean signs(String payload, String signature) {
    return trails
        .auditKey
        .publicKey()
        .verify(payload.getBytes(StandardCharsets.UTF_8), Base64.getUrlDecoder().decode(signature));
  }

  @Test
  void checkpoint_movedOrChanged_isNotSigned() {
    AuditRecord.Head head = AuditRecord.parse(record()).head();
    AuditRecord good = AuditRecord.checkpoint(head, Trails.NOON, trails.auditKey);
    AuditContent.Checkpoint content = (AuditContent.Checkpoint) good.content();

    assertThat(good.signed()).isTrue();
    assertThat(AuditRecord.parse(good.json()).signed()).isTrue();
    assertThat(AuditRecord.of(5, head.hash(), content).signed()).isFalse();
    assertThat(AuditRecord.of(4, "cd".repeat(32), content).signed()).isFalse();
    assertThat(
            AuditRecord.of(
                    4,
                    head.hash(),
                    new AuditContent.Checkpoint(
                        Trails.NOON.plusSeconds(1), content.key(), content.signature()))
                .signed())
        .isFalse();
  }

  /** Another spelling of a good signature would be another record with another hash. */
  @Test
  void checkpoint_signatureInAnotherSpelling_isNoRecord() {
    AuditRecord.Head head = AuditRecord.parse(record()).head();
    AuditRecord good = AuditRecord.checkpoint(head, Trails.NOON, trails.auditKey);
    String signature = ((AuditContent.Checkpoint) good.content()).signature();
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = signature.charAt(signature.length() - 1);
    String stray =
        signature.substring(0, signature.length() - 1) + digits.charAt(digits.indexOf(last) + 1);
    assertThat(Base64.getUrlDecoder().decode(stray))
        .isEqualTo(Base64.getUrlDecoder().decode(signature));

    for (String other : List.of(stray, signature + "==", "!no base64!", "", "A".repeat(4100))) {
      String json = good.json().replace(signature, other);
      assertThatThrownBy(() -> AuditRecord.parse(json))
          .as(other)
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_AUDIT_RECORD));
    }
  }

  @Test
  void kinds_ofCalls_areTwo() {
    assertThat(AuditKind.values())
        .filteredOn(AuditKind::ofACall)
        .containsExactly(AuditKind.ALLOW, AuditKind.DENY);
  }
}
