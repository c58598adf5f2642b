package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision.Decider;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.token.Token;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How far each member of a record may go: a log's reader trusts no writer. */
class RecordLimitsTest {
  private static final String PREVIOUS = "a0".repeat(32);

  private final Trails trails = new Trails();
  private final AuditHop hop =
      new AuditHop(
          41,
          DelegationHop.Mode.AUTHORITY,
          "hop-by",
          "hop-holder",
          trails.plannerKey.publicKey(),
          "b1".repeat(32),
          "b2".repeat(16),
          Trails.NOON.plus(Duration.ofHours(1)),
          "hop-granted");

  /** A record that has every member, each with a value of its own. */
  private AuditRecord whole(Decider decider) {
    AuditBasis basis =
        new AuditBasis.Builder("b3".repeat(32), Token.Kind.HELD, trails.root.publicKey())
            .denied(DenialCode.OUT_OF_SCOPE, 42)
            .omitted(43L)
            .proof(trails.researcherKey.publicKey())
            .revocation(44L, 45L)
            .activations(List.of("basis-approval"), List.of("basis-reason"))
            .budgets(List.of("b4".repeat(32)))
            .catalog("b5".repeat(32))
            .observed(true)
            .decider(decider)
            .build();
    SortedMap<String, String> recorded = new TreeMap<>();
    recorded.put("call-argument", "call-value");
    AuditEvent event =
        new AuditEventBuilder(AuditKind.DENY, Trails.NOON)
            .by("event-by")
            .delegator("event-delegator")
            .task("event-task")
            .purpose("event-purpose")
            .token("b6".repeat(32))
            .hops(List.of(hop))
            .call(
                new AuditEvent.Call(
                    "call-audience",
                    "call-tool",
                    "call-operation",
                    "call-resource",
                    "b7".repeat(32),
                    recorded))
            .basis(basis)
            .subject(
                AuditEvent.Subject.of("subject-type", "subject-id")
                    .until(Trails.NOON.plus(Duration.ofHours(2)))
                    .reason("subject-reason")
                    .decision("subject-decision"))
            .build();
    return AuditRecord.of(40, PREVIOUS, event);
  }

  private final String json = whole(new Decider(true, 46, "basis-part", 47)).json();

  private void taken(String what, String with) {
    assertThat(json).containsOnlyOnce(what);
    String changed = json.replace(what, with);
    assertThat(AuditRecord.parse(changed).json()).isEqualTo(changed);
  }

  private void refused(String what, String with) {
    assertThat(json).containsOnlyOnce(what);
    malformed(json.replace(what, with));
  }

  private static void malformed(String record) {
    assertThatThrownBy(() -> AuditRecord.parse(record))
        .as(record)
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_AUDIT_RECORD));
  }

  @Test
  void parse_recordWithEveryMember_isReadBackTheSame() {
    for (Decider decider :
        List.of(
            new Decider(true, 46, "basis-part", 47),
            new Decider(false, 46, "basis-part", null),
            new Decider(false, 0, null, 0))) {
      AuditRecord record = whole(decider);

      assertThat(AuditRecord.parse(record.json()).content()).isEqualTo(record.content());
      assertThat(AuditRecord.parse(record.json())).isEqualTo(record).hasSameHashCodeAs(record);
    }
  }

  @Test
  void parse_names_areOfUpTo4096Characters() {
    for (String name :
        List.of(
            "hop-by",
            "hop-holder",
            "event-by",
            "event-delegator",
            "event-task",
            "call-audience",
            "call-tool",
            "call-operation",
            "call-resource",
            "call-argument",
            "basis-approval",
            "basis-reason",
            "basis-part",
            "subject-type",
            "subject-id",
            "subject-decision")) {
      taken(name, "x".repeat(Checked.MAX_TEXT));
      refused(name, "x".repeat(Checked.MAX_TEXT + 1));
      refused(name, "\uD83D");
      refused(name, "\uDE00x");
    }
  }

  @Test
  void parse_texts_areOfUpToTheirLength() {
    for (String text : List.of("hop-granted", "event-purpose", "subject-reason")) {
      taken(text, "x".repeat(2048));
      refused(text, "x".repeat(2049));
    }
    taken("call-value", "x".repeat(AuditEvent.Call.MAX_ARGUMENT));
    refused("call-value", "x".repeat(AuditEvent.Call.MAX_ARGUMENT + 1));
  }

  @Test
  void parse_digests_areOfSoManyHexDigits() {
    for (String digest : List.of("a0", "b1", "b3", "b4", "b5", "b6", "b7")) {
      digest(digest, 32);
    }
    digest("b2", 16);
  }

  private void digest(String digits, int bytes) {
    String before = digits.repeat(bytes);
    taken(before, "0f".repeat(bytes));
    for (String bad : List.of("f".repeat(2 * bytes - 1), "f".repeat(2 * bytes + 1), "")) {
      refused(before, bad);
      assertThatThrownBy(() -> AuditRecord.parse(json.replace(before, bad)))
          .hasMessageEndingWith("is not " + 2 * bytes + " hex digits in lower case");
    }
    for (char bad : new char[] {'g', 'A', 'F', '/', ':', '`', '\u0661'}) {
      refused(before, bad + "f".repeat(2 * bytes - 1));
      refused(before, "f".repeat(2 * bytes - 1) + bad);
    }
  }

  @Test
  void parse_numbers_areNaturalAndExact() {
    for (String number :
        List.of(
            "\"seq\":40", "\"omitted\":43", "\"revocation_seq\":44", "\"revocation_age_ms\":45")) {
      numbers(number, Checked.MAX_NUMBER);
    }
    for (String number :
        List.of("\"block\":41", "\"failing_hop\":42", "\"check\":46", "\"block\":47")) {
      numbers(number, Integer.MAX_VALUE);
      refused(number, number.substring(0, number.length() - 2) + (1L << 32));
      refused(number, number.substring(0, number.length() - 2) + "\"1\"");
    }
  }

  private void numbers(String member, long most) {
    String name = member.substring(0, member.length() - 2);
    taken(member, name + "0");
    taken(member, name + most);
    refused(member, name + (most + 1));
    refused(member, name + "-1");
    refused(member, name + "true");
  }

  @Test
  void parse_times_areOfYearsWithFourDigitsSince1970() {
    for (String time :
        List.of(
            "2026-11-24T12:00:00.250Z", "2026-11-24T13:00:00.250Z", "2026-11-24T14:00:00.250Z")) {
      taken(time, "1970-01-01T00:00:00Z");
      taken(time, "9999-12-31T23:59:59.999Z");
      refused(time, "1969-12-31T23:59:59.999Z");
      refused(time, "2026-02-30T12:00:00Z");
      refused(time, "noon");
    }
  }

  @Test
  void parse_keysAndConstants_areKnownOnes() {
    for (var key : List.of(trails.plannerKey, trails.researcherKey, trails.root)) {
      String text = key.publicKey().toString();
      refused(text, text.substring(text.indexOf('/') + 1));
      refused(text, text + "0");
      refused(text, text + "00");
      refused(text, text.replace('/', ':'));
      refused(text, "x" + text);
    }
    for (String constant : List.of("authority", "held", "observed", "out_of_scope", "deny")) {
      refused("\"" + constant + "\"", "\"" + constant + "s\"");
      refused("\"" + constant + "\"", "\"\"");
      refused("\"" + constant + "\"", "7");
    }
  }

  @Test
  void parse_missingOrUnknownMembers_isRefusedAtEveryLevel() {
    for (String needed :
        List.of(
            "\"tool\":\"call-tool\"",
            "\"policy\":\"" + "b3".repeat(32) + "\"",
            "\"id\":\"subject-id\"",
            "\"by\":\"hop-by\"",
            "\"check\":46",
            "\"seq\":40")) {
      String name = needed.substring(1, needed.indexOf('"', 1));
      refused(needed, needed.replace("\"" + name + "\"", "\"" + name + "s\""));
      String unknown = needed.replace("\"" + name + "\"", "\"" + name + "s\"");
      refused(needed, needed + "," + unknown);
      assertThatThrownBy(() -> AuditRecord.parse(json.replace(needed, needed + "," + unknown)))
          .hasMessage("the record has a member that is not known");
    }
    malformed(json + json);
    malformed("{\"" + json.substring(1));
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 40; i++) {
      many.append("\"a").append(i).append("\":\"\",");
    }
    malformed(many + json.substring(1));
  }

  @Test
  void recorded_arguments_areAtMost16() {
    SortedMap<String, String> recorded = new TreeMap<>();
    for (int i = 0; i < AuditEvent.Call.MAX_ARGUMENTS; i++) {
      recorded.put("a" + i, "1");
    }
    AuditEvent.Call most = new AuditEvent.Call(null, "t", null, null, null, recorded);
    assertThat(most.recorded()).hasSize(AuditEvent.Call.MAX_ARGUMENTS);
    assertThat(most.withAnyArguments().recorded()).isEmpty();
    recorded.put("b", "1");
    assertThatThrownBy(() -> new AuditEvent.Call(null, "t", null, null, null, recorded))
        .hasMessageContaining("more than 16 arguments");
  }

  @Test
  void ofTheLog_numbersOfFilesAndDroppedBytes_makeSense() {
    String log = "ab".repeat(16);
    assertThat(new AuditContent.LogStart(Trails.NOON, log, 1))
        .isEqualTo(new AuditContent.LogStart(Trails.NOON, log));
    assertThatThrownBy(() -> new AuditContent.LogStart(Trails.NOON, log, 0))
        .hasMessageContaining("less than 1");
    assertThat(new AuditContent.Checkpoint(Trails.NOON, trails.auditKey.publicKey(), 2, "").next())
        .isEqualTo(2);
    assertThatThrownBy(
            () -> new AuditContent.Checkpoint(Trails.NOON, trails.auditKey.publicKey(), 1, ""))
        .hasMessageContaining("less than 2");
    assertThatThrownBy(() -> new AuditContent.LogRecovery(Trails.NOON, -1, "ab".repeat(32)))
        .hasMessageContaining("dropped bytes");
    for (String bad : List.of("", "ab", "AB".repeat(16), "AB".repeat(32), "ab".repeat(33))) {
      assertThatThrownBy(() -> new AuditContent.LogStart(Trails.NOON, bad))
          .hasMessageContaining("the log's id");
      assertThatThrownBy(() -> new AuditContent.LogRecovery(Trails.NOON, 1, bad))
          .hasMessageContaining("the digest of what was dropped");
      assertThatThrownBy(() -> new AuditRecord.Head(1, bad))
          .hasMessageContaining("a record's hash");
    }
    for (AuditKind kind : List.of(AuditKind.OPEN, AuditKind.RECOVER, AuditKind.CHECKPOINT)) {
      assertThatThrownBy(() -> AuditEvent.of(kind, Trails.NOON))
          .hasMessageContaining("only a log itself");
    }
  }

  @Test
  void toString_ofARecordAndItsParts_saysWhatTheyAre() {
    AuditRecord record = whole(new Decider(true, 46, null, null));
    AuditEvent event = (AuditEvent) record.content();

    assertThat(record).hasToString("record 40 (deny)");
    assertThat(event).hasToString("2026-11-24T12:00:00.250Z deny event-task");
    assertThat(AuditEvent.of(AuditKind.MINT, Trails.NOON))
        .hasToString("2026-11-24T12:00:00.250Z mint");
    assertThat(event.basis())
        .hasToString("out_of_scope, only observed, by the policies " + "b3".repeat(32));
    assertThat(
            new AuditBasis.Builder("b3".repeat(32), Token.Kind.HELD, trails.root.publicKey())
                .build())
        .hasToString("allowed by the policies " + "b3".repeat(32));
    assertThat(hop).hasToString("block 41, authority by hop-by");
  }

  @Test
  void equals_recordThatDiffersInOneMember_isAnother() {
    AuditRecord record = AuditRecord.parse(json);
    for (String what : List.of("hop-by", "hop-granted", "basis-part", "call-tool", "subject-id")) {
      AuditRecord other = AuditRecord.parse(json.replace(what, "other"));

      assertThat(other).isNotEqualTo(record);
      assertThat(other.content()).isNotEqualTo(record.content());
    }
    assertThat(record).isNotEqualTo(json);
    assertThat(record.content()).isNotEqualTo(json);
    assertThat(hop).isNotEqualTo(json);
    assertThat(((AuditEvent) record.content()).basis()).isNotEqualTo(json);
  }

  @Test
  void of_largestRecord_isTakenAndNoLargerOne() {
    AuditRecord largest = ofLength(AuditRecord.Head.NONE, AuditRecord.MAX_BYTES);

    assertThat(largest.json()).hasSize(AuditRecord.MAX_BYTES);
    assertThat(AuditRecord.parse(largest.json())).isEqualTo(largest);
    assertThatThrownBy(() -> ofLength(AuditRecord.Head.NONE, AuditRecord.MAX_BYTES + 1))
        .hasMessageContaining("more than " + AuditRecord.MAX_BYTES + " bytes");
  }

  /** A record behind another, of so many bytes, which are more than 300. */
  static AuditRecord ofLength(AuditRecord.Head before, int bytes) {
    AuditHop filling =
        new AuditHop(
            0,
            DelegationHop.Mode.AUTHORITY,
            "b",
            null,
            new Trails().plannerKey.publicKey(),
            "ab".repeat(32),
            null,
            null,
            "x".repeat(AuditHop.MAX_GRANTED));
    int hops = (bytes - 300) / RecordWriter.hops(List.of(filling)).length();
    AuditRecord shorter = behind(before, Collections.nCopies(hops, filling), "");
    int missing = bytes - shorter.bytes().length;
    return behind(before, Collections.nCopies(hops, filling), "x".repeat(missing));
  }

  private static AuditRecord behind(AuditRecord.Head before, List<AuditHop> hops, String by) {
    return AuditRecord.of(
        before.sequence() + 1,
        before.hash(),
        new AuditEventBuilder(AuditKind.MINT, Trails.NOON).by(by).hops(hops).build());
  }
}
