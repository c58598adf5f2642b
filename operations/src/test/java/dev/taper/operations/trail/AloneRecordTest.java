package dev.taper.operations.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call whose proof was taken while the shared memory did not answer, for who reads the log. */
class AloneRecordTest {
  private static final String JIRA = "svc:jira";

  /** However long a busy disk takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-25T12:00:00Z"));
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);

  @Test
  void record_ofACallTakenAlone_saysSoInWordsAndExported() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(file, clock), root).clock(clock).patience(PATIENCE).open()) {
      Verifier verifier =
          Verifier.trusting(RootKeys.of(root.publicKey()))
              .callerStatesMeaning()
              .audience(JIRA)
              .clock(clock)
              .withoutRevocation()
              .replayMemory(
                  (use, share, now) -> {
                    throw new TaperException(ErrorCode.REPLAY_CACHE_UNAVAILABLE, "no");
                  })
              .deadline(PATIENCE)
              .proofsOfOneProcessWhileAway(Duration.ofMinutes(1), 1)
              .listener(log)
              .build();
      AgentToken token =
          Issuer.of(root)
              .clock(clock)
              .mint(
                  Delegation.by("user:alice@acme.com")
                      .to(Agent.of("agent:planner", holder.publicKey()))
                      .task("T-1")
                      .grant("jira.*")
                      .expiresIn(Duration.ofDays(1)));
      ToolCall call = ToolCall.of("jira.search").operation("read");
      String proof = token.prove(holder, call, JIRA, clock).encodeBase64();
      assertThat(verifier.decide(Credentials.of(token.encodeBase64(), proof), call).allowed())
          .isTrue();
    }

    AuditRecord record =
        Files.readAllLines(file).stream()
            .map(AuditRecord::parse)
            .filter(one -> one.content().kind().text().equals("allow"))
            .findFirst()
            .orElseThrow();
    AuditEvent event = (AuditEvent) record.content();
    assertThat(RecordWords.grounds(event, RecordWords::shortened))
        .contains(
            "the shared memory of proofs did not answer: another verifier may have taken the proof,"
                + " too");
    assertThat(OcsfEvent.line(record, event, UnaryOperator.identity())).contains("\"alone\":true");
  }
}
