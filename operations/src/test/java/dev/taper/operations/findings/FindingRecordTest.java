package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.findings.Watched.Caller;
import dev.taper.operations.trail.OcsfEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a finding: a record, a line of OCSF, words that are safe to show. */
class FindingRecordTest {
  @TempDir Path folder;

  private final Watched service = new Watched();

  private Finding finding() {
    Caller agent = service.caller("agent:planner", "jira.search").handOn("agent:x", "jira.search");
    for (int i = 0; i < 8; i++) {
      agent.call("jira.delete" + i);
    }
    assertThat(service.codes()).hasSize(1);
    return service.found.get(0);
  }

  @Test
  void finding_namesAgentHopDelegatorTaskToolsAndWhatToDo() {
    Finding finding = finding();

    assertThat(finding.rule()).isEqualTo("repeated_denials");
    assertThat(finding.about()).isEqualTo("agent");
    assertThat(finding.subject()).isEqualTo("agent:x");
    assertThat(finding.hop().block()).isEqualTo(1);
    assertThat(finding.hop().grantor()).isEqualTo("agent:planner");
    assertThat(finding.delegator()).isEqualTo("user:alice@acme.com");
    assertThat(finding.task()).isEqualTo("T-4711");
    assertThat(finding.tools()).hasSize(5).last().isEqualTo("jira.delete7");
    assertThat(finding.counted()).containsEntry("denials", 8L).containsEntry("calls", 8L);
    assertThat(finding.time()).isEqualTo(service.clock.instant());
    assertThat(finding.isProven()).isTrue();
    assertThat(finding.response()).isEqualTo(Finding.Response.REPORT);
    assertThat(finding.advice())
        .isEqualTo(
            "look: taper audit trace LOG --token "
                + finding.token()
                + "; end: taper revoke holder "
                + finding.hop().holderKey()
                + " --revocations LIST");
  }

  @Test
  void response_isWhatTheRulesSay() {
    AbuseRules rules =
        Watched.standard()
            .response("repeated_denials", Finding.Response.ASK)
            .response("replays", Finding.Response.REVOKE);
    Watched answering = new Watched(rules, AbuseWatch.SUBJECTS);
    Caller agent = answering.caller("agent:planner", "jira.search");
    for (int i = 0; i < 8; i++) {
      agent.call("jira.delete" + i);
    }
    var call = Watched.read("jira.search");
    var proof = agent.prove(call);
    for (int i = 0; i < 6; i++) {
      agent.send(call, proof);
    }

    assertThat(answering.codes()).containsExactly("agent repeated_denials", "token replays");
    assertThat(answering.found)
        .extracting(Finding::response)
        .containsExactly(Finding.Response.ASK, Finding.Response.REPORT);
  }

  @Test
  void record_inALog_isReadBackAndExported() throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Path file = folder.resolve("audit.jsonl");
    Finding finding = finding();
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(file, service.clock), key).clock(service.clock).open()) {
      AbuseWatch.intoLogs(log, service.clock).accept(finding);
    }

    assertThat(
            AuditVerifier.trusting(List.of(key.publicKey())).verify(AuditSource.of(file)).intact())
        .isTrue();
    AuditRecord record =
        Files.readAllLines(file).stream()
            .map(AuditRecord::parse)
            .filter(one -> one.content().kind().text().equals("finding"))
            .findFirst()
            .orElseThrow();
    AuditEvent event = (AuditEvent) record.content();
    assertThat(event.token()).isEqualTo(finding.token());
    assertThat(event.delegator()).isEqualTo("user:alice@acme.com");
    assertThat(event.hops()).hasSize(2);
    String line = OcsfEvent.line(record, event, UnaryOperator.identity());
    assertThat(line)
        .startsWith("{\"activity_id\":1,")
        .contains("\"class_uid\":2004", "\"type_uid\":200401", "\"category_uid\":2")
        .contains("\"finding_info\":{\"uid\":\"" + record.hash() + "\"")
        .contains("\"title\":\"repeated_denials\"", "\"app_name\":\"agent:x\"")
        .contains("taper revoke holder " + finding.hop().holderKey());
  }
}
